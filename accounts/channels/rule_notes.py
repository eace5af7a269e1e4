"""Notes that a channel's rules have changed, written with the change and read by every process.

How a note's id begins says what it is for: one may also ask for a show to be cut.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.tables import rule_changes
from accounts.storage import Database, PreparedChange, PreparedRead, new_id

_CHANGE: Final = "chg"
_CUT: Final = "cut"
_NOTE: Final = PreparedChange(insert(rule_changes), "id", "channel_id", "at_ms")
_NOTES: Final = PreparedRead(
    select(rule_changes.c.id, rule_changes.c.channel_id).where(
        rule_changes.c.at_ms >= bindparam("since_ms")
    )
)


async def note_rule_change(
    connection: AsyncConnection, channel_ids: Collection[str], now_ms: int
) -> None:
    """Leave a note, in the transaction of the change."""
    notes = [
        {"id": new_id(_CHANGE), "channel_id": channel_id, "at_ms": now_ms}
        for channel_id in channel_ids
    ]
    if len(notes) == 1:
        await _NOTE.within(connection, **notes[0])
    elif notes:
        await connection.execute(insert(rule_changes), notes)


async def note_cut(connection: AsyncConnection, channel_id: str, now_ms: int) -> None:
    """Ask whichever process has the channel's show to end it."""
    await _NOTE.within(connection, id=new_id(_CUT), channel_id=channel_id, at_ms=now_ms)


def asks_for_cut(note: str) -> bool:
    """Whether a note, by its id, asks for a show to be ended."""
    return note.startswith(f"{_CUT}_")


async def notes_since(database: Database, since_ms: int) -> dict[str, str]:
    """Return the notes of this moment or later: the channel's id by the note's."""
    return dict(await database.fetch(_NOTES, since_ms=since_ms))


async def forget_notes(connection: AsyncConnection, before_ms: int) -> None:
    """Delete notes that every process has read long ago."""
    await connection.execute(delete(rule_changes).where(rule_changes.c.at_ms < before_ms))
