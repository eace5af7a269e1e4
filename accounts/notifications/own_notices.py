"""What is told to a channel's owner alone: of what they run, not of whom they follow."""

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.tables import channels
from accounts.notifications.kind import NO_BROADCAST, Kind
from accounts.notifications.quiet_hours import is_quiet
from accounts.notifications.stored import note_stored
from accounts.notifications.tables import notices, notification_settings, notifications
from accounts.people.tables import accounts
from accounts.storage import new_id


async def tell_owner(
    connection: AsyncConnection, channel_id: str, kind: Kind, title: str, now_ms: int
) -> None:
    """Give the owner of a channel a notification, in the transaction of what it tells of.

    Whoever reads facts pushes it and tells those of the owner's pages that are open.
    """
    settings = notification_settings
    found = await connection.execute(
        select(
            channels.c.name,
            channels.c.owner_id,
            settings.c.quiet_from_min,
            settings.c.quiet_to_min,
            settings.c.time_zone,
        )
        .join(accounts, accounts.c.id == channels.c.owner_id)
        .outerjoin(settings, settings.c.account_id == channels.c.owner_id)
        .where(channels.c.id == channel_id, accounts.c.suspended_at_ms.is_(None))
    )
    row = found.first()
    if row is None:
        return
    quiet = is_quiet(row, now_ms)
    notice_id = new_id("ntc")
    fact_id = await note_stored(
        connection,
        notice_id,
        kind,
        channel_id=channel_id,
        channel=row.name,
        title=title,
        broadcast_id=NO_BROADCAST,
        at_ms=now_ms,
        aloud=[] if quiet else [row.owner_id],
        quiet=[row.owner_id] if quiet else [],
    )
    await connection.execute(
        insert(notices).values(
            id=notice_id,
            kind=kind.value,
            channel_id=channel_id,
            broadcast_id=notice_id,
            title=title,
            fact_id=fact_id,
            at_ms=now_ms,
        )
    )
    await connection.execute(
        insert(notifications).values(
            account_id=row.owner_id,
            notice_id=notice_id,
            fact_id=fact_id,
            at_ms=now_ms,
            is_quiet=quiet,
        )
    )
