"""Moderators: accounts that look after a channel's viewers in its owner's name."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.channel import Channel
from accounts.channels.channel_rows import channel_of, select_channels
from accounts.channels.context import ChannelsContext
from accounts.channels.errors import ConflictingError, LimitReachedError, NotFoundError
from accounts.channels.owners import PERSON_COLUMNS, PersonCard, account_exists, person_card
from accounts.channels.playback_voids import void_viewer
from accounts.channels.rule_notes import note_rule_change
from accounts.channels.sight import Asker, Sight, see_channel
from accounts.channels.tables import blocks, channel_moderators, channels, viewer_bans
from accounts.people.tables import accounts


@dataclass(frozen=True, slots=True)
class Moderator:
    """Somebody who moderates a channel."""

    person: PersonCard
    since_ms: int


class Moderators:
    """Names moderators, dismisses and lists them."""

    def __init__(self, context: ChannelsContext) -> None:
        self._context = context

    async def put(self, channel: str, asker: Asker, account_id: str) -> bool:
        """Make an account a moderator; return whether that is new. The owner alone may.

        Raises NotFoundError, NotAllowedError, ConflictingError, LimitReachedError.
        """
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> bool:
            sight = await see_channel(connection, channel, asker, now_ms)
            owned = sight.require_owner().channel
            if not await account_exists(connection, account_id):
                raise NotFoundError("there is no such account")
            if account_id == owned.owner_id:
                raise ConflictingError("the owner needs not be a moderator")
            if await _is_shut_out(connection, owned, account_id):
                raise ConflictingError("who is blocked or banned cannot be a moderator")
            here = select(literal(1)).where(
                channel_moderators.c.channel_id == owned.id,
                channel_moderators.c.account_id == account_id,
            )
            if await connection.scalar(here) is not None:
                return False
            count = await connection.scalar(
                select(func.count())
                .select_from(channel_moderators)
                .where(channel_moderators.c.channel_id == owned.id)
            )
            limit = self._context.settings.moderators_per_channel
            if (count or 0) >= limit:
                raise LimitReachedError(f"a channel has {limit} moderators at most")
            await connection.execute(
                insert(channel_moderators).values(
                    channel_id=owned.id, account_id=account_id, created_at_ms=now_ms
                )
            )
            await note_rule_change(connection, [owned.id], now_ms)
            return True

        return await self._context.database.write(work)

    async def remove(self, channel: str, asker: Asker, account_id: str) -> None:
        """Dismiss a moderator; moderators may dismiss themselves.

        Nothing happens to who is none. Raises NotFoundError, NotAllowedError.
        """
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> Sight | None:
            sight = await see_channel(connection, channel, asker, now_ms)
            if account_id != asker.account_id:
                sight.require_owner()
            done: Any = await connection.execute(
                delete(channel_moderators).where(
                    channel_moderators.c.channel_id == sight.channel.id,
                    channel_moderators.c.account_id == account_id,
                )
            )
            if not done.rowcount:
                return None
            await void_viewer(connection, [sight.channel.id], account_id, now_ms)
            await note_rule_change(connection, [sight.channel.id], now_ms)
            return sight

        sight = await self._context.database.write(work)
        if sight is not None:
            await self._context.enforce(sight.channel.name)

    async def of_channel(self, channel: str, asker: Asker) -> tuple[Moderator, ...]:
        """List a channel's moderators, the oldest first, to them and to the owner."""
        async with self._context.database.reading() as connection:
            sight = await see_channel(connection, channel, asker, self._context.clock())
            sight.require_moderator()
            rows = await connection.execute(
                select(
                    channel_moderators.c.account_id,
                    channel_moderators.c.created_at_ms,
                    *PERSON_COLUMNS,
                )
                .join(accounts, accounts.c.id == channel_moderators.c.account_id)
                .where(channel_moderators.c.channel_id == sight.channel.id)
                .order_by(channel_moderators.c.created_at_ms, channel_moderators.c.account_id)
            )
            return tuple(Moderator(person_card(row), row.created_at_ms) for row in rows)

    async def moderated_by(self, account_id: str) -> tuple[Channel, ...]:
        """Return the channels that an account moderates."""
        async with self._context.database.reading() as connection:
            rows = await connection.execute(
                select_channels()
                .join(channel_moderators, channel_moderators.c.channel_id == channels.c.id)
                .where(
                    channel_moderators.c.account_id == account_id,
                    channels.c.banned_at_ms.is_(None),
                )
                .order_by(channels.c.name)
            )
            return tuple(map(channel_of, rows))


async def _is_shut_out(connection: AsyncConnection, channel: Channel, account_id: str) -> bool:
    blocked = select(literal(1)).where(
        blocks.c.account_id == channel.owner_id, blocks.c.blocked_id == account_id
    )
    banned = select(literal(1)).where(
        viewer_bans.c.channel_id == channel.id, viewer_bans.c.account_id == account_id
    )
    return (
        await connection.scalar(blocked) is not None or await connection.scalar(banned) is not None
    )
