"""Channels: what they say of themselves."""

from pydantic import Field

from notify.events.event import Event


class ChannelChanged(Event):
    """A channel says something else of itself, such as another title."""

    TYPE = "channel.changed"
    HEARD_ON = ("channel:NAME",)

    channel: str
    changed: tuple[str, ...] = Field(description="What is different, as in the API.")
    title: str
    category: str | None
