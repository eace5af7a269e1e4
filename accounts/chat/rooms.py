"""Rooms: what holds in each room, kept in memory while people talk there.

What its people change is read anew: at once in the process that changed it, and in others when
they are told of the act.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.tables import broadcasts
from accounts.chat.filters import Filter, FilterKind, FilterSet
from accounts.chat.room_rules import RoomRules, Silence
from accounts.chat.rows import ALL_ROOMS
from accounts.chat.tables import chat_emotes, chat_filters, chat_rooms, chat_timeouts
from accounts.ports import Clock
from accounts.storage import Database

_CAPACITY: Final = 2_000


@dataclass(frozen=True, slots=True)
class OpenBroadcast:
    """The broadcast that a channel has now."""

    id: str
    started_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What holds in one room. `emotes` names pictures by code, those of all rooms among them."""

    channel_id: str
    rules: RoomRules
    filters: FilterSet
    emotes: Mapping[str, str]
    timeouts: Mapping[str, Silence]  # by account
    broadcast: OpenBroadcast | None


class Rooms:
    """Owned by one event loop."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._rooms: OrderedDict[str, Room] = OrderedDict()
        self._changes = 0

    async def get(self, channel_id: str) -> Room:
        """Return a room as it is now. Raises StorageError."""
        known = self._rooms.get(channel_id)
        if known is not None:
            self._rooms.move_to_end(channel_id)
            return known
        while True:
            changes = self._changes
            async with self._database.reading() as connection:
                room = await _read_room(connection, channel_id, self._clock())
            if changes == self._changes:  # else it may have been read before the change
                break
        self._rooms[channel_id] = room
        if len(self._rooms) > _CAPACITY:
            self._rooms.popitem(last=False)
        return room

    def forget(self, channel_id: str) -> None:
        """Read a room anew when it is next asked for; all, if it is ALL_ROOMS."""
        self._changes += 1
        if channel_id == ALL_ROOMS:
            self._rooms.clear()
        else:
            self._rooms.pop(channel_id, None)


async def read_rules(connection: AsyncConnection, channel_id: str) -> RoomRules:
    """Return the rules of a room."""
    row = (
        await connection.execute(select(chat_rooms).where(chat_rooms.c.channel_id == channel_id))
    ).first()
    if row is None:
        return RoomRules()
    return RoomRules(
        is_enabled=row.is_enabled,
        slow_mode_s=row.slow_mode_s,
        followers_only_min=row.followers_only_min,
        verified_only=row.verified_only,
        links_allowed=row.links_allowed,
        revision=row.revision,
    )


async def _read_room(connection: AsyncConnection, channel_id: str, now_ms: int) -> Room:
    filters = await connection.execute(
        select(chat_filters.c.kind, chat_filters.c.pattern).where(
            chat_filters.c.channel_id == channel_id
        )
    )
    emotes = await connection.execute(
        select(chat_emotes.c.code, chat_emotes.c.picture)
        .where(or_(chat_emotes.c.channel_id == channel_id, chat_emotes.c.channel_id.is_(None)))
        .order_by(chat_emotes.c.channel_id.is_not(None))  # a room's own comes over all rooms'
    )
    timeouts = await connection.execute(
        select(
            chat_timeouts.c.account_id, chat_timeouts.c.ends_at_ms, chat_timeouts.c.reason
        ).where(chat_timeouts.c.channel_id == channel_id, chat_timeouts.c.ends_at_ms > now_ms)
    )
    broadcast = (
        await connection.execute(
            select(broadcasts.c.id, broadcasts.c.started_at_ms).where(
                broadcasts.c.channel_id == channel_id, broadcasts.c.ended_at_ms.is_(None)
            )
        )
    ).first()
    return Room(
        channel_id=channel_id,
        rules=await read_rules(connection, channel_id),
        filters=FilterSet(Filter(FilterKind(kind), pattern) for kind, pattern in filters),
        emotes={code: picture for code, picture in emotes},  # noqa: C416 - rows, not pairs
        timeouts={
            account_id: Silence(ends_at_ms, reason) for account_id, ends_at_ms, reason in timeouts
        },
        broadcast=None
        if broadcast is None
        else OpenBroadcast(broadcast.id, broadcast.started_at_ms),
    )
