"""Mailing: writes to those whose turn it is, of all that has happened since."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.owners import owner_is_closed
from accounts.channels.tables import channels
from accounts.channels.visibility import Visibility
from accounts.mail.couriers import Courier, RefusedError, UndeliveredError
from accounts.mail.settings import MailSettings
from accounts.mail.texts import PageLinks
from accounts.mail_alerts.settings import MailAlertsSettings
from accounts.mail_alerts.tables import mail_alerts, mail_turns
from accounts.mail_alerts.text import ToldByMail, alert_mail, one_click
from accounts.mail_alerts.unsubscribing import UnsubscribeTokens, drop_waiting_mail
from accounts.notifications.kind import Kind
from accounts.notifications.tables import notices
from accounts.outbound.backoff import pause_s
from accounts.outbound.delivery_loop import LEASE_MARGIN_S
from accounts.outbound.lanes import Lanes
from accounts.people.tables import accounts
from accounts.ports import Clock
from accounts.storage import Database, new_id

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.mail")

_FACTOR: Final = 3.0
_PAUSE_LIMIT_S: Final = 3_600.0
_TOLD_MAX: Final = 50  # in one mail
_LANE: Final = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMail:
    """A mail that is this process's for a while."""

    account_id: str
    mail_id: str
    attempts: int
    to: str = field(repr=False)
    lane: str = _LANE


class MailAlertSender:
    """Implements Sender[DueMail]. Mails leave one after the other, `per_minute` at most."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        courier: Courier,
        links: PageLinks,
        tokens: UnsubscribeTokens,
        *,
        settings: MailAlertsSettings,
        mail: MailSettings,
    ) -> None:
        self.outcomes: Counter[str] = Counter()  # of attempts
        self._database = database
        self._clock = clock
        self._courier = courier
        self._links = links
        self._tokens = tokens
        self._settings = settings
        self._mail = mail
        self._free_at_s = 0.0  # of the loop's clock: when the next mail may leave

    async def claim(self, lanes: Lanes) -> Sequence[DueMail]:
        """Take whose turn it is, and whose mail can leave now."""
        if asyncio.get_running_loop().time() < self._free_at_s:
            return ()
        async with self._database.reading() as connection:
            if (await connection.execute(_due(self._clock(), 1))).first() is None:
                return ()
        rows = await self._database.write(lambda connection: self._lease(connection, lanes))
        return [
            DueMail(
                account_id=row.account_id,
                mail_id=row.mail_id,
                attempts=row.attempts,
                to=row.email,
            )
            for row in rows
            if lanes.enter(_LANE)
        ]

    async def _lease(self, connection: AsyncConnection, lanes: Lanes) -> list[Any]:
        now_ms = self._clock()
        rows = await connection.execute(
            _due(now_ms, 1).with_for_update(skip_locked=True, of=mail_turns)
        )
        taken = lanes.fitting(rows.all(), lambda _: _LANE)
        await connection.execute(
            update(mail_turns)
            .where(mail_turns.c.account_id.in_([row.account_id for row in taken]))
            .values(leased_until_ms=now_ms + int((self._mail.timeout_s + LEASE_MARGIN_S) * 1000))
        )
        return taken

    async def deliver(self, item: DueMail) -> None:
        """Write one mail, and note how it went."""
        from accounts.mail.message import build_message  # noqa: PLC0415 - see accounts/later.py

        async with self._database.reading() as connection:
            rows = await self._told(connection, item.account_id)
        if not rows:
            await self._database.write(
                lambda connection: drop_waiting_mail(connection, item.account_id)
            )
            return
        self._free_at_s = asyncio.get_running_loop().time() + 60 / self._settings.per_minute
        token = self._tokens.token_of(item.account_id)
        told = [ToldByMail(row.name, Kind(row.kind)) for row in rows]
        text = alert_mail(self._links, told, token)
        message = build_message(
            self._mail.sender,
            item.to,
            text.subject,
            text.text,
            self._clock(),
            unique=item.mail_id,
            more=one_click(self._links, token),
        )
        try:
            await self._courier.deliver(message)
            self.outcomes["taken"] += 1
        except UndeliveredError as error:
            self.outcomes["failed"] += 1
            reason = str(error)
            await self._database.write(
                lambda connection: self._note_failed(connection, item, reason)
            )
            return
        except RefusedError as error:
            self.outcomes["refused"] += 1
            _log.error("alert not mailed", reason=str(error), attempts=item.attempts + 1)
        seen = [row.notice_id for row in rows]
        await self._database.write(lambda connection: self._note_sent(connection, item, seen))

    async def release_all(self) -> None:
        """Take back what a process that is gone had taken. Only where there is no other."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                update(mail_turns)
                .where(mail_turns.c.leased_until_ms.is_not(None))
                .values(leased_until_ms=None)
            )

        await self._database.write(work)

    async def _told(self, connection: AsyncConnection, account_id: str) -> Sequence[Any]:
        """Return what to tell: of channels that are still open, and not too long ago."""
        found = await connection.execute(
            select(mail_alerts.c.notice_id, notices.c.kind, channels.c.name)
            .join(notices, notices.c.id == mail_alerts.c.notice_id)
            .join(channels, channels.c.id == notices.c.channel_id)
            .where(
                mail_alerts.c.account_id == account_id,
                notices.c.at_ms > self._clock() - int(self._settings.late_s * 1000),
                channels.c.visibility != Visibility.PRIVATE.value,
                channels.c.banned_at_ms.is_(None),
                ~owner_is_closed(),
            )
            .order_by(notices.c.at_ms.desc(), notices.c.id)
            .limit(_TOLD_MAX)
        )
        return found.all()

    async def _note_sent(
        self, connection: AsyncConnection, item: DueMail, seen: Sequence[str]
    ) -> None:
        """Forget what was told, and what is told no more; what came meanwhile has its turn."""
        here = mail_alerts.c.account_id == item.account_id
        late_ms = self._clock() - int(self._settings.late_s * 1000)
        late = select(notices.c.id).where(notices.c.at_ms <= late_ms)
        await connection.execute(
            delete(mail_alerts).where(
                here, or_(mail_alerts.c.notice_id.in_(seen), mail_alerts.c.notice_id.in_(late))
            )
        )
        left = await connection.scalar(select(mail_alerts.c.notice_id).where(here).limit(1))
        now_ms = self._clock()
        again_ms = None if left is None else now_ms + int(self._settings.interval_s * 1000)
        await connection.execute(
            update(mail_turns)
            .where(mail_turns.c.account_id == item.account_id)
            .values(
                mail_id=new_id("mal"),
                due_at_ms=again_ms,
                leased_until_ms=None,
                sent_at_ms=now_ms,
                attempts=0,
            )
        )

    async def _note_failed(self, connection: AsyncConnection, item: DueMail, reason: str) -> None:
        attempts = item.attempts + 1
        if attempts >= self._settings.attempts:
            _log.error("alert not mailed", reason=reason, attempts=attempts)
            await drop_waiting_mail(connection, item.account_id)
            return
        pause = pause_s(
            attempts,
            first_s=self._settings.retry_s,
            factor=_FACTOR,
            limit_s=_PAUSE_LIMIT_S,
            chance=random.random(),  # noqa: S311 - spreads attempts, hides nothing
        )
        await connection.execute(
            update(mail_turns)
            .where(mail_turns.c.account_id == item.account_id)
            .values(
                attempts=attempts,
                due_at_ms=self._clock() + int(pause * 1000),
                leased_until_ms=None,
            )
        )


def _due(now_ms: int, limit: int) -> Any:
    return (
        select(mail_turns, accounts.c.email)
        .join(accounts, accounts.c.id == mail_turns.c.account_id)
        .where(
            mail_turns.c.due_at_ms <= now_ms,
            or_(mail_turns.c.leased_until_ms.is_(None), mail_turns.c.leased_until_ms < now_ms),
            accounts.c.suspended_at_ms.is_(None),
        )
        .order_by(mail_turns.c.due_at_ms, mail_turns.c.account_id)
        .limit(limit)
    )
