"""Switching off a webhook that takes nothing, and telling whose it is."""

from collections.abc import Awaitable, Callable

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.tables import channels
from accounts.mail.texts import PageLinks, webhook_switched_off
from accounts.notifications.kind import Kind
from accounts.notifications.own_notices import tell_owner
from accounts.people.tables import accounts
from accounts.ports import MailSender
from accounts.storage import Database
from accounts.webhooks.tables import webhooks
from accounts.webhooks.webhooks import give_up_waiting

OwnerNotice = Callable[[str], Awaitable[None]]
"""Tells whoever a webhook belongs to, by its id, that it was switched off. Raises StorageError."""


async def switch_off(
    connection: AsyncConnection, webhook_id: str, reason: str, now_ms: int
) -> str | None:
    """Send a webhook nothing any more; return the reason, or None if it is off already.

    The owner of its channel finds that among their notifications.
    """
    switched = await connection.execute(
        update(webhooks)
        .where(webhooks.c.id == webhook_id, webhooks.c.is_enabled.is_(True))
        .values(is_enabled=False, disabled_reason=reason, revision=webhooks.c.revision + 1)
    )
    if not switched.rowcount:
        return None
    await give_up_waiting(connection, webhook_id)
    row = (
        await connection.execute(
            select(webhooks.c.channel_id, webhooks.c.name).where(webhooks.c.id == webhook_id)
        )
    ).one()
    if row.channel_id is not None:
        await tell_owner(connection, row.channel_id, Kind.WEBHOOK, row.name, now_ms)
    return reason


class OwnerMail:
    """Writes to the channel's owner, or to who has made a webhook of the server."""

    def __init__(self, database: Database, mail: MailSender, links: PageLinks) -> None:
        self._database = database
        self._mail = mail
        self._links = links

    async def tell(self, webhook_id: str) -> None:
        """Write one mail, if there is anybody left to write to."""
        async with self._database.reading() as connection:
            row = (
                await connection.execute(
                    select(accounts.c.email, channels.c.name)
                    .select_from(webhooks)
                    .outerjoin(channels, channels.c.id == webhooks.c.channel_id)
                    .join(
                        accounts,
                        (accounts.c.id == channels.c.owner_id)
                        | (
                            webhooks.c.channel_id.is_(None)
                            & (accounts.c.id == webhooks.c.made_by_id)
                        ),
                    )
                    .where(webhooks.c.id == webhook_id, accounts.c.suspended_at_ms.is_(None))
                )
            ).first()
        if row is None:
            return
        text = webhook_switched_off(self._links, row.name)
        await self._mail.send(row.email, text.subject, text.text)
