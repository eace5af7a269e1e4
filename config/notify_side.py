"""NotifySide: who hears what happens on one server, put together with what happens."""

import asyncio
import contextlib
import secrets
import string
import time
from collections.abc import Callable, Sequence
from typing import Final

from aiohttp import web

from accounts.api.authentication import Authenticator
from accounts.api.browser_cookie import SESSION, BrowserCookie
from accounts.api.resources.notification_settings import NotificationSettingsResource
from accounts.api.resources.notifications import NotificationsResource
from accounts.api.throttle import Throttle, TokenBuckets
from accounts.channels.playback import Playback
from accounts.events import (
    AccountChanged,
    AccountDeleted,
    AccountsEvent,
    AccountSuspended,
    ChannelEvent,
    NotificationsRead,
    RefreshTokenReused,
    SignedOut,
)
from accounts.facts import Fact, FactKind
from accounts.facts.dispatcher import FactDispatcher
from accounts.notifications.fan_out import TOLD_OF, FanOut
from accounts.notifications.inbox import Inbox
from accounts.notifications.wishes import Wishes
from accounts.ports import Clock, Emit
from accounts.settings import AccountsSettings
from accounts.storage import Database
from analytics.doctor.finding import Finding
from analytics.operations.state import QueueState
from config.chat_side import ChatSide
from config.chat_tellings import RoomTelling
from config.fact_tellings import tellings_of
from config.notify_adapters import AccountDoorkeeper, AccountRights, FactArchive
from config.rights_watch import RightsWatch
from notify import events
from notify.audience import Audience
from notify.bus import Bus
from notify.close_code import CloseCode
from notify.event_source import PATH as EVENTS_PATH
from notify.event_source import EventSourceDoor
from notify.hall import Hall
from notify.herald import Herald
from notify.limits import ConnectionLimits
from notify.listening_collector import ListeningCollector
from notify.ports import Silence
from notify.replay_ring import ReplayRing
from notify.settings import NotifySettings
from notify.topic import ME, account_key, channel_key, staff_key
from notify.websocket import PATH as WEBSOCKET_PATH
from notify.websocket import WebSocketDoor

_RUN_CHARACTERS: Final = 10
_HOUR_MS: Final = 3_600_000
# Ingest and the packager tell what goes on every ten seconds, but of each track by itself, and anew
# whenever an encoder comes back.
_WARNINGS: Final = Throttle("publisher warnings", burst=10, per_minute=6)
_WARNED_CHANNELS: Final = 10_000
_LOGIN_EVENTS: Final = (
    AccountChanged,
    AccountDeleted,
    AccountSuspended,
    RefreshTokenReused,
    SignedOut,
)


class NotifySide:
    """Bus, outbox, notifications and doors of one server. Start and stop it once.

    `fact_told` is called with each new fact, for those who read them elsewhere. `rooms` take
    what listeners say.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        emit: Emit,
        settings: NotifySettings,
        *,
        accounts: AccountsSettings,
        authenticator: Authenticator,
        playback: Playback,
        trusted_proxies: frozenset[str] = frozenset(),
        fact_told: Callable[[Fact], None] | None = None,
        rooms: ChatSide | None = None,
    ) -> None:
        self._clock = clock
        self._fact_told = fact_told
        self._rooms = rooms
        self._bus = Bus(_new_run(), ReplayRing(settings.replay_events, settings.replay_bytes))
        self._herald = Herald(self._bus)
        rights = AccountRights(database, authenticator, playback, clock)
        self._audience = Audience(rights, settings)
        self._watch = RightsWatch(
            database, clock, self._audience, None if rooms is None else rooms.note_channels
        )
        self._dispatcher = FactDispatcher(
            database, clock, self._tell, kept_ms=settings.facts_kept_hours * _HOUR_MS
        )
        self._fan_out = FanOut(
            database,
            clock,
            self._dispatcher.wake,
            kept_ms=settings.notifications_kept_days * 24 * _HOUR_MS,
        )
        limits = ConnectionLimits(settings)
        doorkeeper = AccountDoorkeeper(
            authenticator,
            BrowserCookie(SESSION, accounts.public_url),
            public_url=accounts.public_url,
            trusted_proxies=trusted_proxies,
        )
        archive = FactArchive(database)
        self._hall = Hall(
            self._bus,
            self._herald,
            self._audience,
            doorkeeper,
            rights,
            archive,
            limits,
            settings,
            speech=Silence() if rooms is None else rooms,
        )
        self.collector = ListeningCollector(self._bus, self._audience, limits)
        self.resources: Sequence[object] = (
            NotificationsResource(Inbox(database, clock, emit)),
            NotificationSettingsResource(Wishes(database, clock)),
        )
        self._queue_capacity = settings.queue_capacity
        self._warnings = TokenBuckets(_WARNED_CHANNELS)
        self._viewers: dict[str, int] = {}  # as told, by the channel's id; of those that are live
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def stored_count(self) -> int:
        """Count the notifications that this process has stored."""
        return self._fan_out.stored_count

    @property
    def listener_count(self) -> int:
        """Count the WebSockets and event streams that are open."""
        return len(self._audience)

    def queues(self) -> Sequence[QueueState]:
        """Say how full the queue of the slowest listener is."""
        bus = self._bus
        return (
            QueueState("listeners", bus.longest_queue, self._queue_capacity, bus.dropped_count),
        )

    def add_routes(self, application: web.Application) -> None:
        """Serve /ws and /events; before the application starts."""
        application.router.add_get(WEBSOCKET_PATH, WebSocketDoor(self._hall).respond)
        application.router.add_get(
            EVENTS_PATH, EventSourceDoor(self._hall).respond, allow_head=False
        )

    def note(self, event: AccountsEvent) -> None:
        """Act on what has happened in this process."""
        self._dispatcher.wake()
        if self._rooms is not None:
            self._rooms.note(event)
        if isinstance(event, NotificationsRead):
            self._bus.publish(
                events.NotificationsRead(at=event.at_ms, unread=event.unread_count),
                topics=[ME],
                keys=[account_key(event.account_id)],
            )
        elif isinstance(event, _LOGIN_EVENTS):
            self._watch.note_account(event.account_id)
        elif isinstance(event, ChannelEvent):
            self._watch.note_channel(event.channel_id)

    def warn_publisher(self, channel_id: str, channel: str, code: str, text: str) -> None:
        """Tell a channel's people what is wrong with what they publish; not all if it is a lot."""
        if self._warnings.take(_WARNINGS, channel_id, time.monotonic()) > 0:
            return
        self._bus.publish(
            events.PublisherWarned(at=self._clock(), channel=channel, code=code, text=text),
            topics=[f"channel:{channel}"],
            keys=[staff_key(channel_id)],
        )

    def tell_findings(self, channel_id: str, channel: str, findings: Sequence[Finding]) -> None:
        """Tell a channel's people what holds of what they publish."""
        told = tuple(
            events.PublisherFinding(
                code=each.code,
                severity=each.severity.value,
                title=each.title,
                to_change=each.to_change,
                measured=each.measured,
                expected=each.expected,
                since=each.since_ms,
            )
            for each in findings
        )
        self._bus.publish(
            events.PublisherFindings(at=self._clock(), channel=channel, findings=told),
            topics=[f"channel:{channel}"],
            keys=[staff_key(channel_id)],
        )

    def count_viewers(self, channel_id: str, channel: str, viewers: int) -> None:
        """Tell how many watch a channel if it is another number than was told last."""
        if self._viewers.get(channel_id) == viewers:
            return
        self._viewers[channel_id] = viewers
        self._bus.publish(
            events.ViewersCounted(at=self._clock(), channel=channel, viewers=viewers),
            topics=[f"channel:{channel}"],
            keys=[channel_key(channel_id)],
        )

    def tell_room(self, telling: RoomTelling) -> None:
        """Tell what was said or done in a room."""
        self._bus.publish(telling.event, topics=telling.topics, keys=telling.keys)

    async def start(self) -> None:
        """Begin to tell."""
        await self._dispatcher.start()
        self._bus.start_after(self._dispatcher.position)
        self._tasks = [
            asyncio.create_task(work, name=name)
            for name, work in (
                ("fact-dispatcher", self._dispatcher.run()),
                ("notification-fan-out", self._fan_out.run()),
                ("rights-watch", self._watch.run()),
                ("audience", self._audience.run()),
            )
        ]

    def send_away(self) -> None:
        """Tell all who listen to come back later, to this server or another."""
        self._audience.end_all(CloseCode.GOING_AWAY)

    async def wait_gone(self, limit_s: float) -> None:
        """Return when all have gone whom `send_away` has told, but not later than that."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._audience.wait_empty()

    async def stop(self) -> None:
        """End the tasks; what is not told yet is told by who starts next."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []
        self._herald.stop()

    def _tell(self, fact: Fact) -> None:
        if fact.kind in TOLD_OF:
            self._fan_out.wake()
        if self._fact_told is not None:
            self._fact_told(fact)
        if self._rooms is not None:
            self._rooms.note_fact(fact)
        if fact.kind is FactKind.BROADCAST_ENDED:
            self._viewers.pop(fact.channel_id, None)
        tellings = tellings_of(fact)
        for telling in tellings:
            self._bus.publish(
                telling.event, topics=telling.topics, keys=telling.keys, fact=telling.fact
            )
        if not tellings:
            self._bus.pass_over(fact.position)


def _new_run() -> str:
    letters = string.ascii_lowercase + string.digits
    return "".join(secrets.choice(letters) for _ in range(_RUN_CHARACTERS))
