"""Line: one publisher's TCP connection, as its session sees it."""

import asyncio
import socket
from contextlib import suppress

from ingest.publisher.intake import Intake

# Larger than any picture but a keyframe of a high bitrate: one read is all that a round takes.
_READ_BYTES = 65_536
# The share of one socket in a round: 256 KiB every 2 ms are far more than any publisher may send.
_READS_IN_A_ROUND = 4


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
        self._unsent = bytearray()
        self._most_unsent_bytes = 0
        with suppress(OSError):  # of a peer that is gone again
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        protocol.connection_made(self)
        self.resume_reading()

    def read(self) -> None:
        """Take what has come, up to the share of a round."""
        for _ in range(_READS_IN_A_ROUND):
            try:
                received = self._socket.recv(_READ_BYTES)
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                self._lose(error)
                return
            if not received:
                self.close()
                return
            self._protocol.data_received(received)
            if len(received) < _READ_BYTES or not self._is_reading:
                return

    def pause_reading(self) -> None:
        """Leave what comes to the kernel, which will make the peer wait."""
        if self._is_reading:
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
