"""Speakers: what people are to rooms, remembered for a moment so that each message costs no look.

Whatever changes in this process or leaves a note is forgotten at once; what changes elsewhere
without one, such as a name, is known again within seconds.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.errors import NotFoundError
from accounts.channels.sight import Asker, see_channel
from accounts.channels.tables import follows, viewer_bans
from accounts.chat.refusal import RefusalCode, refused
from accounts.chat.room_rules import Silence, Speaker
from accounts.people.tables import accounts
from accounts.ports import Clock
from accounts.storage import Database

KNOWN_MS: Final = 5_000
_CAPACITY: Final = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody in a room."""

    channel_id: str
    channel: str
    speaker: Speaker


class Speakers:
    """Owned by one event loop."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: OrderedDict[tuple[str, str, bool], tuple[int, Place]] = OrderedDict()
        self._changes = 0

    async def get(self, channel: str, asker: Asker) -> Place:
        """Return what an account is to a channel's room. Raises RefusedError, StorageError."""
        if asker.account_id is None:
            raise refused(RefusalCode.SIGN_IN)
        key = (channel.lower(), asker.account_id, asker.is_admin)
        known = self._known.get(key)
        now_ms = self._clock()
        if known is not None and now_ms - known[0] < KNOWN_MS:
            return known[1]
        while True:
            changes = self._changes
            place = await self._read(channel, asker, asker.account_id, now_ms)
            if changes == self._changes:  # else it may have been read before the change
                break
        self._known[key] = (now_ms, place)
        self._known.move_to_end(key)
        if len(self._known) > _CAPACITY:
            self._known.popitem(last=False)
        return place

    def forget(self, *, channel_id: str | None = None, account_id: str | None = None) -> None:
        """Look again at who is what: in one channel, one account, or all."""
        self._changes += 1
        for key, (_, place) in list(self._known.items()):
            if channel_id in {None, place.channel_id} and account_id in {None, key[1]}:
                del self._known[key]

    async def _read(self, channel: str, asker: Asker, account_id: str, now_ms: int) -> Place:
        async with self._database.reading() as connection:
            try:
                sight = await see_channel(connection, channel, asker, now_ms)
            except NotFoundError:
                raise refused(RefusalCode.NO_CHANNEL) from None
            here = and_(
                follows.c.account_id == accounts.c.id, follows.c.channel_id == sight.channel.id
            )
            row = (
                await connection.execute(
                    select(
                        accounts.c.display_name,
                        accounts.c.avatar,
                        accounts.c.email_proven_at_ms,
                        follows.c.created_at_ms.label("follows_since_ms"),
                    )
                    .outerjoin(follows, here)
                    .where(accounts.c.id == account_id)
                )
            ).first()
            ban = None
            if sight.standing.is_banned:
                ban = await _read_ban(connection, sight.channel.id, account_id)
        if row is None:
            raise refused(RefusalCode.SIGN_IN)
        speaker = Speaker(
            account_id=account_id,
            display_name=row.display_name,
            avatar=row.avatar,
            standing=sight.standing,
            follows_since_ms=row.follows_since_ms,
            is_proven=row.email_proven_at_ms is not None,
            may_watch=sight.may_watch,
            ban=ban,
        )
        return Place(sight.channel.id, sight.channel.name, speaker)


async def _read_ban(
    connection: AsyncConnection, channel_id: str, account_id: str
) -> Silence | None:
    found = await connection.execute(
        select(viewer_bans.c.ends_at_ms, viewer_bans.c.reason).where(
            viewer_bans.c.channel_id == channel_id, viewer_bans.c.account_id == account_id
        )
    )
    row = found.first()
    return None if row is None else Silence(row.ends_at_ms, row.reason)
