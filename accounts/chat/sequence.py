"""Sequence: the one order of all that is said and done in rooms, the same for all servers.

Who writes takes the next places from a row while nobody else may, until the commit: place n + 1 is
seen by nobody who does not see n. Facts (`accounts.facts.sequence`) get theirs by serialisable
transactions after the commit, which two servers at 200 messages a second would do in vain too
often; waiting for each other costs them nothing but the wait, and one wait is for a whole batch.
"""

from typing import Final

from sqlalchemy import bindparam, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.tables import channels
from accounts.chat.message import Act, Message
from accounts.chat.rows import act_of, message_of, select_messages
from accounts.chat.tables import chat_acts, chat_messages, chat_sequence
from accounts.storage import Database, PreparedRead

LOCK: Final = 0x6368617473657175  # "chatsequ": held by who takes places on PostgreSQL
_ROOMS: Final = "rooms"
_LAST: Final = select(chat_sequence.c.last).where(chat_sequence.c.name == _ROOMS)
_PLACES: Final = PreparedRead(
    select(
        exists().where(chat_acts.c.position.is_(None)).label("is_behind"),
        _LAST.scalar_subquery().label("last"),
    )
)
_PLACE: Final = (
    update(chat_acts).where(chat_acts.c.id == bindparam("key")).values(position=bindparam("place"))
)


async def last_place(connection: AsyncConnection) -> int:
    """Return the last place that was taken."""
    found: int | None = await connection.scalar(_LAST)
    return found or 0


async def look_at_places(database: Database) -> tuple[bool, int]:
    """Whether something was done that has no place yet, and the last place that was taken."""
    (found,) = await database.fetch(_PLACES)
    return bool(found.is_behind), found.last or 0


async def take_places(connection: AsyncConnection, count: int) -> int:
    """Take places; return the first. For transactions that hold LOCK alone."""
    last: int | None = await connection.scalar(_LAST)
    if last is None:
        await connection.execute(insert(chat_sequence).values(name=_ROOMS, last=count))
        return 1
    await connection.execute(
        update(chat_sequence).where(chat_sequence.c.name == _ROOMS).values(last=last + count)
    )
    return last + 1


async def place_acts(connection: AsyncConnection, limit: int) -> int:
    """Give places to what was done, in its order; return to how many. As `take_places`."""
    ids = list(
        await connection.scalars(
            select(chat_acts.c.id)
            .where(chat_acts.c.position.is_(None))
            .order_by(chat_acts.c.at_ms, chat_acts.c.id)
            .limit(limit)
        )
    )
    if ids:
        first = await take_places(connection, len(ids))
        await connection.execute(
            _PLACE, [{"key": key, "place": first + number} for number, key in enumerate(ids)]
        )
    return len(ids)


async def entries_after(connection: AsyncConnection, place: int, limit: int) -> list[Message | Act]:
    """Return what was said and done behind a place, in order; at most `limit`."""
    found: list[Message | Act] = [
        message_of(row)
        for row in await connection.execute(
            select_messages()
            .where(chat_messages.c.id > place)
            .order_by(chat_messages.c.id)
            .limit(limit)
        )
    ]
    found += [
        act_of(row)
        for row in await connection.execute(
            select(chat_acts, channels.c.name.label("channel"))
            .outerjoin(channels, channels.c.id == chat_acts.c.channel_id)
            .where(chat_acts.c.position > place)
            .order_by(chat_acts.c.position)
            .limit(limit)
        )
    ]
    return sorted(found, key=place_of)[:limit]


def place_of(entry: Message | Act) -> int:
    """Return the place of something that was said or done."""
    return entry.id if isinstance(entry, Message) else entry.position
