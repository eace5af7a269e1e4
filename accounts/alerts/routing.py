"""AlertRouting: stored notifications become pushes and mails, for those who want them."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.facts import Fact, FactKind
from accounts.facts.reader import Taken
from accounts.facts.sequence import is_of
from accounts.mail_alerts.settings import MailAlertsSettings
from accounts.mail_alerts.tables import mail_alerts, mail_turns
from accounts.notifications.kind import LEVELS
from accounts.notifications.tables import notification_mutes, notification_settings
from accounts.people.tables import accounts
from accounts.ports import Clock
from accounts.push.settings import PushSettings
from accounts.push.tables import push_deliveries, push_subscriptions
from accounts.storage import new_id
from accounts.storage.is_among import is_among

READER: Final = "alerts-elsewhere"
ALERTED_OF: Final = FactKind.NOTIFICATIONS_STORED
WANTED: Final = is_of(ALERTED_OF)


class AlertRouting:
    """Writes down what is to be pushed and mailed. `take` is for a FactReader of what is WANTED.

    Whose quiet hours it is gets neither. What is too old by now, because no server ran, is told to
    nobody: that somebody was live three hours ago is no alert.
    """

    def __init__(self, clock: Clock, push: PushSettings, mail: MailAlertsSettings) -> None:
        self._clock = clock
        self._push = push
        self._mail = mail

    async def take(self, connection: AsyncConnection, facts: Sequence[Fact], _: None) -> Taken:
        """Route what facts tell of notifications."""
        for fact in facts:
            if fact.details["aloud"]:
                await self._route(connection, fact)
        return Taken(len(facts))

    async def _route(self, connection: AsyncConnection, fact: Fact) -> None:
        age_ms = self._clock() - fact.at_ms
        if age_ms < self._push.ttl_s * 1000:
            await self._route_pushes(connection, fact)
        # Of what is theirs, owners are written to at once, whatever they chose of others'.
        if fact.details["kind"] in LEVELS and age_ms < self._mail.late_s * 1000:
            await self._route_mails(connection, fact)

    async def _route_pushes(self, connection: AsyncConnection, fact: Fact) -> None:
        notice_id, kind = fact.details["notificationId"], fact.details["kind"]
        table, mutes, settings = push_subscriptions, notification_mutes, notification_settings
        have = select(push_deliveries.c.subscription_id).where(
            push_deliveries.c.notice_id == notice_id
        )
        rows = await connection.execute(
            select(table.c.id, settings.c.push_muted_kinds, mutes.c.push)
            .join(accounts, accounts.c.id == table.c.account_id)
            .outerjoin(settings, settings.c.account_id == table.c.account_id)
            .outerjoin(
                mutes,
                (mutes.c.account_id == table.c.account_id)
                & (mutes.c.channel_id == fact.channel_id),
            )
            .where(
                is_among(table.c.account_id, fact.details["aloud"]),
                accounts.c.suspended_at_ms.is_(None),
                table.c.id.not_in(have),
            )
        )
        wanted = [row.id for row in rows if _is_pushed(row, kind)]
        if wanted:
            common = {
                "notice_id": notice_id,
                "due_at_ms": fact.at_ms,
                "expires_at_ms": fact.at_ms + self._push.ttl_s * 1000,
                "attempts": 0,
            }
            await connection.execute(
                insert(push_deliveries), [{"subscription_id": each, **common} for each in wanted]
            )

    async def _route_mails(self, connection: AsyncConnection, fact: Fact) -> None:
        notice_id, kind = fact.details["notificationId"], fact.details["kind"]
        mutes, settings = notification_mutes, notification_settings
        have = select(mail_alerts.c.account_id).where(mail_alerts.c.notice_id == notice_id)
        rows = await connection.execute(
            select(accounts.c.id, settings.c.email_kinds, mutes.c.email)
            .outerjoin(settings, settings.c.account_id == accounts.c.id)
            .outerjoin(
                mutes,
                (mutes.c.account_id == accounts.c.id) & (mutes.c.channel_id == fact.channel_id),
            )
            .where(
                is_among(accounts.c.id, fact.details["aloud"]),
                accounts.c.suspended_at_ms.is_(None),
                settings.c.email_kinds.is_not(None) | mutes.c.email.is_not(None),
                accounts.c.id.not_in(have),
            )
        )
        wanted = [row.id for row in rows if _is_mailed(row, kind)]
        if wanted:
            await connection.execute(
                insert(mail_alerts),
                [{"account_id": each, "notice_id": notice_id} for each in wanted],
            )
            await self._give_turns(connection, wanted)

    async def _give_turns(self, connection: AsyncConnection, account_ids: list[str]) -> None:
        """Let mails leave once their window ends; those that wait already take this along."""
        table, due_ms = mail_turns, self._clock() + int(self._mail.window_s * 1000)
        rows = await connection.execute(
            select(table).where(is_among(table.c.account_id, account_ids))
        )
        known = {row.account_id: row for row in rows}
        new = [
            {
                "account_id": each,
                "mail_id": new_id("mal"),
                "due_at_ms": due_ms,
                "attempts": 0,
            }
            for each in account_ids
            if each not in known
        ]
        if new:
            await connection.execute(insert(table), new)
        interval_ms = int(self._mail.interval_s * 1000)
        again = [
            {
                "who": row.account_id,
                "mail_id": new_id("mal"),
                "due_at_ms": max(due_ms, (row.sent_at_ms or 0) + interval_ms),
                "attempts": 0,
            }
            for row in known.values()
            if row.due_at_ms is None
        ]
        if again:
            await connection.execute(_TURN_AGAIN, again)


_TURN_AGAIN: Final = (
    update(mail_turns)
    .where(mail_turns.c.account_id == bindparam("who"))
    .values(
        mail_id=bindparam("mail_id"),
        due_at_ms=bindparam("due_at_ms"),
        attempts=bindparam("attempts"),
    )
)


def _is_pushed(row: Any, kind: str) -> bool:
    if row.push is not None:
        return bool(row.push)
    return kind not in (row.push_muted_kinds or ())


def _is_mailed(row: Any, kind: str) -> bool:
    if row.email is not None:
        return bool(row.email)
    return kind in (row.email_kinds or ())
