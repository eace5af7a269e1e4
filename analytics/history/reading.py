"""ViewerHistory: reads what roll-ups hold, for the API and its pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from accounts.storage import Cursor, Database, Page
from accounts.storage.cursor import page_of
from analytics.history.broadcast_rows import curves_of, figures_of
from analytics.history.bucket_rows import RANGES, bucket_of, summed
from analytics.history.comparison import EARLIER_MAX, BroadcastFigures, Earlier, mean_of
from analytics.history.figures import (
    BroadcastRecord,
    Bucket,
    ChannelViewers,
    Point,
    TitleAt,
    all_following,
)
from analytics.history.moments import Moment
from analytics.history.progress import computed_until_ms
from analytics.history.retention import RetentionPoint
from analytics.history.series import live_ms_of, mean_viewers, points_of
from analytics.history.step import Step, TimeRange
from analytics.ports import Audience, BroadcastPlace, BroadcastRecords

CURSOR_SHAPE: Final = (int, str)
TIMELINE_MINUTES_MAX: Final = 1_440
"""A longer broadcast is shown in hours, and a much longer one in days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastHistory:
    """All that is kept of one broadcast; `timeline` is in steps of `step_ms`."""

    figures: BroadcastFigures
    earlier: Earlier | None
    step_ms: int
    timeline: Sequence[Point]
    retention: Sequence[RetentionPoint]
    moments: Sequence[Moment]
    titles: Sequence[TitleAt]


class ViewerHistory:
    """Answers from rows that were made before: no question reads spells or messages."""

    def __init__(self, database: Database, records: BroadcastRecords, audience: Audience) -> None:
        self._database = database
        self._records = records
        self._audience = audience

    async def of_channel(self, channel_id: str, wanted: TimeRange) -> ChannelViewers:
        """Return a channel's viewers over a range. Raises BusyError."""
        from_ms, to_ms, step = wanted.from_ms, wanted.to_ms, wanted.step
        buckets = await self._buckets(channel_id, wanted)
        following = await self._audience.following(channel_id, from_ms, to_ms, step.ms)
        broadcasts = await self._records.of_channel(channel_id, from_ms, to_ms)
        totals = summed(from_ms, buckets)
        computed_ms = await computed_until_ms(self._database)
        until_ms = to_ms if computed_ms is None else min(to_ms, computed_ms)
        live_ms = sum(live_ms_of(broadcasts, from_ms, until_ms, to_ms - from_ms).values())
        return ChannelViewers(
            points=points_of(buckets, following, broadcasts, wanted, until_ms),
            totals=replace(totals, unique=await self._unique(channel_id, wanted, buckets)),
            mean=mean_viewers(totals, live_ms, to_ms - from_ms),
            followers=await self._audience.follower_count(channel_id),
            following=all_following(following.values()),
            titles=await self._titles(channel_id, wanted, broadcasts),
            broadcasts=broadcasts,
            computed_until_ms=computed_ms,
        )

    async def broadcasts_of(
        self, channel_id: str, cursor: Cursor | None, limit: int
    ) -> Page[BroadcastFigures]:
        """List a channel's broadcasts with their figures, the newest first."""
        records = await self._records.before(channel_id, cursor, limit)
        page = page_of(
            records, limit, lambda each: each, lambda each: (each.started_ms, each.broadcast_id)
        )
        return Page(tuple(await figures_of(self._database, page.items)), page.next)

    async def of_broadcast(self, place: BroadcastPlace) -> BroadcastHistory | None:
        """Return all that is kept of a broadcast; None if it was just deleted."""
        channel_id = place.channel.channel_id
        cursor = Cursor((place.started_ms + 1, ""))
        records = await self._records.before(channel_id, cursor, EARLIER_MAX + 1)
        if not records or records[0].broadcast_id != place.broadcast_id:
            return None
        figures = await figures_of(self._database, records[: EARLIER_MAX + 1])
        record = records[0]
        timeline, step = await self._timeline(record)
        retention, moments = await curves_of(self._database, place.broadcast_id)
        titles = await self._records.titles(channel_id, record.started_ms, record.over_ms + 1)
        return BroadcastHistory(
            figures=figures[0],
            earlier=mean_of(figures[1:]),
            step_ms=step.ms,
            timeline=timeline,
            retention=retention,
            moments=moments,
            titles=[each for each in titles if each.broadcast_id == place.broadcast_id],
        )

    async def _titles(
        self, channel_id: str, wanted: TimeRange, broadcasts: Sequence[BroadcastRecord]
    ) -> Sequence[TitleAt]:
        """Return titles; in steps of a day, the last that each broadcast had."""
        if wanted.step is Step.DAY:
            return [
                TitleAt(each.started_ms, each.broadcast_id, each.title, each.category)
                for each in broadcasts
            ]
        return await self._records.titles(channel_id, wanted.from_ms, wanted.to_ms)

    async def _buckets(self, channel_id: str, wanted: TimeRange) -> list[Bucket]:
        rows = await self._database.fetch(
            RANGES[wanted.step],
            channel=channel_id,
            from_ms=wanted.from_ms,
            until_ms=wanted.to_ms,
        )
        return [bucket_of(row) for row in rows]

    async def _unique(self, channel_id: str, wanted: TimeRange, buckets: Sequence[Bucket]) -> int:
        """Add up the days that the range reaches into; nobody counts twice in one of them."""
        if wanted.step is Step.DAY:
            return sum(each.unique for each in buckets)
        days = TimeRange.around(wanted.from_ms, wanted.to_ms, Step.DAY)
        by_day: Mapping[int, int] = {
            each.at_ms: each.unique for each in await self._buckets(channel_id, days)
        }
        watched = {each.at_ms - each.at_ms % Step.DAY.ms for each in buckets if each.unique}
        # A day is made anew every ten minutes only: this one may have had more by now.
        least = max((each.unique for each in buckets), default=0)
        return max(sum(by_day.get(day_ms, 0) for day_ms in watched), least)

    async def _timeline(self, record: BroadcastRecord) -> tuple[Sequence[Point], Step]:
        """Return it in minutes, or as finely as there is something of it."""
        over_ms = max(record.over_ms, record.started_ms + 1)
        length_ms = over_ms - record.started_ms
        computed_ms = await computed_until_ms(self._database) or over_ms
        for step in Step:
            wanted = TimeRange.around(record.started_ms, over_ms, step)
            if length_ms > TIMELINE_MINUTES_MAX * step.ms and step is not Step.DAY:
                continue
            buckets = await self._buckets(record.channel_id, wanted)
            if buckets:
                return points_of(buckets, {}, [record], wanted, computed_ms), step
        return (), Step.MINUTE
