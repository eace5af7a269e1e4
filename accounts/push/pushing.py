"""Pushing: encrypts what is due and hands it to the browsers' push services (RFC 8030)."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from sqlalchemy import and_, delete, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.owners import owner_is_closed
from accounts.channels.tables import channels
from accounts.channels.visibility import Visibility
from accounts.notifications.kind import broadcast_of
from accounts.notifications.tables import notices
from accounts.outbound.backoff import pause_s
from accounts.outbound.client import OutboundClient
from accounts.outbound.delivery_loop import LEASE_MARGIN_S
from accounts.outbound.errors import OutboundError, TargetError
from accounts.outbound.lanes import Lanes
from accounts.outbound.settings import OutboundSettings
from accounts.outbound.target import parse_target
from accounts.people.tables import accounts
from accounts.ports import Clock
from accounts.push.alert import alert_bytes
from accounts.push.encryption import CONTENT_ENCODING, BrowserKeys, encrypted
from accounts.push.settings import PushSettings
from accounts.push.tables import push_deliveries, push_subscriptions
from accounts.push.vapid import VapidKey
from accounts.storage import Database

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.push")

_FACTOR: Final = 3.0
_PAUSE_LIMIT_S: Final = 900.0
_AT_ONCE: Final = 200
_TOPIC_CHARACTERS: Final = 32  # RFC 8030, 5.4
_GONE: Final = frozenset({404, 410})
# The service knows the browser with another key than ours (RFC 8292, 4.2): it never takes anything.
_OF_OTHERS: Final = frozenset({401, 403})
_LATER: Final = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePush:
    """An alert that is this process's for a while. `lane` is the push service's host.

    `is_to_be_told`: nothing that was hidden since it was written down.
    """

    subscription_id: str
    notice_id: str
    lane: str
    endpoint: str = field(repr=False)
    keys: BrowserKeys
    plain: bytes = field(repr=False)
    kind: str
    expires_at_ms: int
    attempts: int
    is_to_be_told: bool


class PushSender:
    """Implements Sender[DuePush]. `contact` says where the operator is found."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        client: OutboundClient,
        key: VapidKey,
        contact: Callable[[], str],
        *,
        settings: PushSettings,
        outbound: OutboundSettings,
    ) -> None:
        self._database = database
        self._clock = clock
        self._client = client
        self._key = key
        self._contact = contact
        self._settings = settings
        self._outbound = outbound

    async def claim(self, lanes: Lanes) -> Sequence[DuePush]:
        """Take what is due."""
        async with self._database.reading() as connection:
            if (await connection.execute(_due(self._clock(), lanes).limit(1))).first() is None:
                return ()
        rows = await self._database.write(lambda connection: self._lease(connection, lanes))
        return [_due_push(row) for row in rows if lanes.enter(row.service)]

    async def _lease(self, connection: AsyncConnection, lanes: Lanes) -> list[Any]:
        now_ms = self._clock()
        rows = await connection.execute(
            _due(now_ms, lanes)
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True, of=push_deliveries)
        )
        taken = lanes.fitting(rows.all(), lambda row: str(row.service))
        until_ms = now_ms + int((self._outbound.timeout_s + LEASE_MARGIN_S) * 1000)
        keys = [(row.subscription_id, row.notice_id) for row in taken]
        await connection.execute(
            update(push_deliveries)
            .where(tuple_(push_deliveries.c.subscription_id, push_deliveries.c.notice_id).in_(keys))
            .values(leased_until_ms=until_ms)
        )
        return taken

    async def deliver(self, item: DuePush) -> None:
        """Send one, and write down how it went."""
        if item.expires_at_ms <= self._clock() or not item.is_to_be_told:
            await self._database.write(lambda connection: _drop(connection, item))
            return
        status, retry_after_s = await self._attempt(item)
        if status is not None and 200 <= status < 300:
            await self._database.write(lambda connection: self._note_taken(connection, item))
        elif status in _GONE or status in _OF_OTHERS:
            _log.info("browser forgotten", service=item.lane, status=status)
            await self._database.write(lambda connection: _forget(connection, item))
        elif status is None or status in _LATER or status >= 500:
            await self._database.write(
                lambda connection: self._note_failed(connection, item, retry_after_s)
            )
        else:  # a service does not change its mind about what it has understood
            _log.warning("alert refused", service=item.lane, status=status)
            await self._database.write(lambda connection: _drop(connection, item))

    async def release_all(self) -> None:
        """Take back what a process that is gone had taken. Only where there is no other."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                update(push_deliveries)
                .where(push_deliveries.c.leased_until_ms.is_not(None))
                .values(leased_until_ms=None)
            )

        await self._database.write(work)

    async def _attempt(self, item: DuePush) -> tuple[int | None, float | None]:
        """Return the status, or None for none, and how long the service wants to be left alone."""
        now_ms = self._clock()
        try:
            target = parse_target(item.endpoint, self._outbound)
            headers = {
                "Authorization": self._key.authorization(
                    target.origin, self._contact(), now_ms / 1000
                ),
                "Content-Encoding": CONTENT_ENCODING,
                "Content-Type": "application/octet-stream",
                "TTL": str(max(0, (item.expires_at_ms - now_ms) // 1000)),
                "Urgency": "high" if item.kind == "live" else "normal",
                # What waits at the service is replaced by its own repetition.
                "Topic": item.notice_id.replace("_", "")[:_TOPIC_CHARACTERS],
            }
            answer = await self._client.post(target, encrypted(item.plain, item.keys), headers)
        except TargetError:  # the settings have changed since
            return 410, None
        except OutboundError as error:
            return (410 if error.reason == "refused-address" else None), None
        return answer.status, answer.retry_after_s

    async def _note_taken(self, connection: AsyncConnection, item: DuePush) -> None:
        await _drop(connection, item)
        await connection.execute(
            update(push_subscriptions)
            .where(push_subscriptions.c.id == item.subscription_id)
            .values(used_at_ms=self._clock())
        )

    async def _note_failed(
        self, connection: AsyncConnection, item: DuePush, retry_after_s: float | None
    ) -> None:
        attempts = item.attempts + 1
        pause = pause_s(
            attempts,
            first_s=self._settings.retry_s,
            factor=_FACTOR,
            limit_s=_PAUSE_LIMIT_S,
            chance=random.random(),  # noqa: S311 - spreads attempts, hides nothing
        )
        due_ms = self._clock() + int(max(pause, min(retry_after_s or 0.0, _PAUSE_LIMIT_S)) * 1000)
        if attempts >= self._settings.attempts or due_ms >= item.expires_at_ms:
            _log.info("alert given up", service=item.lane, attempts=attempts)
            await _drop(connection, item)
            return
        await connection.execute(
            update(push_deliveries)
            .where(_is(item))
            .values(attempts=attempts, due_at_ms=due_ms, leased_until_ms=None)
        )


async def _drop(connection: AsyncConnection, item: DuePush) -> None:
    await connection.execute(delete(push_deliveries).where(_is(item)))


async def _forget(connection: AsyncConnection, item: DuePush) -> None:
    """Forget the browser, unless it has subscribed anew meanwhile."""
    await connection.execute(
        delete(push_subscriptions).where(
            push_subscriptions.c.id == item.subscription_id,
            push_subscriptions.c.public_key == item.keys.public_key,
        )
    )


def _is(item: DuePush) -> Any:
    return and_(
        push_deliveries.c.subscription_id == item.subscription_id,
        push_deliveries.c.notice_id == item.notice_id,
    )


def _due(now_ms: int, lanes: Lanes) -> Any:
    table = push_deliveries
    return (
        select(
            table,
            push_subscriptions.c.endpoint,
            push_subscriptions.c.service,
            push_subscriptions.c.public_key,
            push_subscriptions.c.auth_secret,
            notices.c.kind,
            notices.c.title,
            notices.c.broadcast_id,
            notices.c.at_ms,
            channels.c.name,
            and_(
                or_(
                    channels.c.visibility != Visibility.PRIVATE.value,
                    channels.c.owner_id == push_subscriptions.c.account_id,
                ),
                channels.c.banned_at_ms.is_(None),
                accounts.c.suspended_at_ms.is_(None),
                ~owner_is_closed(),
            ).label("is_to_be_told"),
        )
        .join(push_subscriptions, push_subscriptions.c.id == table.c.subscription_id)
        .join(accounts, accounts.c.id == push_subscriptions.c.account_id)
        .join(notices, notices.c.id == table.c.notice_id)
        .join(channels, channels.c.id == notices.c.channel_id)
        .where(
            table.c.due_at_ms <= now_ms,
            or_(table.c.leased_until_ms.is_(None), table.c.leased_until_ms < now_ms),
            push_subscriptions.c.service.not_in(list(lanes.full)),
        )
        .order_by(table.c.due_at_ms, table.c.subscription_id)
    )


def _due_push(row: Any) -> DuePush:
    return DuePush(
        subscription_id=row.subscription_id,
        notice_id=row.notice_id,
        lane=row.service,
        endpoint=row.endpoint,
        keys=BrowserKeys(row.public_key, row.auth_secret),
        plain=alert_bytes(
            notice_id=row.notice_id,
            kind=row.kind,
            channel=row.name,
            title=row.title,
            broadcast_id=broadcast_of(row.kind, row.broadcast_id),
            at_ms=row.at_ms,
        ),
        kind=row.kind,
        expires_at_ms=row.expires_at_ms,
        attempts=row.attempts,
        is_to_be_told=bool(row.is_to_be_told),
    )
