"""Progress: how far roll-ups went, and which server makes them. Kept in rows, so that any goes on.

One server at a time makes them: two would do no harm, since both write the same, but it twice.
Whoever makes them says so for a while ahead; where that time is over, another takes it up.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import Database, PreparedRead
from analytics.history.tables import viewer_progress, viewer_rolled_marks
from analytics.viewers.tables import viewer_marks

TURN_MS: Final = 150_000
"""For how long a server says that it makes roll-ups: it says so anew each minute."""

_TURN: Final = "turn"
_MINUTES: Final = "minutes"
_DAYS: Final = "days"


_MARKS: Final = PreparedRead(select(viewer_marks.c.server, viewer_marks.c.at_ms))
_ROLLED: Final = PreparedRead(select(viewer_rolled_marks.c.server, viewer_rolled_marks.c.at_ms))
_NAMED: Final = PreparedRead(
    select(viewer_progress.c.at_ms, viewer_progress.c.server).where(
        viewer_progress.c.name == bindparam("called")
    )
)


async def take_turn(database: Database, server: str, now_ms: int) -> bool:
    """Take, or keep, the turn of making roll-ups; return whether this server has it."""

    async def work(connection: AsyncConnection) -> bool:
        row = await _NAMED.first_within(connection, called=_TURN)
        if row is not None and row.server != server and now_ms < row.at_ms <= now_ms + TURN_MS:
            return False
        await _put(connection, _TURN, now_ms + TURN_MS, server)
        return True

    return await database.write(work, is_short=True)


async def give_turn_back(database: Database, server: str) -> None:
    """Let another server go on at once."""

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(
            delete(viewer_progress).where(
                viewer_progress.c.name == _TURN, viewer_progress.c.server == server
            )
        )

    await database.write(work, is_short=True)


async def read_marks(database: Database) -> tuple[dict[str, int], dict[str, int]]:
    """Return how far each server has written, and how much of that is rolled up."""
    async with database.reading() as connection:
        marks = await _MARKS.within(connection)
        rolled = await _ROLLED.within(connection)
    return {row.server: row.at_ms for row in marks}, {row.server: row.at_ms for row in rolled}


async def computed_until_ms(database: Database) -> int | None:
    """Return the moment before which all that is known is rolled up."""
    rows = await database.fetch(_NAMED, called=_MINUTES)
    return rows[0].at_ms if rows else None


async def days_due_since_ms(database: Database) -> int | None:
    """Return since when hours may be newer than their days; None if none is."""
    rows = await database.fetch(_NAMED, called=_DAYS)
    return rows[0].at_ms if rows else None


async def note_rolled(
    database: Database, rolled: Mapping[str, int], hour_ms: int, until_ms: int
) -> None:
    """Note that an hour was rolled up, up to a moment, and that its day is due."""

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(delete(viewer_rolled_marks))
        if rolled:
            await connection.execute(
                insert(viewer_rolled_marks),
                [{"server": server, "at_ms": at_ms} for server, at_ms in sorted(rolled.items())],
            )
        minutes = await _NAMED.first_within(connection, called=_MINUTES)
        await _put(
            connection, _MINUTES, until_ms if minutes is None else max(minutes.at_ms, until_ms)
        )
        days = await _NAMED.first_within(connection, called=_DAYS)
        await _put(connection, _DAYS, hour_ms if days is None else min(days.at_ms, hour_ms))

    await database.write(work)


async def note_days_done(database: Database, until_ms: int) -> None:
    """Note that days are as hours are before a moment."""
    await database.write(lambda connection: _put(connection, _DAYS, until_ms))


async def _put(
    connection: AsyncConnection, name: str, at_ms: int, server: str | None = None
) -> None:
    await connection.execute(delete(viewer_progress).where(viewer_progress.c.name == name))
    await connection.execute(insert(viewer_progress).values(name=name, at_ms=at_ms, server=server))
