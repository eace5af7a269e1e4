"""Rows of broadcasts: made of spells, minutes, messages and follows; and read again."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import Database, PreparedRead
from analytics.history.bucket_rows import buckets_within
from analytics.history.comparison import BroadcastFigures
from analytics.history.figures import BroadcastRecord, Bucket, all_following
from analytics.history.horizon import LATE_MS
from analytics.history.moments import WINDOW_MS, Moment, MomentReason, best_moments
from analytics.history.retention import RetentionPoint, Stay, retention
from analytics.history.spell_rows import watching
from analytics.history.step import DAY_MS, MINUTE_MS, Step
from analytics.history.tables import viewer_broadcasts
from analytics.ports import Audience

_row = viewer_broadcasts.c
_ONE: Final = PreparedRead(
    select(viewer_broadcasts).where(_row.broadcast_id == bindparam("broadcast"))
)
_FIGURES: Final = PreparedRead(
    select(*(column for column in _row if column.name not in {"retention", "moments"})).where(
        _row.channel_id == bindparam("channel"),
        _row.started_ms >= bindparam("from_ms", type_=BigInteger),
        _row.started_ms <= bindparam("to_ms", type_=BigInteger),
    )
)


async def roll_broadcast(
    database: Database, audience: Audience, record: BroadcastRecord, computed_ms: int
) -> None:
    """Put what is known of a broadcast before a moment into its row. Raises StorageError.

    IntegrityError says that it is no more.
    """
    until_ms = computed_ms if record.ended_ms is None else min(record.ended_ms, computed_ms)
    if until_ms <= record.started_ms:
        return
    first_ms = record.started_ms - record.started_ms % MINUTE_MS
    async with database.reading() as connection:
        watched = await watching(connection, record.channel_id, record.started_ms, until_ms)
        minutes = await buckets_within(
            connection, Step.MINUTE, record.channel_id, first_ms, until_ms
        )
    first = first_ms // MINUTE_MS
    count = -(-until_ms // MINUTE_MS) - first
    stays = [Stay(each.came - first, each.left - first, each.viewers) for each in watched.stays]
    present = {each.at_ms // MINUTE_MS - first: each.unique for each in minutes}
    windows = await audience.messages_by_window(record.broadcast_id, WINDOW_MS)
    following = all_following(
        (await audience.following(record.channel_id, record.started_ms, until_ms, DAY_MS)).values()
    )
    moments = best_moments(
        windows,
        _means(minutes, first_ms, count),
        until_ms - record.started_ms,
        first_minute_ms=first_ms - record.started_ms,
    )
    values: dict[str, Any] = {
        "broadcast_id": record.broadcast_id,
        "channel_id": record.channel_id,
        "started_ms": record.started_ms,
        "computed_ms": computed_ms,
        "is_final": record.ended_ms is not None and computed_ms >= record.ended_ms + LATE_MS,
        "viewer_ms": sum(watched.renditions.values()),
        "peak": max((each.peak for each in minutes), default=0),
        "sessions": watched.sessions,
        "unique_viewers": watched.viewers,
        "messages": sum(windows.values()),
        "followers_gained": following.gained,
        "followers_lost": following.lost,
        "renditions": dict(watched.renditions),
        "retention": [
            [each.present, each.stayed] for each in retention(stays, present, count * MINUTE_MS)
        ],
        "moments": [asdict(each) for each in moments],
    }

    async def work(connection: AsyncConnection) -> None:
        known = await _ONE.first_within(connection, broadcast=record.broadcast_id)
        # Messages are deleted, and kept for a while only; that they were written stays true.
        messages = max(values["messages"], 0 if known is None else known.messages)
        await connection.execute(
            delete(viewer_broadcasts).where(_row.broadcast_id == record.broadcast_id)
        )
        await connection.execute(insert(viewer_broadcasts).values(values | {"messages": messages}))

    await database.write(work)


async def figures_of(
    database: Database, records: Sequence[BroadcastRecord]
) -> list[BroadcastFigures]:
    """Return the figures of a channel's broadcasts, in their order. Raises BusyError."""
    if not records:
        return []
    starts_ms = [each.started_ms for each in records]
    rows = await database.fetch(
        _FIGURES,
        channel=records[0].channel_id,
        from_ms=min(starts_ms),
        to_ms=max(starts_ms),
    )
    by_id = {row.broadcast_id: row for row in rows}
    return [_figures(each, by_id.get(each.broadcast_id)) for each in records]


async def curves_of(
    database: Database, broadcast_id: str
) -> tuple[tuple[RetentionPoint, ...], tuple[Moment, ...]]:
    """Return a broadcast's retention and its best moments. Raises BusyError."""
    rows = await database.fetch(_ONE, broadcast=broadcast_id)
    if not rows:
        return (), ()
    points = tuple(
        RetentionPoint(minute, present, stayed)
        for minute, (present, stayed) in enumerate(rows[0].retention)
    )
    moments = tuple(
        Moment(**{**each, "reason": MomentReason(each["reason"])}) for each in rows[0].moments
    )
    return points, moments


def _means(minutes: Sequence[Bucket], first_ms: int, count: int) -> list[float]:
    means = [0.0] * count
    for each in minutes:
        means[(each.at_ms - first_ms) // MINUTE_MS] = each.viewer_ms / MINUTE_MS
    return means


def _figures(record: BroadcastRecord, row: Any | None) -> BroadcastFigures:
    counted: dict[str, Any] = {}
    if row is not None:
        counted = {
            "counted_ms": max(min(record.over_ms, row.computed_ms) - record.started_ms, 0),
            "peak": row.peak,
            "viewer_ms": row.viewer_ms,
            "unique": row.unique_viewers,
            "sessions": row.sessions,
            "messages": row.messages,
            "followers_gained": row.followers_gained,
            "followers_lost": row.followers_lost,
            "renditions": row.renditions,
            "is_final": row.is_final,
        }
    return BroadcastFigures(
        broadcast_id=record.broadcast_id,
        title=record.title,
        category=record.category,
        started_ms=record.started_ms,
        ended_ms=record.ended_ms,
        duration_ms=record.over_ms - record.started_ms,
        **counted,
    )
