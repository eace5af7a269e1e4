"""Line: one publisher's TCP connection, as its session sees it."""

import asyncio
import socket
from contextlib import suppress

from ingest.publisher.intake import Intake

# The share of one socket in a round: all that a rest leaves, and far more than any publisher
# may send every 2 ms.
_READ_BYTES = 524_288
# So much makes a line ready although it rests, so that no publisher ever waits for a rest to end:
# the kernel has room for twice as much, half of it for what is on its way.
_REST_BYTES = _READ_BYTES
_WINDOW_BYTES = 2 * _REST_BYTES
# A shorter rest is not worth its system call.
_SHORTEST_REST_S = 0.004


class Line(asyncio.Transport):
    """The transport of a plain connection, read by the intake.

    Does what PublisherSession asks of a transport and no more. Owns the socket. Writes go out at
    once; what the peer does not take waits, and is bounded by the protocol's `pause_writing`.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        intake: Intake,
        accepted: socket.socket,
        protocol: asyncio.Protocol,
    ) -> None:
        """Begin to read an accepted socket that does not block."""
        super().__init__()
        self._loop = loop
        self._intake = intake
        self._socket = accepted
        self._fd = accepted.fileno()
        self._protocol = protocol
        self._is_reading = False
        self._is_closing = False
        self._is_lost = False
        self._ready_bytes = 1  # what makes the socket ready
        self._unsent = bytearray()
        self._most_unsent_bytes = 0
        with suppress(OSError):  # of a peer that is gone again
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for size in (_WINDOW_BYTES, 1):
                accepted.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, size)
        protocol.connection_made(self)
        self.resume_reading()

    def read(self) -> None:
        """Take what has come, up to the share of a round."""
        try:
            received = self._socket.recv(_READ_BYTES)
        except (BlockingIOError, InterruptedError):
            self._be_ready_with(1)
        except OSError as error:
            self._lose(error)
        else:
            if received:
                self._protocol.data_received(received)
            else:
                self.close()

    def rest_until(self, wanted_at: float) -> None:
        """Leave in the kernel what comes until then, up to a limit; the past ends a rest.

        Unlike paused reading this hides neither the end of the connection nor a flood.
        """
        if not self._is_reading:
            return
        if wanted_at - self._loop.time() < _SHORTEST_REST_S:
            self._be_ready_with(1)
        else:
            self._intake.call(self._fd, wanted_at)
            self._be_ready_with(_REST_BYTES)

    def read_now(self) -> None:
        """Take what has come during a rest, before something is done that cannot be undone.

        A busy server may have let more come than the share of a round.
        """
        for _ in range(_WINDOW_BYTES // _READ_BYTES):
            if self._is_reading:
                self.read()

    def pause_reading(self) -> None:
        """Leave what comes to the kernel, which will make the peer wait."""
        if self._is_reading:
            self._be_ready_with(1)
            self._is_reading = False
            self._intake.remove(self._fd)

    def resume_reading(self) -> None:
        """Read again, unless the connection is closing."""
        if not self._is_reading and not self._is_closing:
            self._is_reading = True
            self._intake.add(self._fd, self)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Call `pause_writing` when more than `high` bytes are unsent; `low` is not used."""
        del low
        self._most_unsent_bytes = high or 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send, or keep what the peer does not take yet."""
        if self._is_closing:
            return
        self._unsent += data
        if len(self._unsent) == len(data):
            self._loop.add_writer(self._fd, self._send)
            self._send()
        if len(self._unsent) > self._most_unsent_bytes:
            self._protocol.pause_writing()

    def is_closing(self) -> bool:
        """Whether `close` or `abort` was called, or the connection is lost."""
        return self._is_closing

    def close(self) -> None:
        """Read nothing more, send what is unsent, then hang up."""
        self.pause_reading()
        self._is_closing = True
        if not self._unsent:
            self._lose(None)

    def abort(self) -> None:
        """Hang up at once."""
        self._lose(None)

    def _be_ready_with(self, least_bytes: int) -> None:
        """Have the socket count as ready when so many bytes have come, or its end."""
        if self._ready_bytes != least_bytes:
            self._ready_bytes = least_bytes
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, least_bytes)

    def _send(self) -> None:
        try:
            del self._unsent[: self._socket.send(self._unsent)]
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._lose(error)
            return
        if not self._unsent:
            self._loop.remove_writer(self._fd)
            if self._is_closing:
                self._lose(None)

    def _lose(self, error: OSError | None) -> None:
        """Let go of the socket; the protocol hears of it in the next turn of the loop."""
        if self._is_lost:
            return
        self._is_lost = True
        self.pause_reading()
        self._is_closing = True
        if self._unsent:
            self._loop.remove_writer(self._fd)
            self._unsent.clear()
        self._loop.call_soon(self._part, error)

    def _part(self, error: OSError | None) -> None:
        try:
            self._protocol.connection_lost(error)
        finally:
            self._socket.close()
