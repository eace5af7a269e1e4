"""Alerting: a world of followers with what leaves the server because of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from accounts.key_ring import KeyRing
from accounts.mail.couriers import Courier, SmtpCourier
from accounts.mail.settings import MailSettings
from accounts.mail.texts import PageLinks
from accounts.mail_alerts.settings import MailAlertsSettings
from accounts.notifications.kind import Kind
from accounts.notifications.wishes import Wish
from accounts.outbound.resolving import Lookup, system_lookup
from accounts.outbound.settings import OutboundSettings
from accounts.push.settings import PushSettings
from accounts.settings import AccountsSettings
from accounts.storage import BusyError, Database
from accounts.webhooks.settings import WebhooksSettings
from config.alerts_side import AlertsSide
from tests.accounts.channels.world import any_revision
from tests.accounts.notifications.told_followers import ToldFollowers
from tests.support.databases import opened_database

LINKS = PageLinks(lambda: "https://live.example.org")
RING = KeyRing({"0badc0de0000": b"r" * 32})
MINUTE_MS = 60_000
PATIENCE_S = 60.0
"""How long one who answers may take: a busy machine is no test of timeouts."""


@dataclass
class Posted:
    """Stands for the outbox of people's mails."""

    mails: list[tuple[str, str, str]] = field(default_factory=list)

    async def send(self, to: str, subject: str, text: str) -> None:
        self.mails.append((to, subject, text))


def settings_of(mail_port: int = 1, **sections: Any) -> AccountsSettings:
    """Return settings under which receivers on this machine are reached."""
    usual: dict[str, Any] = {
        "outbound": OutboundSettings(allow_private=True, timeout_s=PATIENCE_S),
        "webhooks": WebhooksSettings(),
        "push": PushSettings(contact="mailto:live@example.org"),
        "mail_alerts": MailAlertsSettings(per_minute=6e6),
        "mail": MailSettings(
            host="127.0.0.1",
            port=mail_port,
            security="none",
            sender="Live <live@example.org>",
            timeout_s=PATIENCE_S,
        ),
    }
    return AccountsSettings(enabled=True, **(usual | sections))


class Alerting:
    """Everything that tests call. `side` is one server; a test may make a second."""

    def __init__(
        self,
        told: ToldFollowers,
        folder: Path,
        settings: AccountsSettings,
        lookup: Lookup = system_lookup,
        courier: Courier | None = None,
    ) -> None:
        self.told = told
        self.world = told.world
        self.posted = Posted()
        self._folder = folder
        self._settings = settings
        self._lookup = lookup
        self._courier = courier or SmtpCourier(settings.mail)
        self.side = self.another_side(told.world.database)

    def another_side(self, database: Database) -> AlertsSide:
        """Make a server on the same rows."""
        return AlertsSide(
            database,
            self.world.clock,
            self._settings,
            self._folder,
            keys=RING,
            courier=self._courier,
            mail=self.posted,
            links=LINKS,
            lookup=self._lookup,
        )

    @asynccontextmanager
    async def another_server(self, database_url: str) -> AsyncIterator[AlertsSide]:
        """Run a second server, with connections of its own, for a block."""
        async with opened_database(database_url) as database:
            side = self.another_side(database)
            await side.open()
            try:
                yield side
            finally:
                await side.stop()

    async def settle_with(self, other: AlertsSide) -> None:
        """Tell and store, then let two servers send at one time; and what is left of it."""
        await self.told.settle()
        async with asyncio.TaskGroup() as both:
            both.create_task(settled(self.side))
            both.create_task(settled(other))
        await self.settle()

    async def settle(self) -> None:
        """Tell, store and send until nothing is due."""
        await self.told.settle()
        await self.side.settle()

    async def later(self, ms: int) -> None:
        """Let time pass, then go on."""
        self.world.now_ms += ms
        await self.settle()

    async def rows(self, table: Table) -> list[Any]:
        """Return all rows, in the order of their keys."""
        async with self.world.database.reading() as connection:
            found = await connection.execute(select(table).order_by(*table.primary_key.columns))
            return list(found.all())

    async def wants_mail(self, account_id: str, *kinds: Kind) -> None:
        """Choose mails."""
        wish = Wish(frozenset(), None, mailed=frozenset(kinds or {Kind.LIVE}))
        await self.told.wishes.put(account_id, wish, any_revision)


async def settled(side: AlertsSide) -> None:
    """Let a server that has company read and send all, again if others came first too often."""
    while True:
        try:
            await side.settle()
        except BusyError:  # as its own tasks do
            await asyncio.sleep(0.05)
        else:
            return


@asynccontextmanager
async def alerting(
    database: Database,
    folder: Path,
    settings: AccountsSettings | None = None,
    **more: Any,
) -> AsyncIterator[Alerting]:
    """Make a world with a channel `studio`, and one server that can send."""
    told = ToldFollowers(database)
    await told.world.populate()
    await told.world.channel(title="First")
    made = Alerting(told, folder, settings or settings_of(), **more)
    try:
        await made.side.open()
        yield made
    finally:
        await made.side.stop()
