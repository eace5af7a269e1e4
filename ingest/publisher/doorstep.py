"""Doorstep: where a connection is counted in, and made secure if it came to that door."""

import asyncio
import ssl
from typing import cast

import structlog

from ingest.publisher.admission import Admission
from ingest.publisher.session import PublisherSession
from ingest.publisher.surroundings import Surroundings

_log: structlog.stdlib.BoundLogger = structlog.get_logger("ingest.publisher")


class Doorstep(asyncio.Protocol):
    """Admits one accepted socket and hands it to a PublisherSession.

    TLS begins only after the connection has been counted: a server that counts after the
    handshake can be filled up by peers that never finish one.
    """

    def __init__(
        self,
        surroundings: Surroundings,
        admission: Admission,
        sessions: set[PublisherSession],
        tls: ssl.SSLContext | None,
    ) -> None:
        self._surroundings = surroundings
        self._admission = admission
        self._sessions = sessions
        self._tls = tls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hand over at once, or after the TLS handshake, or close."""
        transport = cast("asyncio.Transport", transport)  # uvloop's are no subclass
        peer = transport.get_extra_info("peername")
        remote_host = str(peer[0]) if peer else "unknown"  # the peer may be gone already
        if not self._admission.admit(remote_host):
            self._tell("connection limit reached", remote_host)
            transport.abort()
            return
        if self._tls is None:
            session = self._session(remote_host)
            transport.set_protocol(session)
            session.connection_made(transport)
        else:
            transport.pause_reading()
            self._surroundings.spawn(self._secure(transport, self._tls, remote_host))

    async def _secure(
        self, transport: asyncio.Transport, tls: ssl.SSLContext, remote_host: str
    ) -> None:
        session = self._session(remote_host)
        timeout_s = self._surroundings.settings.limits.handshake_timeout_s
        try:
            secured = await self._surroundings.loop.start_tls(
                transport, session, tls, server_side=True, ssl_handshake_timeout=timeout_s
            )
        except OSError as error:  # ssl.SSLError, timeouts and resets alike
            self._tell("TLS handshake failed", remote_host, reason=type(error).__name__)
            transport.abort()
            session.connection_lost(error)
            return
        except asyncio.CancelledError:
            transport.abort()
            session.connection_lost(None)
            raise
        if secured is None:  # the peer has gone
            session.connection_lost(None)
        else:
            session.connection_made(secured)

    def _session(self, remote_host: str) -> PublisherSession:
        session = PublisherSession(
            self._surroundings, remote_host, lambda: self._gone(session, remote_host)
        )
        self._sessions.add(session)
        return session

    def _gone(self, session: PublisherSession, remote_host: str) -> None:
        self._sessions.discard(session)
        self._admission.release(remote_host)

    def _tell(self, subject: str, remote_host: str, **more: str) -> None:
        held_back = self._surroundings.log_gate.ask(subject, self._surroundings.loop.time())
        if held_back is not None:
            _log.warning(subject, remote_host=remote_host, more_like_it=held_back, **more)
