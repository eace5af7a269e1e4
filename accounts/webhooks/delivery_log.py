"""DeliveryLog: what was delivered, and what is to be delivered once more."""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.api.model import utc_text
from accounts.channels.errors import ConflictingError, LimitReachedError, NotFoundError
from accounts.channels.sight import Asker
from accounts.storage import Cursor, Page, new_id
from accounts.storage.cursor import page_of
from accounts.webhooks.event import TEST_KIND
from accounts.webhooks.tables import webhook_deliveries
from accounts.webhooks.webhook import Delivery, DeliveryState, Webhook, delivery_of
from accounts.webhooks.webhooks import Webhooks


class DeliveryLog:
    """Reads deliveries and adds some. `wake` is called when there is something to send."""

    def __init__(self, webhooks: Webhooks, wake: Callable[[], None]) -> None:
        self._webhooks = webhooks
        self._wake = wake

    async def page(
        self,
        channel: str | None,
        asker: Asker,
        webhook_id: str,
        cursor: Cursor | None,
        limit: int,
    ) -> Page[Delivery]:
        """List deliveries, the newest first. Raises NotFoundError, NotAllowedError."""
        table = webhook_deliveries
        async with self._webhooks.database.reading() as connection:
            found = await self._webhooks.find(connection, channel, asker, webhook_id)
            query = (
                select(table)
                .where(table.c.webhook_id == found.id)
                .order_by(table.c.created_at_ms.desc(), table.c.id.desc())
                .limit(limit + 1)
            )
            if cursor is not None:
                query = query.where(cursor.before(table.c.created_at_ms, table.c.id))
            rows = (await connection.execute(query)).all()
        return page_of(rows, limit, delivery_of, lambda row: (row.created_at_ms, row.id))

    async def get(
        self, channel: str | None, asker: Asker, webhook_id: str, delivery_id: str
    ) -> Delivery:
        """Return one delivery. Raises NotFoundError, NotAllowedError."""
        async with self._webhooks.database.reading() as connection:
            found = await self._webhooks.find(connection, channel, asker, webhook_id)
            return delivery_of(await _row(connection, found.id, delivery_id))

    async def replay(
        self, channel: str | None, asker: Asker, webhook_id: str, delivery_id: str
    ) -> Delivery:
        """Deliver the same once more: the same body, and the same id for the receiver.

        Raises NotFoundError, NotAllowedError, ConflictingError, LimitReachedError.
        """
        limit = self._webhooks.settings.waiting_per_webhook

        async def work(connection: AsyncConnection) -> Delivery:
            found = await self._webhooks.find(connection, channel, asker, webhook_id)
            if not found.is_enabled:
                raise ConflictingError("the webhook is switched off: switch it on first")
            row = await _row(connection, found.id, delivery_id)
            if row.due_at_ms is not None:
                raise ConflictingError("it is on its way already")
            waiting = await connection.scalar(
                select(func.count()).where(
                    webhook_deliveries.c.webhook_id == found.id,
                    webhook_deliveries.c.due_at_ms.is_not(None),
                )
            )
            if (waiting or 0) >= limit:
                raise LimitReachedError(f"{limit} deliveries wait already: repeat it later")
            return await self._add(
                connection, found, kind=row.kind, body=row.body, message_id=row.message_id
            )

        made = await self._webhooks.database.write(work)
        self._wake()
        return made

    async def test(self, channel: str | None, asker: Asker, webhook_id: str) -> Delivery:
        """Deliver something that says that it is a test, also where all else is switched off.

        Raises NotFoundError, NotAllowedError.
        """

        async def work(connection: AsyncConnection) -> Delivery:
            found = await self._webhooks.find(connection, channel, asker, webhook_id)
            members = {"webhookId": found.id, "name": found.name, "channel": channel}
            body = body_of(TEST_KIND, self._webhooks.clock(), members)
            return await self._add(connection, found, kind=TEST_KIND, body=body)

        made = await self._webhooks.database.write(work)
        self._wake()
        return made

    async def _add(
        self,
        connection: AsyncConnection,
        webhook: Webhook,
        *,
        kind: str,
        body: str,
        message_id: str | None = None,
    ) -> Delivery:
        delivery_id, now_ms = new_id("whd"), self._webhooks.clock()
        await connection.execute(
            insert(webhook_deliveries).values(
                id=delivery_id,
                webhook_id=webhook.id,
                message_id=message_id or delivery_id,
                kind=kind,
                body=body,
                state=DeliveryState.WAITING.value,
                attempts=0,
                created_at_ms=now_ms,
                due_at_ms=now_ms,
            )
        )
        return delivery_of(await _row(connection, webhook.id, delivery_id))


def body_of(kind: str, at_ms: int, members: Any) -> str:
    """Write what is sent (Standard Webhooks, "payload structure")."""
    message = {"type": kind, "timestamp": utc_text(at_ms), "data": members}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


async def _row(connection: AsyncConnection, webhook_id: str, delivery_id: str) -> Any:
    found = await connection.execute(
        select(webhook_deliveries).where(
            webhook_deliveries.c.id == delivery_id, webhook_deliveries.c.webhook_id == webhook_id
        )
    )
    row = found.first()
    if row is None:
        raise NotFoundError("this webhook has no such delivery")
    return row
