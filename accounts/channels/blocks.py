"""Blocks: accounts that an account wants nothing to do with, on none of its channels."""

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.context import ChannelsContext
from accounts.channels.errors import ConflictingError, LimitReachedError, NotFoundError
from accounts.channels.follows import end_follow
from accounts.channels.owners import PERSON_COLUMNS, PersonCard, account_exists, person_card
from accounts.channels.playback_voids import void_viewer
from accounts.channels.rule_notes import note_rule_change
from accounts.channels.tables import blocks, channel_moderators, channels
from accounts.people.tables import accounts
from accounts.storage import Cursor, Page
from accounts.storage.cursor import page_of


@dataclass(frozen=True, slots=True)
class Block:
    """Somebody who is blocked."""

    person: PersonCard
    since_ms: int


class Blocks:
    """Blocks, unblocks and lists.

    Who is blocked cannot follow, moderate or be let in to any channel of who blocked; what it has
    of that ends. It can still watch what anybody may watch, as it could without an account.
    """

    def __init__(self, context: ChannelsContext) -> None:
        self._context = context

    async def put(self, account_id: str, blocked_id: str) -> bool:
        """Block an account; return whether that is new.

        Raises NotFoundError, ConflictingError for oneself, LimitReachedError.
        """
        if account_id == blocked_id:
            raise ConflictingError("nobody can block themselves")
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> list[str] | None:
            if not await account_exists(connection, blocked_id):
                raise NotFoundError("there is no such account")
            known = select(literal(1)).where(
                blocks.c.account_id == account_id, blocks.c.blocked_id == blocked_id
            )
            if await connection.scalar(known) is not None:
                return None
            count = await connection.scalar(
                select(func.count()).select_from(blocks).where(blocks.c.account_id == account_id)
            )
            limit = self._context.settings.blocks_per_account
            if (count or 0) >= limit:
                raise LimitReachedError(f"an account blocks {limit} others at most")
            await connection.execute(
                insert(blocks).values(
                    account_id=account_id, blocked_id=blocked_id, created_at_ms=now_ms
                )
            )
            own = (
                await connection.execute(
                    select(channels.c.id, channels.c.name).where(channels.c.owner_id == account_id)
                )
            ).all()
            for channel in own:
                await end_follow(connection, channel.id, blocked_id, now_ms)
            own_ids = [channel.id for channel in own]
            await connection.execute(
                delete(channel_moderators).where(
                    channel_moderators.c.channel_id.in_(own_ids),
                    channel_moderators.c.account_id == blocked_id,
                )
            )
            await void_viewer(connection, own_ids, blocked_id, now_ms)
            await note_rule_change(connection, own_ids, now_ms)
            return [channel.name for channel in own]

        names = await self._context.database.write(work)
        for name in names or ():
            await self._context.enforce(name)
        return names is not None

    async def remove(self, account_id: str, blocked_id: str) -> None:
        """Unblock; nothing happens to who is not blocked."""
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                delete(blocks).where(
                    blocks.c.account_id == account_id, blocks.c.blocked_id == blocked_id
                )
            )
            own = await connection.scalars(
                select(channels.c.id).where(channels.c.owner_id == account_id)
            )
            await note_rule_change(connection, list(own), now_ms)

        await self._context.database.write(work)

    async def of_account(self, account_id: str, cursor: Cursor | None, limit: int) -> Page[Block]:
        """List whom an account blocks, the newest first."""
        key = (blocks.c.created_at_ms, blocks.c.blocked_id)
        query = (
            select(blocks.c.blocked_id.label("account_id"), blocks.c.created_at_ms, *PERSON_COLUMNS)
            .join(accounts, accounts.c.id == blocks.c.blocked_id)
            .where(blocks.c.account_id == account_id)
            .order_by(key[0].desc(), key[1].desc())
            .limit(limit + 1)
        )
        if cursor is not None:
            query = query.where(cursor.before(*key))
        async with self._context.database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return page_of(
            rows,
            limit,
            lambda row: Block(person_card(row), row.created_at_ms),
            lambda row: (row.created_at_ms, row.account_id),
        )
