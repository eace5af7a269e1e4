"""Rows of spells: written in batches, and closed for servers that are gone."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, case, column, delete, insert, select, table, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.viewers.spell import SpellEnd
from analytics.viewers.tables import viewer_marks, viewer_spells

Row = dict[str, Any]

_channels: Final = table("channels", column("id"))
_CLOSE: Final = (
    update(viewer_spells)
    .where(viewer_spells.c.id == bindparam("key"))
    .values(
        ended_ms=case(
            (viewer_spells.c.started_ms > bindparam("at_ms"), viewer_spells.c.started_ms),
            else_=bindparam("at_ms"),
        ),
        is_open=False,
    )
)


def spell_id(server: str, number: int) -> str:
    """Return the id of a server's spell: it is not made up anew when it is written again."""
    return f"{server}-{number:x}"


async def write_batch(
    connection: AsyncConnection, server: str, batch: Sequence[Row | SpellEnd], *, is_sqlite: bool
) -> None:
    """Write new spells and ends of those before; what is there already stays as it is.

    Spells of channels that have been deleted meanwhile are left out.
    """
    rows = [item for item in batch if isinstance(item, dict)]
    ends = [item for item in batch if isinstance(item, SpellEnd)]
    if rows:
        wanted = {row["channel_id"] for row in rows}
        known = set(
            await connection.scalars(select(_channels.c.id).where(_channels.c.id.in_(wanted)))
        )
        kept = [row for row in rows if row["channel_id"] in known]
        if kept:
            statement = (sqlite if is_sqlite else postgresql).insert(viewer_spells)
            await connection.execute(statement.on_conflict_do_nothing(index_elements=["id"]), kept)
    if ends:
        await connection.execute(
            _CLOSE, [{"key": spell_id(server, end.number), "at_ms": end.ended_ms} for end in ends]
        )


async def write_mark(connection: AsyncConnection, server: str, at_ms: int) -> None:
    """Say until when a server's open spells are known to have lasted."""
    moved = await connection.execute(
        update(viewer_marks).where(viewer_marks.c.server == server).values(at_ms=at_ms)
    )
    if not moved.rowcount:
        await connection.execute(insert(viewer_marks).values(server=server, at_ms=at_ms))


async def close_left_behind(
    connection: AsyncConnection, own: str, *, silent_since_ms: int | None
) -> Collection[str]:
    """Close the open spells of servers that are gone, at their last marks; return which these were.

    A server is gone that has not marked since a moment; None: every server but `own` is.
    """
    gone = select(viewer_marks.c.server, viewer_marks.c.at_ms).where(viewer_marks.c.server != own)
    if silent_since_ms is not None:
        gone = gone.where(viewer_marks.c.at_ms < silent_since_ms)
    found = (await connection.execute(gone)).all()
    for server, at_ms in found:
        await connection.execute(
            update(viewer_spells)
            .where(viewer_spells.c.is_open, viewer_spells.c.server == server)
            .values(
                ended_ms=case(
                    (viewer_spells.c.ended_ms > at_ms, viewer_spells.c.ended_ms), else_=at_ms
                ),
                is_open=False,
            )
        )
        await connection.execute(delete(viewer_marks).where(viewer_marks.c.server == server))
    return [server for server, _ in found]
