"""AlertsSide: what leaves the server because of what happens: pushes, mails, webhooks."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final

import structlog

from accounts.alerts.routing import ALERTED_OF, AlertRouting
from accounts.alerts.routing import READER as ALERT_READER
from accounts.alerts.routing import WANTED as ALERTS_WANTED
from accounts.api.resources.channel_webhooks import ChannelWebhooksResource
from accounts.api.resources.push_subscriptions import PushSubscriptionsResource
from accounts.api.resources.server_webhooks import ServerWebhooksResource
from accounts.api.resources.unsubscribing import UnsubscribingResource
from accounts.facts import Fact
from accounts.facts.reader import FactReader
from accounts.key_ring import KeyRing
from accounts.mail.couriers import Courier
from accounts.mail.texts import PageLinks
from accounts.mail_alerts.mailing import DueMail, MailAlertSender
from accounts.mail_alerts.unsubscribing import PURPOSE as UNSUBSCRIBE_PURPOSE
from accounts.mail_alerts.unsubscribing import UnsubscribeTokens, Unsubscribing
from accounts.outbound.client import OutboundClient
from accounts.outbound.delivery_loop import DeliveryLoop
from accounts.outbound.lanes import Lanes
from accounts.outbound.resolving import Lookup, system_lookup
from accounts.people.sealing import Seal
from accounts.ports import Clock, MailSender
from accounts.push.pushing import DuePush, PushSender
from accounts.push.subscriptions import Subscriptions
from accounts.push.vapid import VapidKey
from accounts.settings import AccountsSettings
from accounts.storage import Database, StorageError, tell_trouble
from accounts.webhooks.delivering import DueDelivery, WebhookSender
from accounts.webhooks.delivery_log import DeliveryLog
from accounts.webhooks.recording import READER as WEBHOOK_READER
from accounts.webhooks.recording import WANTED as WEBHOOKS_WANTED
from accounts.webhooks.recording import DeliveryRecording
from accounts.webhooks.switching_off import OwnerMail
from accounts.webhooks.webhooks import Webhooks
from analytics.operations.state import QueueState
from config.webhook_events import webhook_event_of

VAPID_KEY_NAME: Final = "push-key.txt"
_SECRETS_PURPOSE: Final = "rillcast webhook secrets"
_TIDY_INTERVAL_S: Final = 3600.0
# Whoever is here hears of a broadcast first; a large one leaves ten facts within that time.
_GATHER_S: Final = 0.2
_ROUTED_AT_ONCE: Final = 2  # of a thousand people each
_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.alerts")


class AlertsSide:
    """Services and tasks of one server. Start and stop it once. Raises VapidKeyError.

    `lookup` resolves the names of receivers.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: AccountsSettings,
        data: Path,
        *,
        keys: KeyRing,
        courier: Courier,
        mail: MailSender,
        links: PageLinks,
        lookup: Lookup = system_lookup,
    ) -> None:
        self._database = database
        outbound, push = settings.outbound, settings.push
        key = (
            VapidKey.of_text(push.private_key)
            if push.private_key
            else VapidKey.open(data / VAPID_KEY_NAME)
        )
        seal = Seal(keys.derive(_SECRETS_PURPOSE))
        tokens = UnsubscribeTokens(keys.derive(UNSUBSCRIBE_PURPOSE))
        push_client = OutboundClient(outbound, clock, lookup, per_host=push.per_service)
        webhook_client = OutboundClient(outbound, clock, lookup)
        self._clients = (push_client, webhook_client)
        contact = push.contact or f"mailto:{parseaddr(settings.mail.sender)[1]}"
        self.pushes = PushSender(
            database,
            clock,
            push_client,
            key,
            lambda: contact,
            settings=push,
            outbound=outbound,
        )
        self.mails = MailAlertSender(
            database,
            clock,
            courier,
            links,
            tokens,
            settings=settings.mail_alerts,
            mail=settings.mail,
        )
        self.deliveries = WebhookSender(
            database,
            clock,
            seal,
            webhook_client,
            OwnerMail(database, mail, links).tell,
            settings=settings.webhooks,
            outbound=outbound,
        )
        push_lanes = Lanes(outbound.concurrency, push.per_service)
        webhook_lanes = Lanes(outbound.concurrency, outbound.per_host)
        self.push_loop = DeliveryLoop[DuePush](self.pushes, push_lanes, "web-push")
        self.mail_loop = DeliveryLoop[DueMail](self.mails, Lanes(1, 1), "mail-alerts")
        self.webhook_loop = DeliveryLoop[DueDelivery](self.deliveries, webhook_lanes, "webhooks")
        routing = AlertRouting(clock, push, settings.mail_alerts)
        recording = DeliveryRecording(webhook_event_of, clock, settings.webhooks)
        self.alert_reader = FactReader(
            database,
            ALERT_READER,
            ALERTS_WANTED,
            routing.take,
            self._routed,
            at_once=_ROUTED_AT_ONCE,
            gather_s=_GATHER_S,
        )
        self.webhook_reader = FactReader(
            database,
            WEBHOOK_READER,
            WEBHOOKS_WANTED,
            recording.take,
            self.webhook_loop.wake,
            gather_s=_GATHER_S,
        )
        self.webhooks = Webhooks(database, clock, seal, settings.webhooks, outbound)
        self.delivery_log = DeliveryLog(self.webhooks, self.webhook_loop.wake)
        self.subscriptions = Subscriptions(database, clock, push, outbound)
        self.resources: Sequence[object] = (
            PushSubscriptionsResource(self.subscriptions, key.public_text),
            UnsubscribingResource(Unsubscribing(database, tokens)),
            ChannelWebhooksResource(self.webhooks, self.delivery_log),
            ServerWebhooksResource(self.webhooks, self.delivery_log),
        )
        self._tasks: list[asyncio.Task[Any]] = []
        self._entered = AsyncExitStack()

    @property
    def outcomes(self) -> Mapping[str, Counter[str]]:
        """How attempts to send went, by what was to be sent."""
        return {
            "push": self.pushes.outcomes,
            "alert_mail": self.mails.outcomes,
            "webhook": self.deliveries.outcomes,
        }

    def queues(self) -> Sequence[QueueState]:
        """Say how much of what may be sent at one time is; what is due waits in the database."""
        return tuple(
            QueueState(name, len(loop), loop.limit, outcomes["too-late"] + outcomes["refused"])
            for name, loop, outcomes in (
                ("web-push", self.push_loop, self.pushes.outcomes),
                ("mail-alerts", self.mail_loop, self.mails.outcomes),
                ("webhooks", self.webhook_loop, self.deliveries.outcomes),
            )
        )

    def note_fact(self, fact: Fact) -> None:
        """Look soon: there is a new fact."""
        if fact.kind is ALERTED_OF:
            self.alert_reader.wake()
        self.webhook_reader.wake()

    async def open(self) -> None:
        """Be ready to send; take back what a process that died had taken, if there is no other."""
        for client in self._clients:
            await self._entered.enter_async_context(client)
        if self._database.is_sqlite:
            for sender in (self.pushes, self.mails, self.deliveries):
                await sender.release_all()

    async def start(self) -> None:
        """Begin to read facts and to send."""
        await self.open()
        self._tasks = [
            asyncio.create_task(work, name=name)
            for name, work in (
                ("alert-reader", self.alert_reader.run()),
                ("webhook-reader", self.webhook_reader.run()),
                ("web-push", self.push_loop.run()),
                ("mail-alerts", self.mail_loop.run()),
                ("webhooks", self.webhook_loop.run()),
                ("webhooks-tidy", self._tidy()),
            )
        ]

    async def stop(self) -> None:
        """End the tasks; what is not sent yet is sent by who starts next."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []
        await self._entered.aclose()

    async def settle(self) -> None:
        """Read all facts and send all that is due, once: without tasks."""
        for reader in (self.alert_reader, self.webhook_reader):
            while await reader.step():
                pass
        for loop in (self.push_loop, self.mail_loop, self.webhook_loop):
            await loop.settle()

    def _routed(self) -> None:
        self.push_loop.wake()
        self.mail_loop.wake()

    async def _tidy(self) -> None:
        while True:
            await asyncio.sleep(_TIDY_INTERVAL_S)
            try:
                await self.deliveries.tidy()
            except StorageError as error:
                tell_trouble(_log, "old deliveries not deleted yet", error)
