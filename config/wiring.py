"""The composition root: the only place that names concrete adapters."""

from config.event_counters import EventCounters
from config.event_log import log_packager_event
from config.open_files import raise_open_file_limit
from config.settings import RillcastSettings
from distribution.application import Application
from distribution.publishing_api import PublishAddress
from distribution.server import HttpServer
from ingest.keys import KeyFile, KeyFileAuthorizer, OpenAuthorizer
from ingest.ports import PublishAuthorizer
from ingest.publisher import CertificateError, RtmpServer
from packager.events import PackagerEvent
from packager.gateway import PackagerGateway
from packager.live import Publications

KEY_FILE_NAME = "stream-keys.toml"


class StartError(Exception):
    """The server cannot start; the text says what to change."""


def key_file_of(settings: RillcastSettings) -> KeyFile:
    """Return the stream keys of the data folder."""
    return KeyFile(settings.data / KEY_FILE_NAME)


class RillcastServer:
    """Every role in one process. Start and stop it once, on one event loop."""

    def __init__(self, settings: RillcastSettings) -> None:
        self.has_made_key = False  # at this start
        self._settings = settings
        self._publications = Publications(settings.packager.window.max_publications)
        self._counters = EventCounters(lambda: self._rtmp.connection_count)
        self._gateway = PackagerGateway(self._publications, settings.packager, self._tell)
        self._rtmp = RtmpServer(
            settings.rtmp, _authorizer(settings), self._gateway, self._counters.note_ingest
        )
        self._http = HttpServer(
            Application(
                self._publications,
                settings.http,
                publish_address=self._publish_address,
                collectors=[self._counters],
            )
        )

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

    async def start(self) -> None:
        """Listen for viewers, then for encoders. Raises StartError, KeyFileError."""
        settings = self._settings
        raise_open_file_limit()
        if not settings.open:
            key_file = key_file_of(settings)
            known = key_file.keys()
            self.has_made_key = settings.channel not in known
            key_file.ensure(settings.channel)
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
                    f"cannot listen on {name} {host}:{port}: {error.strerror or error}; "
                    f"choose another address with --{name} HOST:PORT"
                ) from None
        self._gateway.start()

    async def stop(self) -> None:
        """Say goodbye to encoders, end the playlists, and let viewers finish."""
        await self._rtmp.stop()
        self._gateway.close()
        await self._http.stop()

    def _publish_address(self) -> PublishAddress:
        return PublishAddress(
            rtmp_port=self.rtmp_port,
            rtmps_port=self.rtmps_port,
            needs_key=not self._settings.open,
        )

    def _tell(self, event: PackagerEvent) -> None:
        log_packager_event(event)
        self._counters.note_packager(event)


def _authorizer(settings: RillcastSettings) -> PublishAuthorizer:
    return OpenAuthorizer() if settings.open else KeyFileAuthorizer(key_file_of(settings))
