"""ViewerConnection: one viewer's TCP connection. Answers live media; aiohttp has the rest."""

import asyncio
import socket
import struct
from contextlib import suppress
from typing import Final, cast

import structlog
from aiohttp import web

from distribution.cmcd_text import CmcdText
from distribution.connection_table import ConnectionTable
from distribution.held_requests import Beacon, HeldRequests, NotPlain
from distribution.live.outlet import Exchange
from distribution.live.responder import LiveResponder
from distribution.live.target import LiveTarget
from distribution.ports import PlayerListener, Seat
from distribution.progress import Progress
from distribution.reply import empty_reply
from distribution.request_head import Fields
from distribution.routed_connection import RoutedConnection
from distribution.settings import HttpSettings

_log: structlog.stdlib.BoundLogger = structlog.get_logger("distribution.connection")

_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)  # struct linger: on, for no seconds
# Requests that wait for the response before theirs; whoever sends more is not read from.
_MAX_HELD_BYTES: Final = 64 * 1024

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


class ViewerConnection(RoutedConnection):
    """A connection on which plain requests for live media are answered before aiohttp sees them.

    aiohttp gets other plain requests one whole head at a time, so that nothing is left in it once
    it has answered. From the first request that is not plain on it gets every byte unseen
    (`_is_foreign`); what it then finds for live media comes back through `answer_routed`.
    """

    __slots__ = (
        "_active_at",
        "_ended",
        "_exchange",
        "_has_peer_ended",
        "_has_requested",
        "_held",
        "_is_admitted",
        "_is_advancing",
        "_is_foreign",
        "_is_in_line",
        "_is_reading_held",
        "_is_routed",
        "_listener",
        "_live",
        "_next_cmcd",
        "_next_target",
        "_progress",
        "_routed_end",
        "_socket",
        "_table",
        "_turns",
        "_was_active",
        "_write_buffer_bytes",
        "peer_address",
        "seat",
    )

    def __init__(
        self,
        server: web.Server,
        live: LiveResponder,
        table: ConnectionTable,
        settings: HttpSettings,
        loop: asyncio.AbstractEventLoop,
        *,
        listener: PlayerListener | None = None,
    ) -> None:
        super().__init__(server, loop)
        self._live = live
        self._listener = listener
        self._turns = live.turns
        self._table = table
        self._write_buffer_bytes = settings.write_buffer_bytes
        # Looked up for each response: who is connected, nobody before and after, and where it is
        # noted who watches on this connection, if anybody does.
        self.peer_address = ""
        self.seat: Seat | None = None
        self._is_admitted = False
        # aiohttp forgets its transport when it begins to close it; a close waits for unsent bytes.
        self._socket: asyncio.Transport | None = None
        self._progress: Progress | None = None
        self._held = HeldRequests(takes_beacons=listener is not None, hearing=listener)
        self._exchange: Exchange | None = None
        self._is_advancing = False
        self._is_routed = False  # aiohttp got something, and was busy when last looked at
        self._is_foreign = False
        self._is_in_line = False
        self._next_target: LiveTarget | None = None  # what stands in line, if it was recognised
        self._next_cmcd: CmcdText | None = None
        self._is_reading_held = False
        self._routed_end: asyncio.Future[bool] | None = None
        self._ended: asyncio.Future[None] | None = None
        self._was_active = False
        self._active_at = loop.time()
        self._has_requested = False
        self._has_peer_ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to serve, or say at once that there is no room."""
        stream_socket = self._socket = cast("asyncio.Transport", transport)
        self._progress = Progress(stream_socket, self._loop.time())
        peer = stream_socket.get_extra_info("peername")
        address = str(peer[0]) if peer else ""
        if not self._table.admit(self, address):
            stream_socket.write(_TOO_MANY)
            self.force_close()
            stream_socket.close()
            return
        self._is_admitted = True
        self.peer_address = address
        self.seat = self._live.seat(address)
        stream_socket.set_write_buffer_limits(high=self._write_buffer_bytes)
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Give the place back."""
        if self._is_admitted:
            self._table.remove(self, self.peer_address)
            self._is_admitted = False
            self.peer_address = ""
        # What we close, for silence or at the end, says nothing of the viewer.
        is_left = exc is not None or self._has_peer_ended
        if is_left and self._exchange is None and self.seat is not None:
            self.seat.leave()
        self._drop_exchange()
        super().connection_lost(exc)
        self._socket = self._progress = None

    def eof_received(self) -> None:
        """Take note that the peer, not we, ends the connection."""
        self._has_peer_ended = True
        super().eof_received()

    def data_received(self, data: bytes) -> None:
        """Answer what can be answered here, give the rest to aiohttp."""
        if not self._is_routed and self._exchange is None and not self.writing_paused:
            target = None if self._is_in_line else self._held.recognise(data)
            if target is not None:
                held = self._held
                if self._turns.is_free():
                    seat = self.seat
                    if seat is not None:
                        seat.sid = held.session
                    self._live.respond(target, held.known_fields, self, None, held.known_cmcd)
                else:
                    self._next_target, self._next_cmcd = target, held.known_cmcd
                    self._stand_in_line()
                return
        if self._is_foreign or not data:  # aiohttp calls with nothing when it has room again
            super().data_received(data)
            return
        self._held.keep(data)
        self._advance()
        if len(self._held) > _MAX_HELD_BYTES and self.transport is not None:
            self._is_reading_held = True
            self.transport.pause_reading()

    def pause_writing(self) -> None:
        """Note since when a response waits for its reader."""
        if self._progress is not None:
            self._progress.paused_since = self._loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        """Go on: the reader has taken enough."""
        if self._progress is not None:
            self._progress.paused_since = None
        super().resume_writing()
        if self._exchange is not None:
            self._exchange.go_on()
        else:
            self._advance()

    def hold(self, exchange: Exchange) -> None:
        """Answer nothing else until this response is complete."""
        self._exchange = exchange

    def end_response(self, *, is_last: bool) -> None:
        """Go on with the next request, if it has come."""
        self._exchange = None
        self._was_active = True
        if self._ended is not None:
            self._note_end()
        if self._routed_end is not None:
            if not self._routed_end.done():
                self._routed_end.set_result(is_last)
        elif is_last:
            self.force_close()
        elif self._held:
            self._advance()

    def cut_response(self, *, is_abrupt: bool) -> None:
        """Close without the rest of the response."""
        self._drop_exchange()
        if is_abrupt:
            self.abort()
        else:
            self.force_close()

    async def answer_routed(
        self, target: LiveTarget, fields: Fields, cmcd: CmcdText | None, session: bytes | None
    ) -> bool:
        """Answer a request for live media that aiohttp has read; whether it was the last."""
        self._show_session(session)
        end: asyncio.Future[bool] = self._loop.create_future()
        self._routed_end = end
        try:
            self._live.respond(target, fields, self, None, cmcd)
            return await end
        finally:
            self._routed_end = None
            self._drop_exchange()

    async def shutdown(self, timeout: float | None = 15.0) -> None:  # noqa: ASYNC109 - aiohttp's
        """Close after the response that runs."""
        if self._exchange is not None and self._routed_end is None:
            self._ended = self._loop.create_future()
            await self._ended
        await super().shutdown(timeout)

    def is_stalled(self, now: float, settings: HttpSettings) -> bool:
        """Whether the peer has sent no request, or taken no byte, or too few, for too long."""
        self._has_requested |= self._was_active
        progress = self._progress
        return progress is not None and progress.is_stalled(
            now, settings, has_requested=self._has_requested
        )

    def is_silent(self, now: float, settings: HttpSettings) -> bool:
        """Whether for too long nothing was asked that could be answered."""
        if self._was_active or self._exchange is not None or self._is_with_aiohttp():
            self._was_active = False
            self._active_at = now
        return now - self._active_at > settings.keep_alive_s

    def note_routed(self) -> None:
        """Take note that a route answers a request."""
        self._was_active = True

    def note_malformed(self) -> None:
        """Count a request that could not be read."""
        self._table.malformed_count += 1

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

    def take_turn(self) -> None:
        """Begin with the next request, whoever else may want to."""
        self._is_in_line = False
        target, self._next_target = self._next_target, None
        cmcd, self._next_cmcd = self._next_cmcd, None
        try:
            if self._may_begin():
                if target is None:
                    self._begin_next()
                else:
                    self._show_session(self._held.session)
                    self._live.respond(target, self._held.known_fields, self, None, cmcd)
                self._advance()
        except Exception:  # noqa: BLE001 - as uvloop does in data_received; others stand in line
            _log.exception("connection failed")
            self.abort()

    def _advance(self) -> None:
        """Begin with one request after the other, as far as they have come and others let us."""
        if self._is_advancing or not self._held:
            return
        self._is_advancing = True
        try:
            while self._held and self._may_begin():
                if not self._turns.is_free():
                    self._stand_in_line()
                elif not self._begin_next():
                    break
        finally:
            self._is_advancing = False
        if self._is_reading_held and len(self._held) <= _MAX_HELD_BYTES:
            self._is_reading_held = False
            if not self._buffer_paused and self.transport is not None:  # else aiohttp resumes
                self.transport.resume_reading()

    def _show_session(self, session: bytes | None) -> None:
        if self.seat is not None:
            self.seat.sid = session

    def _stand_in_line(self) -> None:
        self._is_in_line = True
        self._turns.queue(self)

    def _may_begin(self) -> bool:
        transport = self.transport
        return (
            self._exchange is None
            and not self._is_in_line
            and transport is not None
            and not transport.is_closing()
            and not self.writing_paused
        )

    def _begin_next(self) -> bool:
        """Begin with the first request; whether there was one for us to read."""
        request = self._held.take()
        if request is None:
            return False
        if isinstance(request, NotPlain):
            self._is_foreign = self._is_routed = True
            super().data_received(self._held.take_all())
            return False
        if isinstance(request, Beacon):
            self._take_beacon(request)
        elif request.target is None or self._is_with_aiohttp():
            self._is_routed = True
            super().data_received(request.head)
        else:
            self._show_session(self._held.session)
            self._live.respond(request.target, request.fields, self, None, request.cmcd)
        return True

    def _take_beacon(self, beacon: Beacon) -> None:
        transport = self.transport
        if self._is_with_aiohttp() or self._listener is None:
            self._is_routed = True
            super().data_received(beacon.head + beacon.body)
        elif transport is not None:
            status = self._listener.take_beacon(beacon.body, beacon.block, self.peer_address)
            transport.write(empty_reply(status))
            self._was_active = True

    def _is_with_aiohttp(self) -> bool:
        if not self._is_routed or self.is_busy:
            return self._is_routed
        self._is_routed = self._is_foreign
        return False

    def _drop_exchange(self) -> None:
        if self._exchange is not None:
            self._exchange.cancel()
            self._exchange = None
        self._note_end()

    def _note_end(self) -> None:
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(None)
