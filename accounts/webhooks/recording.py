"""Recording: facts become deliveries, in the transaction that passes them."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import exists, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.facts import Fact
from accounts.facts.tables import facts
from accounts.ports import Clock
from accounts.storage import new_id
from accounts.webhooks.delivery_log import body_of
from accounts.webhooks.event import EventOf
from accounts.webhooks.settings import WebhooksSettings
from accounts.webhooks.tables import webhook_deliveries, webhooks
from accounts.webhooks.webhook import DeliveryState

READER: Final = "webhook-deliveries"
# What a webhook that is switched off, or asks for other kinds, is not told now it never is told:
# such facts are read, too, not passed over, and are done with.
WANTED: Final = exists().where(
    or_(webhooks.c.channel_id.is_(None), webhooks.c.channel_id == facts.c.channel_id)
)


class DeliveryRecording:
    """Writes down what is to be delivered. `take` is for a FactReader."""

    def __init__(self, event_of: EventOf, clock: Clock, settings: WebhooksSettings) -> None:
        self._event_of = event_of
        self._clock = clock
        self._settings = settings

    async def take(self, connection: AsyncConnection, found: Sequence[Fact]) -> int:
        """Make deliveries of facts for those who asked for such; all of them."""
        told = [(fact, event) for fact in found if (event := self._event_of(fact)) is not None]
        if not told:
            return len(found)
        hooks = await _hooks_of(connection, {fact.channel_id for fact, _ in told})
        waiting = await _waiting(connection, [hook.id for hook in hooks])
        rows: list[dict[str, Any]] = []
        for fact, event in told:
            body = body_of(event.kind.value, fact.at_ms, event.members)
            for hook in hooks:
                is_of = hook.channel_id is None or hook.channel_id == fact.channel_id
                # A webhook is told of what happens from when it was made on.
                if is_of and event.kind.value in hook.kinds and hook.created_at_ms <= fact.at_ms:
                    rows.append(self._row(hook.id, fact, event.kind.value, body, waiting))
        if rows:
            await connection.execute(insert(webhook_deliveries), rows)
        return len(found)

    def _row(
        self, webhook_id: str, fact: Fact, kind: str, body: str, waiting: dict[str, int]
    ) -> dict[str, Any]:
        delivery_id, now_ms = new_id("whd"), self._clock()
        waiting[webhook_id] = waiting.get(webhook_id, 0) + 1
        has_room = waiting[webhook_id] <= self._settings.waiting_per_webhook
        return {
            "id": delivery_id,
            "webhook_id": webhook_id,
            "message_id": delivery_id,
            "fact_id": fact.id,
            "kind": kind,
            "body": body,
            "state": (DeliveryState.WAITING if has_room else DeliveryState.FAILED).value,
            "attempts": 0,
            "created_at_ms": now_ms,
            "due_at_ms": now_ms if has_room else None,
            "error": None if has_room else "too-many-waiting",
        }


async def _hooks_of(connection: AsyncConnection, channel_ids: set[str]) -> Sequence[Any]:
    found = await connection.execute(
        select(webhooks.c.id, webhooks.c.channel_id, webhooks.c.kinds, webhooks.c.created_at_ms)
        .where(
            webhooks.c.is_enabled.is_(True),
            or_(webhooks.c.channel_id.is_(None), webhooks.c.channel_id.in_(channel_ids)),
        )
        .order_by(webhooks.c.id)
    )
    return found.all()


async def _waiting(connection: AsyncConnection, webhook_ids: list[str]) -> dict[str, int]:
    table = webhook_deliveries
    found = await connection.execute(
        select(table.c.webhook_id, func.count())
        .where(table.c.webhook_id.in_(webhook_ids), table.c.due_at_ms.is_not(None))
        .group_by(table.c.webhook_id)
    )
    return {str(webhook_id): int(count) for webhook_id, count in found}
