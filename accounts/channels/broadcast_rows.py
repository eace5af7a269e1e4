"""Opening, finding and closing the rows of broadcasts, with all that goes with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.broadcast_document import index_broadcast
from accounts.channels.channel_facts import Begun, note_ended, note_started
from accounts.channels.tables import broadcast_titles, broadcasts, channels
from accounts.channels.visibility import Visibility
from accounts.search.index import Kind, SearchIndex
from accounts.storage import new_id


@dataclass(frozen=True, slots=True)
class OpenBroadcast:
    """A broadcast that goes on."""

    id: str
    channel_id: str
    channel: str
    epoch: str
    started_at_ms: int
    alive_at_ms: int


async def find_open(
    connection: AsyncConnection,
    *,
    channel_id: str | None = None,
    alive_before_ms: int | None = None,
) -> list[OpenBroadcast]:
    """Return the broadcasts that nobody has closed.

    Of one channel, if that is asked for; those that nobody spoke for since a moment, if that is.
    """
    query = (
        select(
            broadcasts.c.id,
            broadcasts.c.channel_id,
            channels.c.name,
            broadcasts.c.epoch,
            broadcasts.c.started_at_ms,
            broadcasts.c.alive_at_ms,
        )
        .join(channels, channels.c.id == broadcasts.c.channel_id)
        .where(broadcasts.c.ended_at_ms.is_(None))
    )
    if channel_id is not None:
        query = query.where(broadcasts.c.channel_id == channel_id)
    if alive_before_ms is not None:
        query = query.where(broadcasts.c.alive_at_ms < alive_before_ms)
    return [OpenBroadcast(*row) for row in await connection.execute(query)]


async def open_broadcast(
    connection: AsyncConnection, search: SearchIndex, channel: str, epoch: str, at_ms: int
) -> tuple[OpenBroadcast, str, bool] | None:
    """Open the broadcast of an epoch, or go on with it; return it, its title, whether it is new.

    An earlier one that nobody closed ends when it was last seen. None if the channel is gone.
    """
    row = (await connection.execute(select(channels).where(channels.c.name == channel))).first()
    if row is None:
        return None
    for earlier in await find_open(connection, channel_id=row.id):
        if earlier.epoch != epoch:
            await close_broadcast(connection, search, earlier, earlier.alive_at_ms, None)
    known = await connection.scalar(
        select(broadcasts.c.id).where(
            broadcasts.c.channel_id == row.id, broadcasts.c.epoch == epoch
        )
    )
    broadcast_id = known or new_id("brc")
    if known is None:
        await connection.execute(
            insert(broadcasts).values(
                id=broadcast_id,
                channel_id=row.id,
                epoch=epoch,
                title=row.title,
                category=row.category,
                language=row.language,
                is_mature=row.is_mature,
                started_at_ms=at_ms,
                alive_at_ms=at_ms,
                peak_viewers=0,
                viewer_ms=0,
                counted_ms=0,
            )
        )
        await connection.execute(
            insert(broadcast_titles).values(
                broadcast_id=broadcast_id, at_ms=at_ms, title=row.title, category=row.category
            )
        )
        await index_broadcast(connection, search, broadcast_id)
        begun = Begun(
            broadcast_id,
            row.id,
            channel,
            row.title,
            row.category,
            Visibility(row.visibility),
            at_ms,
        )
        await note_started(connection, begun)
    else:
        await connection.execute(
            update(broadcasts)
            .where(broadcasts.c.id == broadcast_id)
            .values(interrupted_at_ms=None, ended_at_ms=None)
        )
    await connection.execute(
        update(channels)
        .where(channels.c.id == row.id)
        .values(live_since_ms=at_ms, last_live_ms=at_ms)
    )
    await search.touch(connection, Kind.CHANNEL, row.id, at_ms)
    broadcast = OpenBroadcast(broadcast_id, row.id, channel, epoch, at_ms, at_ms)
    return broadcast, row.title, known is None


async def close_broadcast(
    connection: AsyncConnection,
    search: SearchIndex,
    broadcast: OpenBroadcast,
    at_ms: int,
    technical: Mapping[str, Any] | None,
) -> bool:
    """End a broadcast at a moment; return whether it was still open."""
    end_ms = max(at_ms, broadcast.started_at_ms)
    done = await connection.execute(
        update(broadcasts)
        .where(broadcasts.c.id == broadcast.id, broadcasts.c.ended_at_ms.is_(None))
        .values(
            ended_at_ms=end_ms,
            alive_at_ms=end_ms,
            interrupted_at_ms=None,
            technical=None if technical is None else dict(technical),
        )
    )
    if not done.rowcount:
        return False
    await connection.execute(
        update(channels)
        .where(channels.c.id == broadcast.channel_id)
        .values(live_since_ms=None, last_live_ms=end_ms, viewer_count=0)
    )
    await search.touch(connection, Kind.BROADCAST, broadcast.id, end_ms)
    await search.touch(connection, Kind.CHANNEL, broadcast.channel_id, end_ms)
    await note_ended(connection, broadcast.channel_id, broadcast.channel, broadcast.id, end_ms)
    return True
