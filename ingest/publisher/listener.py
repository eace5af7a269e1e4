"""Listener: one port, from accept to the hand-over to a PublisherSession."""

import errno
import socket
import ssl

import structlog

from ingest.publisher.admission import Admission
from ingest.publisher.intake import Intake
from ingest.publisher.line import Line
from ingest.publisher.session import PublisherSession
from ingest.publisher.surroundings import Surroundings

_log: structlog.stdlib.BoundLogger = structlog.get_logger("ingest.publisher")

_BACKLOG = 512  # a restart brings all encoders back within a second or two
_ACCEPTS_AT_ONCE = 64
# Out of file descriptors or memory: accepting again at once would only spin.
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_REST_S = 1.0


class Listener:
    """Accepts connections and counts them in, before TLS if there is any.

    A server that counts after the handshake, as event loops do by themselves, can be filled up
    by peers that never finish one. That is why this accepts with its own hands.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        tls: ssl.SSLContext | None,
        intake: Intake | None,
        surroundings: Surroundings,
        admission: Admission,
        sessions: set[PublisherSession],
    ) -> None:
        """Bind and listen. Raises OSError.

        Plain connections are read by `intake`, if there is one, and all others by the event loop.
        `sessions` will hold all that are not gone.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        self._socket.setblocking(False)
        self._tls = tls
        self._intake = intake
        self._surroundings = surroundings
        self._admission = admission
        self._sessions = sessions
        self.port: int = self._socket.getsockname()[1]

    def start(self) -> None:
        """Accept from now on, or again."""
        if self._socket.fileno() >= 0:
            self._surroundings.loop.add_reader(self._socket, self._accept_waiting)

    def close(self) -> None:
        """Stop accepting."""
        if self._socket.fileno() >= 0:
            self._surroundings.loop.remove_reader(self._socket)
            self._socket.close()

    def _accept_waiting(self) -> None:
        for _ in range(_ACCEPTS_AT_ONCE):
            try:
                accepted, address = self._socket.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in _EXHAUSTED:
                    self._tell("cannot accept", reason=error.strerror)
                    self._surroundings.loop.remove_reader(self._socket)
                    self._surroundings.loop.call_later(_REST_S, self.start)
                    return
                continue  # a peer that has left the queue already
            remote_host = str(address[0])
            if self._admission.admit(remote_host):
                accepted.setblocking(False)
                session = self._session(remote_host)
                if self._tls is None and self._intake is not None:
                    Line(self._surroundings.loop, self._intake, accepted, session)
                    continue
                self._surroundings.spawn(self._serve(accepted, session, remote_host))
            else:
                self._tell("connection limit reached", remote_host=remote_host)
                accepted.close()

    async def _serve(
        self, accepted: socket.socket, session: PublisherSession, remote_host: str
    ) -> None:
        """Join a socket to its session, or end a session that will get none."""
        settings = self._surroundings.settings
        timeout_s = settings.limits.handshake_timeout_s if self._tls else None
        try:
            await self._surroundings.loop.connect_accepted_socket(
                lambda: session, accepted, ssl=self._tls, ssl_handshake_timeout=timeout_s
            )
        except OSError as error:  # ssl.SSLError, timeouts and resets alike
            reason = type(error).__name__
            self._tell("connection not secured", remote_host=remote_host, reason=reason)
        finally:
            if not session.is_connected:
                accepted.close()
                session.connection_lost(None)

    def _session(self, remote_host: str) -> PublisherSession:
        def on_gone() -> None:
            self._sessions.discard(session)
            self._admission.release(remote_host)

        session = PublisherSession(self._surroundings, remote_host, on_gone)
        self._sessions.add(session)
        return session

    def _tell(self, subject: str, **more: str | None) -> None:
        self._surroundings.log_seldom(_log.warning, subject, subject, **more)
