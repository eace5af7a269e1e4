"""AccountsServer: accounts put together for one server: people, channels, and the API to both."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version

from aiohttp import web
from prometheus_client.registry import Collector

from accounts import later
from accounts.api.service import RestApi
from accounts.events import CHANGES_LISTS, AccountsEvent
from accounts.images import PictureFolder
from accounts.key_ring import KeyRing, KeyRingError
from accounts.push.vapid import VapidKeyError
from accounts.storage import StorageError
from analytics.api.admin_overview import AdminOverviewResource
from config.accounts_database import database_of, make_current
from config.alerts_collector import AlertsCollector
from config.alerts_side import AlertsSide
from config.analytics_operations import OperationsSide
from config.analytics_side import AnalyticsSide
from config.channel_side import ChannelSide
from config.chat_side import ChatSide
from config.chat_tellings import RoomTelling
from config.database_probe import AccountsDatabaseProbe
from config.notify_side import NotifySide
from config.people_side import (
    KEY_RING_NAME,
    PICTURE_FOLDER_NAME,
    PeopleSide,
    log_people_event,
)
from config.settings import RillcastSettings
from config.start_error import StartError
from ingest.events import IngestEvent, PublisherWarned
from ingest.media import PublisherWarning
from packager.events import BroadcastWarned, PackagerEvent
from packager.gateway import unix_ms_now
from packager.live import Publications


class AccountsServer:
    """Everything of accounts on one database. Open it, let it take over, start and stop it once.

    `public_url` says how browsers reach the server; `operations` watch over it. Making and opening
    it raise StartError.
    """

    def __init__(
        self,
        settings: RillcastSettings,
        publications: Publications,
        public_url: Callable[[], str],
        operations: OperationsSide,
    ) -> None:
        self._settings = settings
        self._operations = operations
        with _explained(settings):
            self._database = database_of(settings)
            keys = KeyRing.open(settings.data / KEY_RING_NAME)
        pictures = PictureFolder(settings.data / PICTURE_FOLDER_NAME)
        self.people = PeopleSide(
            self._database,
            settings.accounts,
            settings.data,
            public_url=public_url,
            keys=keys,
            pictures=pictures,
            clock=unix_ms_now,
            emit=self._tell,
        )
        self.channels = ChannelSide(
            database=self._database,
            clock=unix_ms_now,
            emit=self._tell,
            settings=settings.accounts.channels,
            packager=settings.packager,
            key_ring=keys,
            pictures=pictures,
            publications=publications,
        )
        with _explained(settings):
            self.alerts = AlertsSide(
                self._database,
                unix_ms_now,
                settings.accounts,
                settings.data,
                keys=keys,
                courier=self.people.courier,
                mail=self.people.outbox,
                links=self.people.links,
            )
        self.rooms = ChatSide(
            self._database,
            unix_ms_now,
            settings.accounts.chat,
            bans=self.channels.viewer_bans,
            moderators=self.channels.moderators,
            playback=self.channels.playback,
            pictures=pictures,
            tell=self._tell_room,
        )
        self.notify = NotifySide(
            self._database,
            unix_ms_now,
            self._tell,
            settings.notify,
            accounts=settings.accounts,
            authenticator=self.people.authenticator,
            playback=self.channels.playback,
            trusted_proxies=settings.http.proxy_addresses,
            fact_told=self.alerts.note_fact,
            rooms=self.rooms,
        )
        self.analytics = AnalyticsSide(
            self._database,
            unix_ms_now,
            settings.analytics,
            access=self.channels.figures_access,
            catalogue=self.channels.catalogue,
            channel_id=self.channels.id_of,
            trusted_proxies=settings.http.proxy_addresses,
            ids=self.channels,
            profile_of=lambda channel: self.channels.terms_of(channel).profile.value,
            tell_findings=self.notify.tell_findings,
            key_ring=keys,
            publications=publications,
            note_viewers=self._note_viewers,
        )
        operations.connect_judge(self.analytics.doctor.judge)
        operations.connect_accounts(
            AccountsDatabaseProbe(self._database, settings.data),
            [
                each.queues
                for each in (
                    self.people,
                    self.channels,
                    self.rooms,
                    self.notify,
                    self.alerts,
                    self.analytics.doctor,
                    self.analytics.viewers,
                )
            ],
            lambda: self.notify.listener_count,
        )
        self.collectors: Sequence[Collector] = (
            *self.analytics.collectors,
            self.notify.collector,
            self.rooms.collector,
            AlertsCollector(lambda: self.notify.stored_count, self.alerts.outcomes),
        )
        self._api = RestApi(
            [
                *self.people.resources,
                *self.channels.resources,
                *self.notify.resources,
                *self.rooms.resources,
                *self.alerts.resources,
                *self.analytics.resources,
                AdminOverviewResource(operations.watch, version("rillcast")),
            ],
            self._database,
            self.people.authenticator,
            settings.accounts,
            unix_ms_now,
            trusted_proxies=settings.http.proxy_addresses,
            version=version("rillcast"),
        )

    def add_routes(self, application: web.Application) -> None:
        """Serve the API and what happens; before the application starts."""
        self._api.add_to(application)
        self.notify.add_routes(application)

    def api_document(self) -> bytes:
        """Return the OpenAPI document as JSON."""
        return self._api.document()

    async def open(self) -> None:
        """Have the tables that this program expects, and know the channels that were live."""
        with _explained(self._settings):
            await make_current(self._database, self._settings)
            await self.channels.prepare()

    async def take_over(self) -> None:
        """Look after the shows that were recovered; before anybody publishes."""
        await self.rooms.start()
        await self.notify.start()
        await self.channels.start()
        await self.analytics.start()

    async def start(self) -> str | None:
        """Begin to send; return the set-up link while there is no administrator."""
        await self.alerts.start()
        return await self.people.start()

    async def load_later(self) -> None:
        """Load the libraries that nobody needed until now."""
        await asyncio.to_thread(later.load)

    async def stop(self) -> None:
        """Finish what runs, write what is left to be written, and close the database."""
        await self._api.close()
        await self.analytics.stop()
        await self.channels.stop()
        await self.rooms.stop()
        await self.notify.stop()
        await self.alerts.stop()
        await self.people.stop()
        await self._database.close()

    def note_ingest(self, event: IngestEvent) -> None:
        """Take what publishers do: to be measured, and told to their streamers."""
        self.analytics.note_ingest(event)
        if isinstance(event, PublisherWarned):
            self._warn(event.channel, event.warning)

    def note_packager(self, event: PackagerEvent) -> None:
        """Take what happens to shows: to be written down, and told to their streamers."""
        self.channels.note_packager(event)
        self.analytics.note_packager(event)
        if isinstance(event, BroadcastWarned):
            self._warn(event.channel, event.warning)

    def _warn(self, channel: str, warning: PublisherWarning) -> None:
        channel_id = self.channels.id_of(channel)
        if channel_id is not None:  # nobody else hears of who publishes to a test key
            self.notify.warn_publisher(channel_id, channel, warning.code.value, warning.text)

    def _note_viewers(self, channel: str, viewers: int) -> None:
        self._operations.note_viewers(channel, viewers)
        self.channels.recorder.note_viewers(channel, viewers)
        channel_id = self.channels.id_of(channel)
        if channel_id is not None:
            self.notify.count_viewers(channel_id, channel, viewers)

    def _tell_room(self, telling: RoomTelling) -> None:
        self.notify.tell_room(telling)

    def _tell(self, event: AccountsEvent) -> None:
        if isinstance(event, CHANGES_LISTS):
            self._api.forget_shared()
        log_people_event(event)
        self.notify.note(event)


@contextmanager
def _explained(settings: RillcastSettings) -> Iterator[None]:
    try:
        yield
    except (StorageError, KeyRingError, VapidKeyError) as error:
        raise StartError(str(error)) from None
    except OSError as error:
        raise StartError(
            f"cannot keep accounts in {settings.data}: {error.strerror or error}; "
            "choose another folder with --data DIR"
        ) from None
