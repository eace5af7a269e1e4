"""Channel facts: what the channel side leaves in the outbox, in the transaction of each change."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.channel import Channel
from accounts.channels.tables import broadcasts, channels
from accounts.channels.visibility import Visibility
from accounts.facts import FactKind, write_fact
from accounts.storage import PreparedRead

_LIVE: Final = PreparedRead(
    select(broadcasts.c.id, broadcasts.c.started_at_ms).where(
        broadcasts.c.channel_id == bindparam("channel"), broadcasts.c.ended_at_ms.is_(None)
    )
)


@dataclass(frozen=True, slots=True)
class Begun:
    """A broadcast that has just begun, and what its channel says of itself."""

    broadcast_id: str
    channel_id: str
    channel: str
    title: str
    category: str | None
    visibility: Visibility
    at_ms: int


async def note_started(connection: AsyncConnection, begun: Begun) -> None:
    """Note that a channel is live."""
    await write_fact(
        connection,
        FactKind.BROADCAST_STARTED,
        channel_id=begun.channel_id,
        channel=begun.channel,
        at_ms=begun.at_ms,
        details={
            "broadcastId": begun.broadcast_id,
            "title": begun.title,
            "category": begun.category,
            "startedAtMs": begun.at_ms,
            "isListed": begun.visibility.is_listed,
        },
    )


async def note_ended(
    connection: AsyncConnection, channel_id: str, channel: str, broadcast_id: str, at_ms: int
) -> None:
    """Note that a channel is live no more."""
    visibility = await connection.scalar(
        select(channels.c.visibility).where(channels.c.id == channel_id)
    )
    is_listed = visibility is not None and Visibility(visibility).is_listed
    await write_fact(
        connection,
        FactKind.BROADCAST_ENDED,
        channel_id=channel_id,
        channel=channel,
        at_ms=at_ms,
        details={"broadcastId": broadcast_id, "isListed": is_listed},
    )


async def note_changed(
    connection: AsyncConnection,
    before: Channel,
    after: Channel,
    changed: Collection[str],
    at_ms: int,
) -> None:
    """Note that a channel says something else of itself, or is open to others than before."""
    live = await _LIVE.first_within(connection, channel=after.id)
    await write_fact(
        connection,
        FactKind.CHANNEL_CHANGED,
        channel_id=after.id,
        channel=after.name,
        at_ms=at_ms,
        details={
            "changed": sorted(changed),
            "title": after.title,
            "category": after.category,
            "visibility": after.visibility.value,
            "wasListed": before.visibility.is_listed,
            "isListed": after.visibility.is_listed,
            "broadcastId": None if live is None else live.id,
            "startedAtMs": None if live is None else live.started_at_ms,
        },
    )


async def note_follower(
    connection: AsyncConnection, channel: Channel, account_id: str, name: str, at_ms: int
) -> None:
    """Note that an account follows a channel; for the channel's owner to hear of."""
    await write_fact(
        connection,
        FactKind.FOLLOWER_GAINED,
        channel_id=channel.id,
        channel=channel.name,
        at_ms=at_ms,
        details={
            "ownerId": channel.owner_id,
            "followerId": account_id,
            "followerName": name,
            "followerCount": channel.follower_count + 1,
        },
    )
