"""Follows: who wants to hear of which channel, and of how much."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import and_, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.channel import Channel
from accounts.channels.channel_facts import note_follower
from accounts.channels.channel_rows import channel_of, select_channels
from accounts.channels.context import ChannelsContext
from accounts.channels.errors import LimitReachedError, NotAllowedError, NotFoundError
from accounts.channels.follow_ends import count_end
from accounts.channels.owners import PERSON_COLUMNS, PersonCard, owner_is_closed, person_card
from accounts.channels.playback_voids import void_viewer
from accounts.channels.sight import Asker, Sight, see_channel
from accounts.channels.tables import channels, follows
from accounts.channels.visibility import Visibility, may_follow
from accounts.events import Followed, Unfollowed
from accounts.people.tables import accounts
from accounts.storage import Cursor, Page, PreparedChange, PreparedList, PreparedRead
from accounts.storage.cursor import page_of


class Level(StrEnum):
    """What a follower wants to hear of."""

    ALL = "all"
    LIVE = "live"  # only that the channel is live
    NONE = "none"  # nothing; the channel is listed among those followed


@dataclass(frozen=True, slots=True)
class Follow:
    """One account follows one channel since then."""

    level: Level
    since_ms: int


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody who follows a channel."""

    person: PersonCard
    since_ms: int


@dataclass(frozen=True, slots=True)
class FollowedChannel:
    """A channel that somebody follows."""

    channel: Channel
    follow: Follow


_IS_FOLLOWED: Final = (
    select_channels()
    .add_columns(follows.c.level, follows.c.created_at_ms.label("followed_at_ms"))
    .join(follows, follows.c.channel_id == channels.c.id)
    .where(
        follows.c.account_id == bindparam("account"),
        channels.c.visibility != Visibility.PRIVATE.value,
        channels.c.banned_at_ms.is_(None),
        ~owner_is_closed(),
    )
)
_NEWEST_FIRST: Final = (follows.c.created_at_ms, follows.c.channel_id)
_FOLLOWED: Final = PreparedList(_IS_FOLLOWED, *_NEWEST_FIRST)
_FOLLOWED_AND_LIVE: Final = PreparedList(
    _IS_FOLLOWED.where(channels.c.live_since_ms.is_not(None)), *_NEWEST_FIRST
)
_IS_THIS: Final = and_(
    follows.c.account_id == bindparam("follower"), follows.c.channel_id == bindparam("followed")
)
_FOLLOW: Final = PreparedRead(select(follows.c.level, follows.c.created_at_ms).where(_IS_THIS))
_FOLLOWER: Final = PreparedRead(
    select(
        accounts.c.display_name,
        select(func.count())
        .where(follows.c.account_id == accounts.c.id)
        .scalar_subquery()
        .label("followed_count"),
    ).where(accounts.c.id == bindparam("follower"))
)
_FOLLOWED_CALLED: Final = PreparedRead(
    select(channels.c.id, channels.c.name)
    .join(follows, follows.c.channel_id == channels.c.id)
    .where(channels.c.name == bindparam("called"), follows.c.account_id == bindparam("follower"))
)
_INSERT: Final = PreparedChange(
    insert(follows), "account_id", "channel_id", "level", "created_at_ms"
)
_CHANGE_LEVEL: Final = PreparedChange(
    update(follows).where(_IS_THIS).values(level=bindparam("wanted"))
)
_DELETE: Final = PreparedChange(delete(follows).where(_IS_THIS))
_RECOUNT: Final = PreparedChange(
    update(channels)
    .where(channels.c.id == bindparam("followed"))
    .values(follower_count=channels.c.follower_count + bindparam("change"))
)


class Follows:
    """Follows, unfollows and lists."""

    def __init__(self, context: ChannelsContext) -> None:
        self._context = context

    async def put(self, channel: str, asker: Asker, level: Level) -> tuple[Follow, bool]:
        """Follow, or want to hear of more or less; return whether it is new.

        Raises NotFoundError, NotAllowedError, LimitReachedError.
        """
        account_id, now_ms = _known(asker), self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[Sight, Follow, bool]:
            sight = await see_channel(connection, channel, asker, now_ms)
            here = {"follower": account_id, "followed": sight.channel.id}
            if not may_follow(sight.channel.visibility, sight.standing, is_closed=sight.is_closed):
                raise NotAllowedError("you cannot follow this channel")
            if sight.standing.is_follower:
                (known,) = await _FOLLOW.within(connection, **here)
                await _CHANGE_LEVEL.within(connection, **here, wanted=level.value)
                return sight, Follow(level, known.created_at_ms), False
            (follower,) = await _FOLLOWER.within(connection, follower=account_id)
            limit = self._context.settings.follows_per_account
            if follower.followed_count >= limit:
                raise LimitReachedError(f"an account follows {limit} channels at most")
            await _INSERT.within(
                connection,
                account_id=account_id,
                channel_id=sight.channel.id,
                level=level.value,
                created_at_ms=now_ms,
            )
            await _RECOUNT.within(connection, followed=sight.channel.id, change=1)
            await note_follower(
                connection, sight.channel, account_id, follower.display_name, now_ms
            )
            return sight, Follow(level, now_ms), True

        sight, follow, is_new = await self._context.database.write(work, is_short=True)
        if is_new:
            self._context.emit(
                Followed(
                    at_ms=now_ms,
                    channel_id=sight.channel.id,
                    channel=sight.channel.name,
                    account_id=account_id,
                    level=level.value,
                )
            )
        return follow, is_new

    async def get(self, channel: str, asker: Asker) -> Follow | None:
        """Return the asker's own follow of a channel, if there is one. Raises NotFoundError."""
        async with self._context.database.reading() as connection:
            sight = await see_channel(connection, channel, asker, self._context.clock())
            row = await _FOLLOW.first_within(
                connection, follower=asker.account_id, followed=sight.channel.id
            )
        return None if row is None else Follow(Level(row.level), row.created_at_ms)

    async def remove(self, channel: str, asker: Asker) -> None:
        """Unfollow; nothing happens to who does not follow.

        A channel that the asker may not know of any more can be left all the same.
        """
        account_id, now_ms = _known(asker), self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[str, str, bool] | None:
            row = await _FOLLOWED_CALLED.first_within(
                connection, called=channel.lower(), follower=account_id
            )
            if row is None:
                await see_channel(connection, channel, asker, now_ms)
                return None
            is_shut_out = await end_follow(connection, row.id, account_id, now_ms)
            return row.id, row.name, is_shut_out

        gone = await self._context.database.write(work, is_short=True)
        if gone is not None:
            channel_id, name, is_shut_out = gone
            if is_shut_out:
                await self._context.enforce(name)
            self._context.emit(
                Unfollowed(at_ms=now_ms, channel_id=channel_id, channel=name, account_id=account_id)
            )

    async def followers(
        self, channel: str, asker: Asker, cursor: Cursor | None, limit: int
    ) -> Page[Follower]:
        """List who follows, the newest first; for the channel's moderators and owner alone."""
        async with self._context.database.reading() as connection:
            sight = await see_channel(connection, channel, asker, self._context.clock())
            sight.require_moderator()
            key = (follows.c.created_at_ms, follows.c.account_id)
            query = (
                select(follows.c.account_id, follows.c.created_at_ms, *PERSON_COLUMNS)
                .join(accounts, accounts.c.id == follows.c.account_id)
                .where(follows.c.channel_id == sight.channel.id)
                .order_by(key[0].desc(), key[1].desc())
                .limit(limit + 1)
            )
            if cursor is not None:
                query = query.where(cursor.before(*key))
            rows = (await connection.execute(query)).all()
        return page_of(
            rows,
            limit,
            lambda row: Follower(person_card(row), row.created_at_ms),
            lambda row: (row.created_at_ms, row.account_id),
        )

    async def following(
        self, asker: Asker, cursor: Cursor | None, limit: int, *, live_only: bool = False
    ) -> Page[FollowedChannel]:
        """List the channels that the asker follows and may know of, the newest follow first."""
        wanted = _FOLLOWED_AND_LIVE if live_only else _FOLLOWED
        rows = await wanted.fetch(self._context.database, cursor, limit, account=asker.account_id)
        pairs = [(row, channel_of(row)) for row in rows]
        return page_of(
            pairs,
            limit,
            lambda pair: FollowedChannel(
                pair[1], Follow(Level(pair[0].level), pair[0].followed_at_ms)
            ),
            lambda pair: (pair[0].followed_at_ms, pair[1].id),
        )


async def end_follow(
    connection: AsyncConnection, channel_id: str, account_id: str, now_ms: int
) -> bool:
    """Let an account follow a channel no more; return whether that took leave to watch from it.

    Tokens that it had as a follower are void.
    """
    await count_end(connection, channel_id, account_id, now_ms)
    if not await _DELETE.within(connection, follower=account_id, followed=channel_id):
        return False
    await _RECOUNT.within(connection, followed=channel_id, change=-1)
    return await void_viewer(connection, [channel_id], account_id, now_ms)


def _known(asker: Asker) -> str:
    if asker.account_id is None:
        raise NotFoundError("only accounts follow channels")
    return asker.account_id
