"""Playback tokens taken back: since when those of a viewer, or of all, are void for a channel.

What is taken back are the tokens issued until a little after now. Somebody may be given a token at
this moment by who cannot see yet what is being decided here; that one must not escape. Who is let
in anew later gets a token of later date, whatever the clock says (`earliest_issue_ms`).
"""

from collections.abc import Collection, Iterable
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.rule_notes import note_rule_change
from accounts.channels.settings import LINK_DAYS_MAX, TOKEN_S_MAX
from accounts.channels.tables import channels, playback_links, playback_voids
from accounts.channels.visibility import Visibility
from accounts.storage import PreparedRead

LINK_ID_PREFIX: Final = "lnk"
MARGIN_MS: Final = 30_000  # longer than a transaction may wait and be tried again


async def void_viewer(
    connection: AsyncConnection, channel_ids: Collection[str], viewer: str, now_ms: int
) -> bool:
    """Take back all tokens that a viewer has for these channels. Leaves notes of it.

    Returns whether there was any channel that they are needed for.

    Those that are open to all are left out: there, nobody needs a token, and every token that was
    given before is void once they are open no more.
    """
    if len(channel_ids) == 1:
        (channel_id,) = channel_ids
        closed = await _CLOSED.within(connection, channel=channel_id, viewer=viewer)
        return await _void(connection, closed, viewer, now_ms)
    return await void_viewer_where(connection, channels.c.id.in_(channel_ids), viewer, now_ms)


async def void_viewer_where(
    connection: AsyncConnection, which: ColumnElement[bool], viewer: str, now_ms: int
) -> bool:
    """Do as `void_viewer` for the rows of `channels` that this is true of, however many."""
    closed = await connection.execute(_select_closed().where(which), {"viewer": viewer})
    return await _void(connection, closed, viewer, now_ms)


def _select_closed() -> Select[Any]:
    own_void = and_(
        playback_voids.c.channel_id == channels.c.id,
        playback_voids.c.viewer == bindparam("viewer"),
    )
    return (
        select(channels.c.id, channels.c.tokens_void_ms, playback_voids.c.void_ms)
        .outerjoin(playback_voids, own_void)
        .where(or_(*(channels.c.visibility == e.value for e in Visibility if e.needs_token)))
    )


_CLOSED: Final = PreparedRead(_select_closed().where(channels.c.id == bindparam("channel")))


async def _void(
    connection: AsyncConnection, closed: Iterable[Any], viewer: str, now_ms: int
) -> bool:
    rows = [
        {
            "channel_id": row.id,
            "viewer": viewer,
            # Nor may one escape that was dated after the last time that they were taken back.
            "void_ms": _issue_ms(now_ms + MARGIN_MS, row.tokens_void_ms, row.void_ms),
        }
        for row in closed
    ]
    if not rows:
        return False
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    written = insert(playback_voids)
    await connection.execute(
        written.on_conflict_do_update(
            index_elements=["channel_id", "viewer"], set_={"void_ms": written.excluded.void_ms}
        ),
        rows,
    )
    await note_rule_change(connection, [row["channel_id"] for row in rows], now_ms)
    return True


async def void_everybody(connection: AsyncConnection, channel_id: str, now_ms: int) -> None:
    """Take back all tokens for a channel, and its shared links. Leaves a note of it."""
    own_ms = await connection.scalar(
        select(channels.c.tokens_void_ms).where(channels.c.id == channel_id)
    )
    viewers_ms = await connection.scalar(
        select(func.max(playback_voids.c.void_ms)).where(playback_voids.c.channel_id == channel_id)
    )
    void_ms = max(now_ms + MARGIN_MS, (own_ms or 0) + 1, (viewers_ms or 0) + 1)
    await connection.execute(
        update(channels).where(channels.c.id == channel_id).values(tokens_void_ms=void_ms)
    )
    for table in (playback_voids, playback_links):
        await connection.execute(delete(table).where(table.c.channel_id == channel_id))
    await note_rule_change(connection, [channel_id], now_ms)


async def earliest_issue_ms(
    connection: AsyncConnection, channel_id: str, viewer: str, now_ms: int
) -> int:
    """Return the date of a new token, so that nothing taken back before concerns it."""
    everybody_ms = await connection.scalar(
        select(channels.c.tokens_void_ms).where(channels.c.id == channel_id)
    )
    viewer_ms = await connection.scalar(
        select(playback_voids.c.void_ms).where(
            playback_voids.c.channel_id == channel_id, playback_voids.c.viewer == viewer
        )
    )
    return _issue_ms(now_ms, everybody_ms, viewer_ms)


async def forget_voids(connection: AsyncConnection, now_ms: int) -> None:
    """Delete what only takes back tokens that have expired by themselves.

    By the longest lives that settings can give: those of today may be shorter than the tokens'.
    """
    is_link = playback_voids.c.viewer.startswith(f"{LINK_ID_PREFIX}_", autoescape=True)
    accounts_before_ms = now_ms - TOKEN_S_MAX * 1000
    links_before_ms = now_ms - LINK_DAYS_MAX * 86_400_000
    await connection.execute(
        delete(playback_voids).where(
            playback_voids.c.void_ms < case((is_link, links_before_ms), else_=accounts_before_ms)
        )
    )


def _issue_ms(now_ms: int, everybody_ms: int | None, viewer_ms: int | None) -> int:
    return max(now_ms, (everybody_ms or 0) + 1, (viewer_ms or 0) + 1)
