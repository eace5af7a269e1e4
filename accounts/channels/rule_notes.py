"""Notes that a channel's rules have changed, written with the change and read by every process.

How a note's id begins says what it is for: one may also ask for a show to be cut.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.tables import rule_changes
from accounts.storage import new_id

_CHANGE: Final = "chg"
_CUT: Final = "cut"


async def note_rule_change(
    connection: AsyncConnection, channel_ids: Collection[str], now_ms: int
) -> None:
    """Leave a note, in the transaction of the change."""
    if channel_ids:
        await connection.execute(
            insert(rule_changes),
            [
                {"id": new_id(_CHANGE), "channel_id": channel_id, "at_ms": now_ms}
                for channel_id in channel_ids
            ],
        )


async def note_cut(connection: AsyncConnection, channel_id: str, now_ms: int) -> None:
    """Ask whichever process has the channel's show to end it."""
    await connection.execute(
        insert(rule_changes).values(id=new_id(_CUT), channel_id=channel_id, at_ms=now_ms)
    )


def asks_for_cut(note: str) -> bool:
    """Whether a note, by its id, asks for a show to be ended."""
    return note.startswith(f"{_CUT}_")


async def notes_since(connection: AsyncConnection, since_ms: int) -> dict[str, str]:
    """Return the notes of this moment or later: the channel's id by the note's."""
    rows = await connection.execute(
        select(rule_changes.c.id, rule_changes.c.channel_id).where(rule_changes.c.at_ms >= since_ms)
    )
    return dict(rows.all())


async def forget_notes(connection: AsyncConnection, before_ms: int) -> None:
    """Delete notes that every process has read long ago."""
    await connection.execute(delete(rule_changes).where(rule_changes.c.at_ms < before_ms))
