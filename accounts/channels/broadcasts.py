"""Broadcasts: reading what was, and what is, on air; owners may delete what was."""

from typing import Any, Final

from sqlalchemy import Select, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.broadcast import Broadcast, TitleChange
from accounts.channels.context import ChannelsContext
from accounts.channels.errors import ConflictingError, NotAllowedError, NotFoundError
from accounts.channels.sight import Asker, Sight, look_at_channel, see_channel
from accounts.channels.tables import broadcast_titles, broadcasts, channels
from accounts.search.index import Kind
from accounts.storage import Cursor, Page, PreparedList
from accounts.storage.cursor import page_of


class Broadcasts:
    """Past and present broadcasts, for those who may watch their channel."""

    def __init__(self, context: ChannelsContext) -> None:
        self._context = context

    async def of_channel(
        self, channel: str, asker: Asker, cursor: Cursor | None, limit: int
    ) -> Page[Broadcast]:
        """List a channel's broadcasts, the newest first. Raises NotFoundError, NotAllowedError."""
        database = self._context.database
        sight = await look_at_channel(database, channel, asker, self._context.clock())
        rows = await _OF_CHANNEL.fetch(
            database, cursor, limit, channel_id=_watchable(sight).channel.id
        )
        return page_of(rows, limit, broadcast_of, lambda row: (row.started_at_ms, row.id))

    async def get(self, broadcast_id: str, asker: Asker) -> tuple[Broadcast, Sight]:
        """Return a broadcast with its titles, and its channel. Raises NotFoundError."""
        async with self._context.database.reading() as connection:
            return await self._find(connection, broadcast_id, asker)

    async def delete(self, broadcast_id: str, asker: Asker) -> None:
        """Forget a broadcast that is over; for the channel's owner.

        Raises NotFoundError, NotAllowedError, ConflictingError while it goes on.
        """

        async def work(connection: AsyncConnection) -> None:
            broadcast, sight = await self._find(connection, broadcast_id, asker)
            sight.require_owner()
            if broadcast.ended_at_ms is None:
                raise ConflictingError("this broadcast has not ended yet")
            await connection.execute(delete(broadcasts).where(broadcasts.c.id == broadcast.id))
            await self._context.search.remove(connection, Kind.BROADCAST, broadcast.id)

        await self._context.database.write(work)

    async def _find(
        self, connection: AsyncConnection, broadcast_id: str, asker: Asker
    ) -> tuple[Broadcast, Sight]:
        row = (
            await connection.execute(select_broadcasts().where(broadcasts.c.id == broadcast_id))
        ).first()
        if row is None:
            raise NotFoundError("there is no such broadcast")
        try:
            sight = await see_channel(connection, row.channel, asker, self._context.clock())
            _watchable(sight)
        except (NotFoundError, NotAllowedError):
            raise NotFoundError("there is no such broadcast") from None
        titles = await connection.execute(
            select(broadcast_titles.c.at_ms, broadcast_titles.c.title, broadcast_titles.c.category)
            .where(broadcast_titles.c.broadcast_id == broadcast_id)
            .order_by(broadcast_titles.c.at_ms)
        )
        changes = tuple(TitleChange(each.at_ms, each.title, each.category) for each in titles)
        return broadcast_of(row, changes), sight


def select_broadcasts() -> Select[Any]:
    """Select broadcasts with their channels' names, as `broadcast_of` reads them."""
    return select(broadcasts, channels.c.name.label("channel")).join(
        channels, channels.c.id == broadcasts.c.channel_id
    )


_OF_CHANNEL: Final = PreparedList(
    select_broadcasts().where(broadcasts.c.channel_id == bindparam("channel_id")),
    broadcasts.c.started_at_ms,
    broadcasts.c.id,
)
_NAMES: Final = tuple(column.name for column in broadcasts.c)


def broadcast_of(row: Any, titles: tuple[TitleChange, ...] = ()) -> Broadcast:
    """Make a Broadcast of a row of `select_broadcasts`."""
    return Broadcast(**dict(zip(_NAMES, row, strict=False)), channel=row.channel, titles=titles)


def _watchable(sight: Sight) -> Sight:
    if not sight.may_watch and not sight.standing.runs_it:
        raise NotAllowedError("only who may watch this channel sees its broadcasts")
    return sight
