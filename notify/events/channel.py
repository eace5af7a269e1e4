"""Channels: what they say of themselves, and how many watch."""

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


class ViewersCounted(Event):
    """Another number of people watch a channel than was told before.

    Told every few seconds at most. What is said when a page opens is in the API.
    """

    TYPE = "channel.viewers"
    HEARD_ON = ("channel:NAME",)
    IS_FACT = False

    channel: str
    viewers: int
