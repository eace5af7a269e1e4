"""Sequence: gives facts their place in one order that all servers share, and reads them in it.

The database's own counters do not do: a transaction that took a number early may commit late, and
who had read past it would miss it. Here numbers are given to what is committed already, by
transactions that are serialisable, so that number n + 1 is only there when n can be seen.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.facts.fact import Fact, FactKind
from accounts.facts.tables import fact_readers, facts
from accounts.storage import Database, PreparedChange, PreparedRead

SEQUENCE: Final = "sequence"
_IS_UNPLACED: Final = facts.c.position.is_(None)
_HAS_UNPLACED: Final = PreparedRead(select(facts.c.id).where(_IS_UNPLACED).limit(1))
_OLDEST: Final = (
    select(facts.c.id, func.row_number().over(order_by=facts.c.id).label("place"))
    .where(_IS_UNPLACED)
    .order_by(facts.c.id)
    .limit(bindparam("row_limit"))
    .subquery("oldest")
)
_PLACE: Final = PreparedChange(
    update(facts)
    .where(facts.c.id == _OLDEST.c.id)
    .values(position=bindparam("last") + _OLDEST.c.place)
)
_READER: Final = PreparedRead(
    select(fact_readers.c.position).where(fact_readers.c.name == bindparam("reader"))
)
_PROGRESS: Final = PreparedRead(
    select(fact_readers.c.position, fact_readers.c.progress)
    .where(fact_readers.c.name == bindparam("reader"))
    .with_for_update()
)
_MOVE: Final = PreparedChange(
    update(fact_readers)
    .where(fact_readers.c.name == bindparam("reader"))
    .values(position=bindparam("place"), progress=bindparam("made"))
)
_BEGIN: Final = PreparedChange(insert(fact_readers), "name", "position", "progress")


async def has_unplaced(database: Database) -> bool:
    """Whether there are facts without a position. Raises BusyError."""
    return bool(await database.fetch(_HAS_UNPLACED))


async def place_facts(connection: AsyncConnection, limit: int) -> int:
    """Give positions to committed facts, the oldest first; return to how many."""
    last = await reader_position(connection, SEQUENCE)
    placed = await _PLACE.within(connection, last=last, row_limit=limit)
    if placed:
        await move_reader(connection, SEQUENCE, last + placed)
    return placed


async def facts_after(
    connection: AsyncConnection,
    position: int,
    limit: int,
    *,
    wanted: ColumnElement[bool] | None = None,
) -> list[Fact]:
    """Return the next facts behind a position; of those that are `wanted`, if that is asked."""
    query = select(facts).where(facts.c.position > position).order_by(facts.c.position).limit(limit)
    if wanted is not None:
        query = query.where(wanted)
    return [fact_of(row) for row in await connection.execute(query)]


async def oldest_position(connection: AsyncConnection) -> int | None:
    """Return the position of the oldest fact that is still kept."""
    found: int | None = await connection.scalar(select(func.min(facts.c.position)))
    return found


async def reader_position(connection: AsyncConnection, name: str) -> int:
    """Return how far a reader has come; 0 for one that has not begun."""
    row = await _READER.first_within(connection, reader=name)
    return 0 if row is None else row.position


def is_of(*kinds: FactKind) -> ColumnElement[bool]:
    """Whether a row of `facts` is of one of the kinds."""
    return or_(*(facts.c.kind == kind.value for kind in kinds))


async def reader_progress(connection: AsyncConnection, name: str) -> tuple[int, Any]:
    """Return how far a reader has come, and how much of the next fact it has done, if any.

    Nobody else moves it before the transaction has ended: who tries waits here, not at the end.
    """
    row = await _PROGRESS.first_within(connection, reader=name)
    return (0, None) if row is None else (row.position, row.progress)


async def move_reader(
    connection: AsyncConnection, name: str, position: int, progress: Any = None
) -> None:
    """Note how far a reader has come, within the transaction that did what it was to do."""
    if not await _MOVE.within(connection, reader=name, place=position, made=progress):
        await _BEGIN.within(connection, name=name, position=position, progress=progress)


def fact_of(row: Any) -> Fact:
    """Make a Fact of a row that holds all columns of `facts`, with a position."""
    return Fact(
        id=row.id,
        position=row.position,
        kind=FactKind(row.kind),
        channel_id=row.channel_id,
        channel=row.channel,
        at_ms=row.at_ms,
        details=row.details,
    )
