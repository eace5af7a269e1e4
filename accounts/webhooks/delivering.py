"""Delivering: signs what is due, sends it, and writes down how it went."""

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from sqlalchemy import case, delete, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.outbound.backoff import pause_s
from accounts.outbound.client import OutboundAnswer, OutboundClient
from accounts.outbound.delivery_loop import LEASE_MARGIN_S
from accounts.outbound.errors import OutboundError, TargetError
from accounts.outbound.lanes import Lanes
from accounts.outbound.settings import OutboundSettings
from accounts.outbound.target import parse_target
from accounts.people.sealing import Seal, UnsealError
from accounts.ports import Clock
from accounts.storage import Database
from accounts.webhooks.event import TEST_KIND
from accounts.webhooks.settings import WebhooksSettings
from accounts.webhooks.signature import signed_headers
from accounts.webhooks.switching_off import OwnerNotice, switch_off
from accounts.webhooks.tables import webhook_deliveries, webhooks
from accounts.webhooks.webhook import DeliveryState

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.webhooks")

_FACTOR: Final = 4.0
_PAUSE_LIMIT_S: Final = 8 * 3600.0
_AT_ONCE: Final = 200
_HOUR_MS: Final = 3_600_000
_DAY_MS: Final = 24 * _HOUR_MS
_NOTED_MS: Final = 60_000  # so old may "last delivered" be
_GONE: Final = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDelivery:
    """A delivery that is this process's for a while.

    `lane` says with what it waits: with all for the receiver's host, or with what fails.
    """

    id: str
    webhook_id: str
    message_id: str
    kind: str
    body: bytes = field(repr=False)
    attempts: int
    lane: str
    url: str
    secrets: tuple[bytes, ...] = field(repr=False)  # sealed


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt went; `error` is None if the receiver has taken it."""

    error: str | None
    status: int | None = None
    answer: str | None = field(default=None, repr=False)
    retry_after_s: float | None = None
    duration_ms: int = 0


class WebhookSender:
    """Implements Sender[DueDelivery]. `tell_owner` is called for each that is switched off."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        seal: Seal,
        client: OutboundClient,
        tell_owner: OwnerNotice,
        *,
        settings: WebhooksSettings,
        outbound: OutboundSettings,
    ) -> None:
        self.outcomes: Counter[str] = Counter()  # of attempts
        self._database = database
        self._clock = clock
        self._seal = seal
        self._client = client
        self._tell_owner = tell_owner
        self._settings = settings
        self._outbound = outbound

    async def claim(self, lanes: Lanes) -> Sequence[DueDelivery]:
        """Take what is due."""
        now_ms = self._clock()
        query = _due(now_ms, lanes)
        async with self._database.reading() as connection:
            if (await connection.execute(query.limit(1))).first() is None:
                return ()
        rows = await self._database.write(lambda connection: self._lease(connection, lanes))
        return [_due_delivery(row, now_ms) for row in rows if lanes.enter(row.lane)]

    async def _lease(self, connection: AsyncConnection, lanes: Lanes) -> list[Any]:
        now_ms = self._clock()
        rows = await connection.execute(
            _due(now_ms, lanes)
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True, of=webhook_deliveries)
        )
        taken = lanes.fitting(rows.all(), lambda row: str(row.lane))
        until_ms = now_ms + int((self._outbound.timeout_s + LEASE_MARGIN_S) * 1000)
        await connection.execute(
            update(webhook_deliveries)
            .where(webhook_deliveries.c.id.in_([row.id for row in taken]))
            .values(leased_until_ms=until_ms)
        )
        return taken

    async def deliver(self, item: DueDelivery) -> None:
        """Send one, and write down how it went."""
        outcome = await self._attempt(item)
        self.outcomes["taken" if outcome.error is None else "failed"] += 1
        switched_off = await self._database.write(
            lambda connection: self._note(connection, item, outcome)
        )
        if switched_off is not None:
            _log.warning("webhook switched off", webhook=item.webhook_id, reason=switched_off)
            await self._tell_owner(item.webhook_id)

    async def release_all(self) -> None:
        """Take back what a process that is gone had taken. Only where there is no other."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                update(webhook_deliveries)
                .where(webhook_deliveries.c.leased_until_ms.is_not(None))
                .values(leased_until_ms=None)
            )

        await self._database.write(work)

    async def tidy(self) -> None:
        """Delete deliveries that are done with and too old."""
        before_ms = self._clock() - self._settings.kept_days * _DAY_MS

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                delete(webhook_deliveries).where(
                    webhook_deliveries.c.created_at_ms < before_ms,
                    webhook_deliveries.c.due_at_ms.is_(None),
                )
            )

        await self._database.write(work)

    async def _attempt(self, item: DueDelivery) -> Outcome:
        begun = time.monotonic()
        try:
            keys = [self._seal.open(sealed, item.webhook_id) for sealed in item.secrets]
            headers = {
                "Content-Type": "application/json",
                **signed_headers(item.message_id, self._clock() // 1000, item.body, keys),
            }
            target = parse_target(item.url, self._outbound)
            answer = await self._client.post(target, item.body, headers)
        except UnsealError:
            return Outcome("no-secret")
        except TargetError:  # the settings have changed since it was made
            return Outcome("refused-address")
        except OutboundError as error:
            # Whoever asks is not told which names exist on the network that the server is in.
            is_inside = error.reason == "refused-address"
            reason = "unresolved" if is_inside else error.reason
            return Outcome(reason, duration_ms=_since_ms(begun))
        return _judged(answer, _since_ms(begun))

    async def _note(
        self, connection: AsyncConnection, item: DueDelivery, outcome: Outcome
    ) -> str | None:
        """Write down an attempt; return why the webhook is switched off, if it is."""
        now_ms, attempts = self._clock(), item.attempts + 1
        is_test = item.kind == TEST_KIND
        is_done = outcome.error is None
        is_given_up = is_test or attempts >= self._settings.attempts
        state = DeliveryState.WAITING
        if is_done:
            state = DeliveryState.DELIVERED
        elif is_given_up:
            state = DeliveryState.FAILED
        due_ms = now_ms + int(self._pause_s(attempts, outcome) * 1000)
        noted = await connection.execute(
            update(webhook_deliveries)
            .where(webhook_deliveries.c.id == item.id, webhook_deliveries.c.due_at_ms.is_not(None))
            .values(
                state=state.value,
                attempts=attempts,
                due_at_ms=due_ms if state is DeliveryState.WAITING else None,
                leased_until_ms=None,
                attempted_at_ms=now_ms,
                status=outcome.status,
                error=outcome.error,
                answer=outcome.answer,
                duration_ms=outcome.duration_ms,
            )
        )
        if not noted.rowcount or is_test:
            return None  # deleted or switched off meanwhile; a test says nothing of the others
        return await self._note_of_webhook(connection, item.webhook_id, outcome, now_ms)

    async def _note_of_webhook(
        self, connection: AsyncConnection, webhook_id: str, outcome: Outcome, now_ms: int
    ) -> str | None:
        here = update(webhooks).where(webhooks.c.id == webhook_id)
        row = (
            await connection.execute(
                select(webhooks.c.failing_since_ms, webhooks.c.delivered_at_ms).where(
                    webhooks.c.id == webhook_id
                )
            )
        ).one()
        if outcome.error is None:
            is_news = (row.delivered_at_ms or 0) < now_ms - _NOTED_MS
            if is_news or row.failing_since_ms is not None:
                await connection.execute(here.values(delivered_at_ms=now_ms, failing_since_ms=None))
            return None
        if outcome.status == _GONE:
            return await switch_off(connection, webhook_id, "gone", now_ms)
        if row.failing_since_ms is None:
            await connection.execute(here.values(failing_since_ms=now_ms))
        elif now_ms - row.failing_since_ms >= self._settings.disable_after_hours * _HOUR_MS:
            return await switch_off(connection, webhook_id, "failing", now_ms)
        return None

    def _pause_s(self, attempts: int, outcome: Outcome) -> float:
        pause = pause_s(
            attempts,
            first_s=self._settings.retry_s,
            factor=_FACTOR,
            limit_s=_PAUSE_LIMIT_S,
            chance=random.random(),  # noqa: S311 - spreads attempts, hides nothing
        )
        return max(pause, min(outcome.retry_after_s or 0.0, _PAUSE_LIMIT_S))


def _due(now_ms: int, lanes: Lanes) -> Any:
    table = webhook_deliveries
    # Hosts are cheap: whoever has a domain has as many as they like, all of which may hang. What
    # fails goes with all else that fails for the same channel until it takes something again.
    # Tests say nothing of the others, and so have a lane for themselves.
    owner = func.coalesce(webhooks.c.channel_id, "server")
    lane = case(
        (table.c.kind == TEST_KIND, literal("testing ") + owner),
        (webhooks.c.failing_since_ms.is_not(None), literal("failing ") + owner),
        else_=webhooks.c.host,
    )
    return (
        select(
            table.c.id,
            table.c.webhook_id,
            table.c.message_id,
            table.c.kind,
            table.c.body,
            table.c.attempts,
            webhooks.c.url,
            lane.label("lane"),
            webhooks.c.secret,
            webhooks.c.previous_secret,
            webhooks.c.previous_until_ms,
        )
        .join(webhooks, webhooks.c.id == table.c.webhook_id)
        .where(
            table.c.due_at_ms <= now_ms,
            or_(table.c.leased_until_ms.is_(None), table.c.leased_until_ms < now_ms),
            or_(webhooks.c.is_enabled.is_(True), table.c.kind == TEST_KIND),
            lane.not_in(list(lanes.full)),
        )
        .order_by(table.c.due_at_ms, table.c.id)
    )


def _due_delivery(row: Any, now_ms: int) -> DueDelivery:
    secrets = [row.secret]
    if row.previous_secret is not None and row.previous_until_ms > now_ms:
        secrets.append(row.previous_secret)
    return DueDelivery(
        id=row.id,
        webhook_id=row.webhook_id,
        message_id=row.message_id,
        kind=row.kind,
        body=row.body.encode(),
        attempts=row.attempts,
        lane=row.lane,
        url=row.url,
        secrets=tuple(secrets),
    )


def _judged(answer: OutboundAnswer, duration_ms: int) -> Outcome:
    is_taken = 200 <= answer.status < 300
    return Outcome(
        None if is_taken else "status",
        answer.status,
        answer.text,
        answer.retry_after_s,
        duration_ms,
    )


def _since_ms(begun: float) -> int:
    return int((time.monotonic() - begun) * 1000)
