"""LiveViewers: who watches a channel at this moment, and what they do. For those who run it."""

from collections.abc import Mapping
from typing import Final, Protocol

from pydantic import Field

from accounts.api.model import ApiModel, UtcTime
from accounts.api.operation import USER, Call, operation
from accounts.api.resources.channel_problems import REFUSALS
from analytics.history.figures import BroadcastRecord, all_following
from analytics.history.step import Step
from analytics.ports import Audience, BroadcastRecords, Clock, FiguresAccess
from analytics.viewers.session import Session
from analytics.viewers.tally import SAMPLE_INTERVAL_S, ChannelTally

MESSAGES_S: Final = 60


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


class LiveBroadcastView(ApiModel):
    """The broadcast that is on, up to now."""

    id: str
    started_at: UtcTime
    followers_gained: int = Field(description="How many began to follow.")
    followers_lost: int = Field(description="How many stopped following.")


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
    messages: tuple[int, ...] = Field(
        description="Chat messages of the last minute, a number for each second, the oldest first; "
        "the last second is that of `at`. Empty while the channel is off air."
    )
    broadcast: LiveBroadcastView | None = Field(description="Null while the channel is off air.")


class LiveViewersResource:
    """Shows a channel's owner, its moderators and administrators how many watch."""

    def __init__(
        self,
        counts: LiveCounts,
        access: FiguresAccess,
        clock: Clock,
        *,
        records: BroadcastRecords,
        audience: Audience,
    ) -> None:
        self._counts = counts
        self._access = access
        self._clock = clock
        self._records = records
        self._audience = audience

    @operation(
        "GET",
        "/channels/{channel}/analytics/live",
        tag="analytics",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def get_live_viewers(self, call: Call, channel: str) -> LiveViewersView:
        """Show who watches a channel now, and what they write; nobody does while it is off air."""
        place = await self._access.readable_channel(call, channel)
        at_ms = self._clock()
        on_air = await self._on_air(place.channel_id)
        tally = self._counts.tallies.get(place.name)
        return LiveViewersView(
            at=at_ms,
            viewers=0 if tally is None else tally.viewers,
            renditions=() if tally is None else _named(tally.by_rendition),
            players=() if tally is None else _named(tally.by_player),
            samples=() if tally is None else _samples(tally, at_ms),
            messages=() if on_air is None else await self._messages(on_air, at_ms),
            broadcast=None if on_air is None else await self._broadcast(on_air, at_ms),
        )

    async def _on_air(self, channel_id: str) -> BroadcastRecord | None:
        newest = next(iter(await self._records.before(channel_id, None, 1)), None)
        return newest if newest is not None and newest.ended_ms is None else None

    async def _messages(self, on_air: BroadcastRecord, at_ms: int) -> tuple[int, ...]:
        since_ms = max(0, at_ms - MESSAGES_S * 1000 - on_air.started_ms)
        written = await self._audience.messages_by_second(on_air.broadcast_id, since_ms)
        last = at_ms // 1000
        return tuple(written.get(second, 0) for second in range(last - MESSAGES_S + 1, last + 1))

    async def _broadcast(self, on_air: BroadcastRecord, at_ms: int) -> LiveBroadcastView:
        following = all_following(
            (
                await self._audience.following(
                    on_air.channel_id, on_air.started_ms, at_ms + 1, Step.DAY.ms
                )
            ).values()
        )
        return LiveBroadcastView(
            id=on_air.broadcast_id,
            started_at=on_air.started_ms,
            followers_gained=following.gained,
            followers_lost=following.lost,
        )


def _samples(tally: ChannelTally[Session], at_ms: int) -> tuple[LiveSampleView, ...]:
    interval_ms = SAMPLE_INTERVAL_S * 1000
    newest_ms = at_ms - at_ms % interval_ms
    oldest_ms = newest_ms - (len(tally.samples) - 1) * interval_ms
    return tuple(
        LiveSampleView(at=oldest_ms + index * interval_ms, viewers=viewers)
        for index, viewers in enumerate(tally.samples)
    )


def _named(counts: Mapping[str, int]) -> tuple[NamedCountView, ...]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(NamedCountView(name=name, viewers=viewers) for name, viewers in ranked)
