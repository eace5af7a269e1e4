"""LiveViewers: who watches a channel at this moment, in figures. For those who run it."""

from collections.abc import Mapping
from typing import Protocol

from pydantic import Field

from accounts.api.model import ApiModel, UtcTime
from accounts.api.operation import USER, Call, operation
from accounts.api.resources.channel_problems import REFUSALS
from analytics.ports import Clock, FiguresAccess
from analytics.viewers.session import Session
from analytics.viewers.tally import SAMPLE_INTERVAL_S, ChannelTally


class LiveCounts(Protocol):
    """Knows the counts of what is on air."""

    @property
    def tallies(self) -> Mapping[str, ChannelTally[Session]]:
        """Return the counts by the channel's name."""
        ...


class LiveSampleView(ApiModel):
    """How many watched at a moment."""

    at: UtcTime
    viewers: int


class NamedCountView(ApiModel):
    """How many of the viewers have one thing in common."""

    name: str
    viewers: int


class LiveViewersView(ApiModel):
    """Who watches now."""

    at: UtcTime
    viewers: int
    renditions: tuple[NamedCountView, ...] = Field(
        description='The most watched first. "all": a player that takes what it likes, such as '
        "those of DASH."
    )
    players: tuple[NamedCountView, ...] = Field(description="The most used first.")
    samples: tuple[LiveSampleView, ...] = Field(
        description="The last ten minutes, one every five seconds, the oldest first."
    )


class LiveViewersResource:
    """Shows a channel's owner, its moderators and administrators how many watch."""

    def __init__(self, counts: LiveCounts, access: FiguresAccess, clock: Clock) -> None:
        self._counts = counts
        self._access = access
        self._clock = clock

    @operation(
        "GET",
        "/channels/{channel}/analytics/live",
        tag="analytics",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def get_live_viewers(self, call: Call, channel: str) -> LiveViewersView:
        """Show who watches a channel now; nobody does while it is off air."""
        place = await self._access.readable_channel(call, channel)
        at_ms = self._clock()
        tally = self._counts.tallies.get(place.name)
        if tally is None:
            return LiveViewersView(at=at_ms, viewers=0, renditions=(), players=(), samples=())
        interval_ms = SAMPLE_INTERVAL_S * 1000
        newest_ms = at_ms - at_ms % interval_ms
        oldest_ms = newest_ms - (len(tally.samples) - 1) * interval_ms
        return LiveViewersView(
            at=at_ms,
            viewers=tally.viewers,
            renditions=_named(tally.by_rendition),
            players=_named(tally.by_player),
            samples=tuple(
                LiveSampleView(at=oldest_ms + index * interval_ms, viewers=viewers)
                for index, viewers in enumerate(tally.samples)
            ),
        )


def _named(counts: Mapping[str, int]) -> tuple[NamedCountView, ...]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(NamedCountView(name=name, viewers=viewers) for name, viewers in ranked)
