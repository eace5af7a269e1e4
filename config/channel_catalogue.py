"""ChannelCatalogue: the channels as recommendations see them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.api.resources.channel_views import channel_card
from accounts.channels.channel import Channel
from accounts.channels.channel_rows import channel_of, select_channels
from accounts.channels.context import ChannelsContext
from accounts.channels.directory import Directory, Filter
from accounts.channels.errors import NotFoundError
from accounts.channels.sight import Asker, look_at_channel
from accounts.channels.tables import blocks, channels, follows, viewer_bans
from accounts.channels.visibility import Visibility
from accounts.storage import PreparedRead
from analytics.recommendations.ports import LiveChannel
from analytics.recommendations.ranking import Candidate
from analytics.recommendations.taste import Traits

_CANDIDATES: Final = 100  # the most watched, besides all that is followed
_FOLLOWED: Final = 5_000  # as many as an account may follow, unless set otherwise


class ChannelCatalogue:
    """Implements Catalogue."""

    def __init__(self, context: ChannelsContext) -> None:
        self._context = context
        self._directory = Directory(context)

    async def live_for(self, account_id: str) -> Sequence[LiveChannel]:
        """Return the most watched of what is listed, and what is live of the followed."""
        page = await self._directory.most_watched(Filter(), None, _CANDIDATES)
        found = {each.id: each for each in page.items}
        database = self._context.database
        rows = await database.fetch(_LIVE_FOLLOWED, account_id=account_id)
        followed = {each.id: each for each in map(channel_of, rows)}
        found.update(followed)
        bans = await database.fetch(_BANS, account_id=account_id, now_ms=self._context.clock())
        shut = {row.channel_id for row in bans}
        owners: set[str] = set()
        for row in await database.fetch(_BLOCKS, account_id=account_id):
            owners |= {row.account_id, row.blocked_id}
        return [
            LiveChannel(
                Candidate(each.id, _traits(each), each.viewer_count, each.id in followed),
                channel_card(each),
            )
            for each in found.values()
            if each.owner_id != account_id
            and each.owner_id not in owners
            and each.id not in shut
            and (each.visibility is Visibility.PUBLIC or each.id in followed)
        ]

    async def traits_of(self, channel_ids: Collection[str]) -> Mapping[str, Traits]:
        """Return what channels are like, by id; those that are gone are left out."""
        return {each.id: _traits(each) for each in await self._channels(channel_ids)}

    async def followed_by(self, account_id: str) -> Collection[str]:
        """Return the ids of the channels that an account follows."""
        rows = await self._context.database.fetch(_FOLLOWS, account_id=account_id)
        return [row.channel_id for row in rows]

    async def names_of(self, channel_ids: Collection[str]) -> Mapping[str, str]:
        """Return the names of channels, by id."""
        return {each.id: each.name for each in await self._channels(channel_ids)}

    async def watchable(self, name: str, account_id: str) -> str | None:
        """Return the id of a channel that is live and that the account may watch, or None."""
        context = self._context
        try:
            sight = await look_at_channel(
                context.database, name, Asker(account_id), context.clock()
            )
        except NotFoundError:
            return None
        is_live = sight.channel.live_since_ms is not None
        return sight.channel.id if is_live and sight.may_watch else None

    async def _channels(self, channel_ids: Iterable[str]) -> list[Channel]:
        wanted = sorted(set(channel_ids))
        found: list[Channel] = []
        if not wanted:
            return found
        async with self._context.database.reading() as connection:
            for start in range(0, len(wanted), 500):  # fewer than either database takes values
                found += await _read(connection, wanted[start : start + 500])
        return found


async def _read(connection: AsyncConnection, channel_ids: Sequence[str]) -> list[Channel]:
    rows = await connection.execute(select_channels().where(channels.c.id.in_(channel_ids)))
    return [channel_of(row) for row in rows]


def _traits(channel: Channel) -> Traits:
    return Traits(
        category=channel.category,
        tags=channel.tags,
        language=channel.language,
        is_mature=channel.is_mature,
    )


_FOLLOWS: Final = PreparedRead(
    select(follows.c.channel_id)
    .where(follows.c.account_id == bindparam("account_id"))
    .order_by(follows.c.created_at_ms.desc())
    .limit(_FOLLOWED)
)
_LIVE_FOLLOWED: Final = PreparedRead(
    select_channels()
    .join(follows, follows.c.channel_id == channels.c.id)
    .where(
        follows.c.account_id == bindparam("account_id"),
        channels.c.live_since_ms.is_not(None),
        channels.c.banned_at_ms.is_(None),
        channels.c.visibility != Visibility.PRIVATE.value,
    )
    .limit(_CANDIDATES)
)
_BANS: Final = PreparedRead(
    select(viewer_bans.c.channel_id).where(
        viewer_bans.c.account_id == bindparam("account_id"),
        or_(viewer_bans.c.ends_at_ms.is_(None), viewer_bans.c.ends_at_ms > bindparam("now_ms")),
    )
)
# Who has blocked the account, and whom it has blocked.
_BLOCKS: Final = PreparedRead(
    select(blocks.c.account_id, blocks.c.blocked_id).where(
        or_(
            blocks.c.blocked_id == bindparam("account_id"),
            blocks.c.account_id == bindparam("account_id"),
        )
    )
)
