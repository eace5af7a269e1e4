"""The composition root: the only place that names concrete adapters."""

import asyncio
import os
from typing import TYPE_CHECKING

import structlog
from prometheus_client.registry import Collector

from config.analytics_operations import OperationsSide
from config.data_folder import KEY_FILE_NAME, LIVE_FOLDER_NAME
from config.event_counters import EventCounters
from config.event_log import log_packager_event
from config.garbage_meter import GarbageMeter
from config.journal_collector import JournalCollector
from config.open_files import raise_open_file_limit
from config.public_url import public_url
from config.settings import RillcastSettings, is_loopback
from config.start_error import StartError
from distribution.application import Application
from distribution.publishing_api import PublishAddress
from distribution.server import HttpServer
from ingest.events import IngestEvent
from ingest.keys import KeyFile, KeyFileAuthorizer, OpenAuthorizer
from ingest.ports import MediaGateway, PublishAuthorizer
from ingest.publisher import CertificateError, RtmpServer
from packager.events import PackagerEvent
from packager.gateway import PackagerGateway, unix_ms_now
from packager.journal import FolderTakenError, LiveFolder
from packager.live import Publications

if TYPE_CHECKING:
    from config.accounts_wiring import AccountsServer

_log: structlog.stdlib.BoundLogger = structlog.get_logger("config")
_LEAST_DRAIN_S = 0.5  # for viewers, where encoders took all the time
_OTHER_FILES = 500  # of the databases, journals and requests to others


def key_file_of(settings: RillcastSettings) -> KeyFile:
    """Return the stream keys of the data folder."""
    return KeyFile(settings.data / KEY_FILE_NAME)


class RillcastServer:
    """Every role in one process. Start and stop it once, on one event loop."""

    def __init__(self, settings: RillcastSettings) -> None:
        self.has_made_key = False  # at this start
        self.set_up_link: str | None = None  # while there are accounts but no administrator
        self._settings = settings
        self._publications = Publications(settings.packager.window.max_publications)
        self._counters = EventCounters(lambda: self._rtmp.connection_count)
        self._folder: LiveFolder | None = None
        self._garbage = GarbageMeter()
        self._operations = OperationsSide(
            settings, self._publications, self._counters, self._garbage
        )
        collectors: list[Collector] = [
            self._counters,
            self._garbage,
            self._operations.collector,
        ]
        if settings.packager.journal:
            self._folder = LiveFolder(settings.data / LIVE_FOLDER_NAME, unix_ms_now)
            collectors.append(JournalCollector(self._folder))
        self._accounts = self._make_accounts()
        if self._accounts is not None:
            collectors += self._accounts.collectors
        channels = None if self._accounts is None else self._accounts.channels
        self._gateway = PackagerGateway(
            self._publications,
            settings.packager,
            self._tell,
            folder=self._folder,
            terms=None if channels is None else channels.terms_of,
        )
        self._rtmp = RtmpServer(
            settings.rtmp,
            self._publish_authorizer(),
            self._media_gateway(),
            self._tell_ingest,
            is_measured=self._accounts is not None,
        )
        application = Application(
            self._publications,
            settings.http,
            publish_address=self._publish_address,
            collectors=collectors,
            viewers=None if channels is None else channels.viewer_authorizer,
            has_accounts=self._accounts is not None,
            listener=None if self._accounts is None else self._accounts.analytics.quality.listener,
            audience=None if self._accounts is None else self._accounts.analytics.viewers.audience,
        )
        self._operations.connect(self._rtmp, application, self._folder)
        if self._accounts is not None:
            self._accounts.channels.reach.connect(self._rtmp, self._gateway)
            self._accounts.analytics.preflight.connect(
                self._rtmp.cut, self._publish_address, settings.accounts.public_url
            )
            self._accounts.add_routes(application.routes)
        self._http = HttpServer(application)

    @property
    def http_port(self) -> int:
        """The port that viewers connect to, once started."""
        return self._http.port

    @property
    def rtmp_port(self) -> int:
        """The port that encoders connect to, once started."""
        return self._rtmp.port

    @property
    def rtmps_port(self) -> int | None:
        """The port that encoders connect to with TLS, once started, or None."""
        return self._rtmp.tls_port

    def is_on_air(self) -> bool:
        """Whether somebody publishes."""
        return self._counters.publisher_count > 0

    async def start(self) -> None:
        """Listen for viewers, then for encoders. Raises StartError, KeyFileError."""
        settings = self._settings
        self._garbage.begin()
        self._look_at_open_files()
        self._look_at_key_file()
        self._open_folder()
        if self._accounts is not None:
            await self._accounts.open()
        self._gateway.recover(asyncio.get_running_loop().time())
        if self._accounts is not None:
            await self._accounts.take_over()
        for name, host, port, start in (
            ("http", settings.http.host, settings.http.port, self._http.start),
            ("rtmp", settings.rtmp.host, settings.rtmp.port, self._rtmp.start),
        ):
            try:
                await start()
            except CertificateError as error:
                raise StartError(str(error)) from None
            except OSError as error:
                raise StartError(
                    f"cannot listen on {name} {host}:{port}: {_why_not(error)}; "
                    f"choose another address with --{name} HOST:PORT"
                ) from None
        self._gateway.start()
        self._operations.start()
        if self._accounts is not None:
            self.set_up_link = await self._accounts.start()

    async def load_later(self) -> None:
        """Load what a start need not wait for."""
        if self._accounts is not None:
            await self._accounts.load_later()

    async def stop(self) -> None:
        """Let encoders go, put the shows away, and let viewers finish, all within `http.drain_s`.

        Shows are interrupted, not ended: a server that is started soon goes on with them.
        """
        loop = asyncio.get_running_loop()
        stop_by = loop.time() + self._settings.http.drain_s
        self._http.begin_draining()
        await self._operations.stop()
        if self._accounts is not None:
            self._accounts.notify.send_away()
        await self._rtmp.stop(self._settings.http.drain_s)
        self._gateway.close()
        left_s = max(stop_by - loop.time(), _LEAST_DRAIN_S)
        gone = [] if self._accounts is None else [self._accounts.notify.wait_gone(left_s)]
        await asyncio.gather(self._http.stop(left_s), self._close_folder(left_s), *gone)
        if self._accounts is not None:
            await self._accounts.stop()
        self._garbage.end()

    def _make_accounts(self) -> "AccountsServer | None":
        if not self._settings.accounts.enabled:
            return None
        from config.accounts_wiring import AccountsServer  # noqa: PLC0415 - takes half a second

        return AccountsServer(
            self._settings, self._publications, self._public_url, self._operations
        )

    def _publish_authorizer(self) -> PublishAuthorizer:
        if self._accounts is None:
            return _authorizer(self._settings)
        authorizer = self._accounts.channels.publish_authorizer
        return self._accounts.analytics.preflight.authorizer(authorizer)

    def _media_gateway(self) -> MediaGateway:
        if self._accounts is None:
            return self._gateway
        pace = self._settings.packager.pace
        return self._accounts.analytics.preflight.gateway(self._gateway, pace)

    def _look_at_open_files(self) -> None:
        """Have as many connections as settings allow, or say how many there can be."""
        settings = self._settings
        wanted = settings.http.connection_limit + settings.rtmp.connection_limit
        if self._accounts is not None:
            wanted += settings.notify.connections
        limit = raise_open_file_limit()
        if limit < wanted + _OTHER_FILES:
            _log.warning(
                "the system lets this process have fewer open files than there may be connections",
                open_files=limit,
                wanted=wanted + _OTHER_FILES,
                to_raise="LimitNOFILE= in the unit, ulimit -Hn in a shell",
            )

    def _look_at_key_file(self) -> None:
        """Make its first key where it is what counts, and say so where that may surprise."""
        settings, key_file = self._settings, key_file_of(self._settings)
        if settings.open:
            return
        if self._accounts is not None:
            if key_file.path.exists():
                _log.warning(
                    "accounts are on: keys of the key file admit nobody", file=str(key_file.path)
                )
            return
        if key_file.path.exists():
            _log.info(
                "accounts are off: keys of the key file admit publishers",
                file=str(key_file.path),
                to_switch_on="accounts.enabled = true",
            )
        known = key_file.keys()
        self.has_made_key = settings.channel not in known
        key_file.ensure(settings.channel)

    def _public_url(self) -> str:
        return public_url(self._settings, self.http_port)

    def _open_folder(self) -> None:
        if self._folder is None:
            return
        try:
            self._folder.open()
        except FolderTakenError as error:
            raise StartError(f"{error}; choose another folder with --data DIR") from None
        except OSError as error:
            raise StartError(
                f"cannot keep shows in {self._settings.data / LIVE_FOLDER_NAME}: "
                f"{error.strerror or error}; choose another folder with --data DIR, or do without: "
                "--set packager.journal=false"
            ) from None

    async def _close_folder(self, limit_s: float) -> None:
        if self._folder is not None:
            await asyncio.to_thread(self._folder.close, limit_s)

    def _publish_address(self) -> PublishAddress:
        return PublishAddress(
            rtmp_port=None if _wants_tls(self._settings) else self.rtmp_port,
            rtmps_port=self.rtmps_port,
            needs_key=not self._settings.open,
            has_accounts=self._accounts is not None,
        )

    def _tell_ingest(self, event: IngestEvent) -> None:
        self._counters.note_ingest(event)
        if self._accounts is not None:
            self._accounts.note_ingest(event)

    def _tell(self, event: PackagerEvent) -> None:
        log_packager_event(event)
        self._counters.note_packager(event)
        if self._accounts is not None:
            self._accounts.note_packager(event)


def _authorizer(settings: RillcastSettings) -> PublishAuthorizer:
    return OpenAuthorizer() if settings.open else KeyFileAuthorizer(key_file_of(settings))


def _wants_tls(settings: RillcastSettings) -> bool:
    """Whether encoders on other machines can come by RTMPS alone."""
    tls = settings.rtmp.tls
    return tls is not None and is_loopback(settings.rtmp.host) and not is_loopback(tls.host)


def _why_not(error: OSError) -> str:
    """Say it as the system does: event loops put the address into the text once more."""
    if error.errno is not None and error.errno > 0:  # names that are not found have codes below
        return os.strerror(error.errno)
    return error.strerror or str(error)
