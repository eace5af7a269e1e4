"""QualityRows: what is read and written of playback quality, a statement at a time."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Table, bindparam, column, delete, func, select, table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import PreparedRead
from analytics.history.step import Step
from analytics.quality.tables import quality_days, quality_hours, quality_marks, quality_minutes

# Of accounts, whose own name for it is none of ours.
_CHANNELS: Final = table("channels", column("id"))

ROLLED: Final = "rolled"
"""The mark up to which hours are made."""

TABLES: Final = {
    Step.MINUTE: quality_minutes,
    Step.HOUR: quality_hours,
    Step.DAY: quality_days,
}


class KeptRow(NamedTuple):
    """One row, but for its channel and moment."""

    dimension: str
    value: str
    figures: bytes


def _read_of(kept: Table) -> PreparedRead:
    return PreparedRead(
        select(kept.c.at_ms, kept.c.value, kept.c.figures).where(
            kept.c.channel_id == bindparam("channel_id"),
            kept.c.dimension == bindparam("of"),
            kept.c.at_ms >= bindparam("from_ms"),
            kept.c.at_ms < bindparam("to_ms"),
        )
    )


READS: Final = {step: _read_of(table) for step, table in TABLES.items()}
READ_MARK: Final = PreparedRead(
    select(quality_marks.c.at_ms).where(quality_marks.c.name == bindparam("mark"))
)


async def known_channels(connection: AsyncConnection, channel_ids: Iterable[str]) -> set[str]:
    """Return those that there are (still)."""
    wanted = sorted(set(channel_ids))
    found = await connection.scalars(select(_CHANNELS.c.id).where(_CHANNELS.c.id.in_(wanted)))
    return set(found)


async def write_minutes(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows of minutes; those that this server has written before are replaced."""
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    written = insert(quality_minutes)
    await connection.execute(
        written.on_conflict_do_update(
            index_elements=["channel_id", "dimension", "at_ms", "value", "server"],
            set_={"figures": written.excluded.figures},
        ),
        list(rows),
    )


async def rows_within(
    connection: AsyncConnection, step: Step, channel_id: str, from_ms: int, to_ms: int
) -> Sequence[Any]:
    """Return `dimension`, `value` and `figures` of all rows of a channel within a time."""
    kept = TABLES[step]
    found = await connection.execute(
        select(kept.c.dimension, kept.c.value, kept.c.figures).where(
            kept.c.channel_id == channel_id, kept.c.at_ms >= from_ms, kept.c.at_ms < to_ms
        )
    )
    return found.all()


async def replace(
    connection: AsyncConnection, step: Step, channel_id: str, at_ms: int, rows: Sequence[KeptRow]
) -> None:
    """Have these rows, and no others, for a channel at one moment."""
    kept = TABLES[step]
    await connection.execute(
        delete(kept).where(kept.c.channel_id == channel_id, kept.c.at_ms == at_ms)
    )
    if rows:
        await connection.execute(
            kept.insert(),
            [{"channel_id": channel_id, "at_ms": at_ms, **row._asdict()} for row in rows],
        )


async def channels_within(connection: AsyncConnection, from_ms: int, to_ms: int) -> Sequence[str]:
    """Return which channels have minutes within a time."""
    at_ms = quality_minutes.c.at_ms
    found = await connection.scalars(
        select(quality_minutes.c.channel_id)
        .where(at_ms >= from_ms, at_ms < to_ms)
        .distinct()
        .order_by(quality_minutes.c.channel_id)
    )
    return list(found)


async def first_moment(connection: AsyncConnection, step: Step) -> int | None:
    """Return the oldest moment that has rows."""
    found = await connection.scalar(select(func.min(TABLES[step].c.at_ms)))
    return None if found is None else int(found)


async def forget_before(connection: AsyncConnection, step: Step, before_ms: int) -> None:
    """Delete older rows."""
    kept = TABLES[step]
    await connection.execute(delete(kept).where(kept.c.at_ms < before_ms))


async def read_mark(connection: AsyncConnection) -> int | None:
    """Return up to when hours are made."""
    rows = await READ_MARK.within(connection, mark=ROLLED)
    return int(rows[0].at_ms) if rows else None


async def move_mark(connection: AsyncConnection, at_ms: int) -> None:
    """Move the mark on; it never goes back."""
    known = await read_mark(connection)
    if known is None:
        await connection.execute(quality_marks.insert().values(name=ROLLED, at_ms=at_ms))
    elif known < at_ms:
        await connection.execute(
            quality_marks.update().where(quality_marks.c.name == ROLLED).values(at_ms=at_ms)
        )
