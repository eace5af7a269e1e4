"""Publishers: what those who run a channel should know of its encoder."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from notify.events.event import Event, UtcTime


class PublisherWarned(Event):
    """Something was wrong with what is published. For those who run or moderate the channel.

    Told when it is seen, by the server that receives the media, and every ten seconds while it
    goes on; ten of a channel at once and six a minute at most. What holds is in
    `publisher.findings`.
    """

    TYPE = "publisher.warned"
    HEARD_ON = ("channel:NAME",)
    IS_FACT = False

    channel: str
    code: str = Field(description="Never changes.")
    text: str = Field(description="In a sentence for the streamer; may change.")


class PublisherFinding(BaseModel):
    """One thing that is good, or could be better, about what is published."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True
    )

    code: str = Field(description="Never changes.")
    severity: Literal["good", "advice", "warning", "problem"]
    title: str
    to_change: str | None = Field(description="What to change in the encoder; null for nothing.")
    measured: str | None
    expected: str | None
    since: UtcTime


class PublisherFindings(Event):
    """What is found in a channel's media has changed. For those who run or moderate the channel.

    Once a second at most. Numbers alone are no change: they are in the API.
    """

    TYPE = "publisher.findings"
    HEARD_ON = ("channel:NAME",)
    IS_FACT = False

    channel: str
    findings: tuple[PublisherFinding, ...] = Field(
        description="All that hold now, the worst first; none when the publisher has gone."
    )
