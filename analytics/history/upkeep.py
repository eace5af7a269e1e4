"""Upkeep of what is told of viewers: what is too old goes, some thousand rows at a time."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import Database
from analytics.history.bounds import HistoryBounds
from analytics.history.tables import viewer_minutes
from analytics.viewers.tables import viewer_spells

_AT_ONCE: Final = 5_000


async def delete_old(database: Database, bounds: HistoryBounds, now_ms: int) -> None:
    """Delete spells and minutes that are kept no longer. Raises StorageError."""
    spell, minute = viewer_spells.c, viewer_minutes.c
    await _delete(
        database,
        viewer_spells,
        spell.ended_ms,
        spell.ended_ms < now_ms - bounds.raw_ms,
        ~spell.is_open,
    )
    await _delete(database, viewer_minutes, minute.at_ms, minute.at_ms < now_ms - bounds.minutes_ms)


async def _delete(
    database: Database, table: Table, order: ColumnElement[Any], *where: ColumnElement[bool]
) -> None:
    few = (
        select(*table.primary_key.columns).where(*where).order_by(order).limit(_AT_ONCE).subquery()
    )

    async def work(connection: AsyncConnection) -> int:
        same = [column == few.c[column.name] for column in table.primary_key.columns]
        done: Any = await connection.execute(delete(table).where(select(few).where(*same).exists()))
        return int(done.rowcount)

    while await database.write(work) == _AT_ONCE:
        pass
