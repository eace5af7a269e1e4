"""What can be found of a broadcast: every title that it had, where it was, what it was about."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.channel_rows import TAGS
from accounts.channels.tables import broadcast_titles, broadcasts, channels
from accounts.search.index import Document, Kind, SearchIndex


async def index_broadcast(
    connection: AsyncConnection, search: SearchIndex, broadcast_id: str
) -> None:
    """Write the search document of a broadcast that is there."""
    row = (
        await connection.execute(
            select(broadcasts, channels.c.name, TAGS)
            .join(channels, channels.c.id == broadcasts.c.channel_id)
            .where(broadcasts.c.id == broadcast_id)
        )
    ).one()
    titles = await connection.scalars(
        select(broadcast_titles.c.title)
        .where(broadcast_titles.c.broadcast_id == broadcast_id)
        .order_by(broadcast_titles.c.at_ms.desc())
    )
    await search.put(
        connection,
        Document(
            kind=Kind.BROADCAST,
            subject_id=broadcast_id,
            channel_id=row.channel_id,
            active_at_ms=row.ended_at_ms or row.started_at_ms,
            heads=tuple(titles),
            bodies=(row.name, row.category or "", *(row.tags or ())),
        ),
    )
