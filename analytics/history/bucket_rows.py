"""Rows of minutes, hours and days: put in place by their differences, and read in ranges."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import BigInteger, Table, bindparam, delete, insert, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import PreparedRead
from analytics.history.figures import Bucket
from analytics.history.step import DAY_MS, Step
from analytics.history.tables import viewer_days, viewer_hours, viewer_minutes

TABLES: Final = {Step.MINUTE: viewer_minutes, Step.HOUR: viewer_hours, Step.DAY: viewer_days}
_FROM: Final = bindparam("from_ms", type_=BigInteger)
_UNTIL: Final = bindparam("until_ms", type_=BigInteger)


def _range_of(table: Table) -> PreparedRead:
    row = table.c
    return PreparedRead(
        select(
            row.at_ms,
            row.viewer_ms,
            row.peak,
            row.started,
            row.unique_viewers,
            row.messages,
            row.renditions,
        )
        .where(
            row.channel_id == bindparam("channel"),
            row.at_ms >= _FROM,
            row.at_ms < _UNTIL,
        )
        .order_by(row.at_ms)
    )


RANGES: Final[Mapping[Step, PreparedRead]] = {
    step: _range_of(table) for step, table in TABLES.items()
}
"""A channel's buckets within a time, in their order, for `bucket_of`."""

_ROLLED: Final = PreparedRead(
    select(viewer_minutes.c.channel_id)
    .where(viewer_minutes.c.at_ms >= _FROM, viewer_minutes.c.at_ms < _UNTIL)
    .distinct()
)
_hour_day: Final = (viewer_hours.c.at_ms // DAY_MS).label("day")
_DAYS_SINCE: Final = PreparedRead(
    union(
        select(viewer_hours.c.channel_id, _hour_day).where(viewer_hours.c.at_ms >= _FROM),
        select(viewer_days.c.channel_id, (viewer_days.c.at_ms // DAY_MS).label("day")).where(
            viewer_days.c.at_ms >= _FROM
        ),
    )
    .subquery()
    .select()
)


def bucket_of(row: Any) -> Bucket:
    """Make a Bucket of a row of RANGES."""
    return Bucket(
        at_ms=row.at_ms,
        viewer_ms=row.viewer_ms,
        peak=row.peak,
        started=row.started,
        unique=row.unique_viewers,
        messages=row.messages,
        renditions=row.renditions,
    )


async def rolled_channels(connection: AsyncConnection, from_ms: int, until_ms: int) -> set[str]:
    """Return the channels that have minutes within a time."""
    rows = await _ROLLED.within(connection, from_ms=from_ms, until_ms=until_ms)
    return {row.channel_id for row in rows}


async def days_since(connection: AsyncConnection, from_ms: int) -> list[tuple[str, int]]:
    """Return which days of which channels have hours since a moment, or had: (channel, ms)."""
    rows = await _DAYS_SINCE.within(connection, from_ms=from_ms - from_ms % DAY_MS)
    return sorted((row.channel_id, row.day * DAY_MS) for row in rows)


async def buckets_within(
    connection: AsyncConnection, step: Step, channel_id: str, from_ms: int, until_ms: int
) -> list[Bucket]:
    """Return a channel's buckets within a time, in their order."""
    rows = await RANGES[step].within(
        connection, channel=channel_id, from_ms=from_ms, until_ms=until_ms
    )
    return [bucket_of(row) for row in rows]


async def put_buckets(
    connection: AsyncConnection,
    step: Step,
    channel_id: str,
    before: Iterable[Bucket],
    now: Iterable[Bucket],
) -> int:
    """Change what is different from before; return how many rows that was."""
    table = TABLES[step]
    known = {each.at_ms: each for each in before}
    wanted = {each.at_ms: each for each in now}
    gone = [at_ms for at_ms, each in known.items() if wanted.get(at_ms) != each]
    new = [each for at_ms, each in wanted.items() if known.get(at_ms) != each]
    if gone:
        await connection.execute(
            delete(table).where(table.c.channel_id == channel_id, table.c.at_ms.in_(gone))
        )
    if new:
        await connection.execute(insert(table), [_values(channel_id, each) for each in new])
    return len(gone) + len(new)


def with_messages(
    watched: Iterable[Bucket], before: Iterable[Bucket], written: Mapping[int, int]
) -> list[Bucket]:
    """Add to minutes what was written in them.

    What is counted now can be less than it was: messages are deleted, and kept for a while only.
    That somebody wrote stays true, so that the most that was ever counted is kept.
    """
    found = {each.at_ms: each for each in watched}
    counts = dict(written)
    for each in before:
        counts[each.at_ms] = max(counts.get(each.at_ms, 0), each.messages)
    for at_ms, messages in counts.items():
        if messages:
            found[at_ms] = replace(found.get(at_ms, Bucket(at_ms=at_ms)), messages=messages)
    return [found[at_ms] for at_ms in sorted(found)]


def summed(at_ms: int, buckets: Sequence[Bucket]) -> Bucket:
    """Add buckets up, but viewers: who came back in another would count again."""
    renditions: dict[str, int] = {}
    for each in buckets:
        for name, watched_ms in each.renditions.items():
            renditions[name] = renditions.get(name, 0) + watched_ms
    return Bucket(
        at_ms=at_ms,
        viewer_ms=sum(each.viewer_ms for each in buckets),
        peak=max((each.peak for each in buckets), default=0),
        started=sum(each.started for each in buckets),
        messages=sum(each.messages for each in buckets),
        renditions=dict(sorted(renditions.items())),
    )


def _values(channel_id: str, bucket: Bucket) -> dict[str, Any]:
    return {
        "channel_id": channel_id,
        "at_ms": bucket.at_ms,
        "viewer_ms": bucket.viewer_ms,
        "peak": bucket.peak,
        "started": bucket.started,
        "unique_viewers": bucket.unique,
        "messages": bucket.messages,
        "renditions": dict(bucket.renditions),
    }
