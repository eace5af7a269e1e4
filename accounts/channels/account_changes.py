"""What happens to channels when something happens to an account. Called by who changes accounts.

Each belongs into the transaction of the change itself; servers act on the notes that are left
within a moment.
"""

from sqlalchemy import exists, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.follow_ends import count_ends_of
from accounts.channels.playback_voids import void_viewer_where
from accounts.channels.rule_notes import note_rule_change
from accounts.channels.tables import channel_moderators, channels, follows
from accounts.people.tables import accounts


async def account_closed_or_opened(
    connection: AsyncConnection, account_id: str, now_ms: int
) -> None:
    """Close the channels of an account that was suspended, or open them again.

    What it watches by its own right ends.
    """
    await _note_own_channels(connection, account_id, now_ms)
    await _void_all(connection, account_id, now_ms)


async def account_leaves(connection: AsyncConnection, account_id: str, now_ms: int) -> None:
    """Prepare for an account's row to be deleted, and with it its channels and follows."""
    await _note_own_channels(connection, account_id, now_ms)
    await _void_all(connection, account_id, now_ms)
    await count_ends_of(connection, account_id, now_ms)
    followed = select(follows.c.channel_id).where(follows.c.account_id == account_id)
    await connection.execute(
        update(channels)
        .where(channels.c.id.in_(followed))
        .values(follower_count=channels.c.follower_count - 1)
    )


async def account_steps_down(connection: AsyncConnection, account_id: str, now_ms: int) -> None:
    """Take back what an administrator, who is one no more, was given leave to watch.

    Own channels and those that it follows or moderates are asked for anew.
    """
    await void_viewer_where(connection, true(), account_id, now_ms)


async def channels_of_account(connection: AsyncConnection, account_id: str) -> list[str]:
    """Return the names of an account's channels."""
    return list(
        await connection.scalars(
            select(channels.c.name)
            .where(channels.c.owner_id == account_id)
            .order_by(channels.c.name)
        )
    )


async def _note_own_channels(connection: AsyncConnection, account_id: str, now_ms: int) -> None:
    own = await connection.scalars(select(channels.c.id).where(channels.c.owner_id == account_id))
    await note_rule_change(connection, list(own), now_ms)


async def _void_all(connection: AsyncConnection, account_id: str, now_ms: int) -> None:
    """Take back every token that the account can have, on its own channels too."""
    followed = select(follows.c.channel_id).where(follows.c.account_id == account_id)
    moderated = select(channel_moderators.c.channel_id).where(
        channel_moderators.c.account_id == account_id
    )
    is_admin = exists().where(accounts.c.id == account_id, accounts.c.role == "admin")
    which = or_(
        channels.c.owner_id == account_id,
        channels.c.id.in_(followed),
        channels.c.id.in_(moderated),
        is_admin,
    )
    await void_viewer_where(connection, which, account_id, now_ms)
