"""RtmpServer: listens for publishers and looks after their sessions."""

import asyncio
import ssl
import sys
from collections.abc import Coroutine
from functools import partial

import structlog

from ingest.events import Emit
from ingest.ports import MediaGateway, PublishAuthorizer
from ingest.publisher.admission import Admission
from ingest.publisher.errors import CertificateError
from ingest.publisher.intake import Intake
from ingest.publisher.listener import Listener
from ingest.publisher.on_air import OnAir
from ingest.publisher.publisher import Publisher
from ingest.publisher.session import PublisherSession
from ingest.publisher.settings import RtmpSettings, TlsSettings
from ingest.publisher.surroundings import Surroundings

_log: structlog.stdlib.BoundLogger = structlog.get_logger("ingest.publisher")

_SWEEP_INTERVAL_S = 0.5


class RtmpServer:
    """Serves RTMP, and RTMPS if there is a certificate, on the running event loop.

    Start and stop it once. All its tasks live in one group, which `stop` empties. `is_measured`:
    the samples' sizes and times are told, too, about once a second for each publisher.
    """

    def __init__(
        self,
        settings: RtmpSettings,
        authorizer: PublishAuthorizer,
        gateway: MediaGateway,
        emit: Emit,
        *,
        is_measured: bool = False,
    ) -> None:
        self._settings = settings
        self._authorizer = authorizer
        self._on_air = OnAir()
        self._gateway = gateway
        self._emit = emit
        self._is_measured = is_measured
        self._admission = Admission(settings)
        self._sessions: set[PublisherSession] = set()
        self._listeners: list[Listener] = []
        self._intake: Intake | None = None
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_grouped = asyncio.Event()
        self._stopping = asyncio.Event()
        self._stop_timeout_s = settings.stop_timeout_s
        self._life: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port that RTMP is served on, once started."""
        return self._listeners[0].port

    @property
    def tls_port(self) -> int | None:
        """The port that RTMPS is served on, once started, or None."""
        return self._listeners[1].port if len(self._listeners) > 1 else None

    @property
    def connection_count(self) -> int:
        """How many peers are connected."""
        return len(self._sessions)

    async def start(self) -> None:
        """Listen. Raises OSError if a port is taken, CertificateError."""
        loop = asyncio.get_running_loop()
        settings = self._settings
        surroundings = Surroundings(
            settings,
            self._authorizer,
            self._gateway,
            self._emit,
            loop,
            self._spawn,
            on_air=self._on_air,
            is_measured=self._is_measured,
        )
        if sys.platform == "linux":
            self._intake = Intake(loop)
        listen = partial(
            Listener,
            intake=self._intake,
            surroundings=surroundings,
            admission=self._admission,
            sessions=self._sessions,
        )
        try:
            self._listeners.append(listen(settings.host, settings.port, tls=None))
            if (tls := settings.tls) is not None:
                self._listeners.append(listen(tls.host, tls.port, tls=_tls_context(tls)))
        except (OSError, CertificateError):
            for listener in self._listeners:
                listener.close()
            self._close_intake()
            raise
        self._life = loop.create_task(self._live(), name="rtmp-server")
        await self._is_grouped.wait()
        for listener in self._listeners:
            listener.start()
        _log.info("rtmp listening", host=settings.host, port=self.port, tls_port=self.tls_port)

    async def stop(self, within_s: float | None = None) -> None:
        """Show all publishers out and return when they are gone.

        That is within `stop_timeout_s`, or `within_s` if that is less. Who comes now is refused by
        the system: encoders that reconnect try again until another process listens.
        """
        if self._life is None:
            return
        for listener in self._listeners:
            listener.close()
        for session in list(self._sessions):
            session.stop()
        if within_s is not None:
            self._stop_timeout_s = min(self._stop_timeout_s, within_s)
        self._stopping.set()
        await self._life
        self._life = None
        self._close_intake()

    def publishers(self) -> list[Publisher]:
        """Return who is on air, to be looked at."""
        return [each.publisher for each in self._sessions if each.publisher is not None]

    def principal_of(self, channel: str) -> str | None:
        """Return the principal that the publisher on air on a channel was granted, if any is."""
        return self._on_air.principal_of(channel)

    def cut(self, channel: str, text: str) -> bool:
        """Show out who is on air on a channel; return whether anybody was.

        The channel is free when this returns. `text` is for the streamer, and for the log.
        """
        found = [session for session in self._sessions if session.channel == channel]
        for session in found:
            session.cut(text)
        return bool(found)

    def _close_intake(self) -> None:
        if self._intake is not None:
            self._intake.close()
            self._intake = None

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _live(self) -> None:
        """Own the tasks of all sessions, and check each session from time to time."""
        loop = asyncio.get_running_loop()
        async with self._group:
            self._is_grouped.set()
            stop_by: float | None = None
            while stop_by is None or (self._sessions and loop.time() < stop_by):
                for session in list(self._sessions):
                    session.check(loop.time())
                if stop_by is None:
                    stop_by = await self._nap(loop)
                else:
                    await asyncio.sleep(0.02)
            for session in list(self._sessions):
                session.abort()
            for task in list(self._tasks):
                task.cancel()

    async def _nap(self, loop: asyncio.AbstractEventLoop) -> float | None:
        """Sleep until the next check; return when to be gone, once stopping."""
        try:
            async with asyncio.timeout(_SWEEP_INTERVAL_S):
                await self._stopping.wait()
        except TimeoutError:
            return None
        return loop.time() + self._stop_timeout_s


def _tls_context(settings: TlsSettings) -> ssl.SSLContext:
    """Accept what encoders of this decade speak; OBS brings its own mbedTLS or Schannel."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.certificate, settings.private_key)
    except OSError as error:  # ssl.SSLError too
        raise CertificateError(
            f"rtmp.tls: cannot use {settings.certificate} with {settings.private_key}: "
            f"{error.strerror or error}"
        ) from error
    return context
