"""What a broadcast was called, from when on: bounded, since a title can be changed by a program."""

from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.tables import broadcast_titles

TITLES_KEPT: Final = 200
_MENDED_WITHIN_MS: Final = 10_000


async def note_title(
    connection: AsyncConnection, broadcast_id: str, title: str, category: str | None, now_ms: int
) -> None:
    """Remember a change (unix ms).

    One within ten seconds of the last is taken for a mended typing error and replaces it. Beyond
    TITLES_KEPT the oldest are forgotten.
    """
    here = broadcast_titles.c.broadcast_id == broadcast_id
    newest_first = (
        select(broadcast_titles.c.at_ms).where(here).order_by(broadcast_titles.c.at_ms.desc())
    )
    last_ms = await connection.scalar(newest_first.limit(1))
    values = {"title": title, "category": category}
    if last_ms is not None and now_ms - last_ms < _MENDED_WITHIN_MS:
        await connection.execute(
            update(broadcast_titles).where(here, broadcast_titles.c.at_ms == last_ms).values(values)
        )
        return
    await connection.execute(
        insert(broadcast_titles).values(broadcast_id=broadcast_id, at_ms=now_ms, **values)
    )
    oldest_kept_ms = await connection.scalar(newest_first.offset(TITLES_KEPT - 1).limit(1))
    if oldest_kept_ms is not None:
        await connection.execute(
            delete(broadcast_titles).where(here, broadcast_titles.c.at_ms < oldest_kept_ms)
        )
