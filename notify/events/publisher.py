"""Publishers: what those who run a channel should know of its encoder."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from notify.events.event import Event, UtcTime


class PublisherWarned(Event):
    """What is published could be better. For those who run or moderate the channel."""

    TYPE = "publisher.warned"
    HEARD_ON = ("channel:NAME",)
    IS_FACT = False

    channel: str
    code: str
    text: str


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
