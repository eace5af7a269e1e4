"""ViewerConnection: one viewer's TCP connection, measured for progress."""

import asyncio
import fcntl
import socket
import struct
import sys
import termios
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final, cast

import structlog
from aiohttp import web

from distribution import caching
from distribution.connection_table import ConnectionTable
from distribution.response import plain_text
from distribution.settings import HttpSettings

_log: structlog.stdlib.BoundLogger = structlog.get_logger("distribution.connection")

_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)  # struct linger: on, for no seconds

_TOO_MANY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Cache-Control: no-store\r\n"
    b"Access-Control-Allow-Origin: *\r\n"
    b"Retry-After: 2\r\n"
    b"Connection: close\r\n"
    b"Content-Length: 21\r\n"
    b"\r\n"
    b"too many connections\n"
)


class ViewerConnection(web.RequestHandler):
    """aiohttp's HTTP/1.1 connection, counted by a ConnectionTable and measured for progress."""

    __slots__ = (
        "_address",
        "_closing_since",
        "_opened_at",
        "_paused_since",
        "_pending_bytes",
        "_progress_at",
        "_socket",
        "_table",
        "_write_buffer_bytes",
        "has_requested",
    )

    def __init__(
        self,
        server: web.Server,
        table: ConnectionTable,
        settings: HttpSettings,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(
            server,
            loop=loop,
            keepalive_timeout=settings.keep_alive_s,
            access_log=None,  # type: ignore[arg-type] # what aiohttp documents for "no access log"
            max_line_size=4096,  # the longest request of a player has less than 300 bytes
            max_headers=64,
            lingering_time=2.0,  # for the body of a refused POST; nothing here reads bodies
            auto_decompress=False,
        )
        self._table = table
        self._write_buffer_bytes = settings.write_buffer_bytes
        self._address: str | None = None
        # aiohttp forgets its transport when it begins to close it; a close waits for unsent bytes.
        self._socket: asyncio.Transport | None = None
        self._opened_at = 0.0
        self._paused_since: float | None = None
        self._closing_since: float | None = None
        self._pending_bytes = 0
        self._progress_at = 0.0
        self.has_requested = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to serve, or say at once that there is no room."""
        stream_socket = self._socket = cast("asyncio.Transport", transport)
        self._opened_at = self._progress_at = self._loop.time()
        peer = stream_socket.get_extra_info("peername")
        address = str(peer[0]) if peer else ""
        if not self._table.admit(self, address):
            stream_socket.write(_TOO_MANY)
            self.force_close()
            stream_socket.close()
            return
        self._address = address
        stream_socket.set_write_buffer_limits(high=self._write_buffer_bytes)
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Give the place back."""
        if self._address is not None:
            self._table.remove(self, self._address)
            self._address = None
        super().connection_lost(exc)
        self._socket = None

    def pause_writing(self) -> None:
        """Note since when a response waits for its reader."""
        self._paused_since = self._loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        """Note that the reader has taken enough."""
        self._paused_since = None
        super().resume_writing()

    def is_stalled(self, now: float, settings: HttpSettings) -> bool:
        """Whether the peer has sent no request, or taken no byte, or too few, for too long."""
        stream_socket = self._socket
        if stream_socket is None:
            return False
        if not self.has_requested and now - self._opened_at > settings.header_timeout_s:
            return True
        pending_bytes = _untaken_bytes(stream_socket)
        if pending_bytes < self._pending_bytes or not pending_bytes:
            self._progress_at = now
        self._pending_bytes = pending_bytes
        if now - self._progress_at > settings.write_stall_s:
            return True
        if stream_socket.is_closing() and self._closing_since is None:
            self._closing_since = now
        since = self._paused_since if self._closing_since is None else self._closing_since
        return since is not None and now - since > settings.write_limit_s

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - aiohttp calls it so; it quotes the request
    ) -> web.StreamResponse:
        """Answer a request that could not be read, in words that repeat nothing of it."""
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._table.malformed_count += 1
        else:
            _log.error("request failed", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("a response has already begun")
        response = plain_text(
            status, "this request could not be read as HTTP/1.1", cache_control=caching.NEVER
        )
        response.force_close()
        return response

    def log_exception(self, *args: Any, **kwargs: Any) -> None:
        """Say in the program's own log what aiohttp could not handle."""
        _log.error("connection failed", reason=str(args[0]), exc_info=kwargs.get("exc_info"))

    def abort(self) -> None:
        """Reset the connection: unsent bytes are dropped, here and in the kernel.

        A plain close would leave up to megabytes in the kernel for a peer who takes nothing.
        """
        if self._socket is not None:
            with suppress(OSError):  # macOS refuses it once the peer has reset
                self._socket.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE
                )
            self._socket.abort()


def _untaken_bytes(stream_socket: asyncio.Transport) -> int:
    """Count what waits here for the peer, plus what the kernel holds until the peer has it.

    Without the kernel's share a slow but honest reader would seem to stand still: the kernel takes
    more from here only when a third of its megabytes has become free.
    """
    unsent_bytes = stream_socket.get_write_buffer_size()
    if not unsent_bytes:
        return 0
    answer = bytearray(4)
    try:
        fcntl.ioctl(stream_socket.get_extra_info("socket").fileno(), termios.TIOCOUTQ, answer)
    except (OSError, ValueError):  # not every system says so of a socket; ValueError if closed
        return unsent_bytes
    return unsent_bytes + int.from_bytes(answer, sys.byteorder)


class ViewerServer(web.Server):
    """Makes a ViewerConnection of every accepted socket; `respond` answers its requests."""

    def __init__(
        self,
        respond: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        make_request: Callable[..., web.BaseRequest],
        table: ConnectionTable,
        settings: HttpSettings,
    ) -> None:
        super().__init__(
            respond,
            request_factory=make_request,
            # A viewer who leaves ends what was being waited for on his behalf.
            handler_cancellation=True,
        )
        self._table = table
        self._settings = settings

    async def finish(self) -> None:
        """Close idle connections now and each other one after its response."""
        self.pre_shutdown()
        await self.shutdown(timeout=None)

    def __call__(self) -> ViewerConnection:
        """Make the protocol of a new connection."""
        return ViewerConnection(self, self._table, self._settings, self._loop)
