"""Broadcasts: a channel goes live, and is live no more."""

from pydantic import Field

from notify.events.event import Event, UtcTime


class ChannelLive(Event):
    """A channel is live.

    Told once for each broadcast: a publisher who comes back within the channel's grace time goes
    on with the one that there is.
    """

    TYPE = "channel.live"
    HEARD_ON = ("channel:NAME", "live")

    channel: str
    broadcast_id: str
    title: str
    category: str | None
    started_at: UtcTime


class ChannelOffline(Event):
    """A channel is live no more, or is not listed any more (then only on `live`)."""

    TYPE = "channel.offline"
    HEARD_ON = ("channel:NAME", "live")

    channel: str
    broadcast_id: str = Field(description="The broadcast that has ended.")
