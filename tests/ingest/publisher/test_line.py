"""The transport of plain connections, on real sockets and loops."""

import asyncio
import socket
import struct
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

if sys.platform != "linux":
    pytest.skip("lines are read by the intake, which rests on epoll", allow_module_level=True)

from ingest.publisher.intake import Intake
from ingest.publisher.line import Line
from tests.ingest.publisher.recording import Journal

# More than the kernel keeps for a peer that reads nothing.
LARGE = bytes(range(256)) * 65536


class Listening(asyncio.Protocol):
    """Notes what its transport tells it."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.received = bytearray()
        self.has_to_pause = False
        self.losses: list[Exception | None] = []

    def data_received(self, data: bytes) -> None:
        self.received += data
        self.journal.note()

    def pause_writing(self) -> None:
        self.has_to_pause = True

    def connection_lost(self, exc: Exception | None) -> None:
        self.losses.append(exc)
        self.journal.note()


class Call:
    """A line, what hears it, and the peer's socket."""

    def __init__(self, intake: Intake) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.peer = socket.create_connection(server.getsockname())
            self._accepted, _ = server.accept()
        self.peer.setblocking(False)
        self._accepted.setblocking(False)
        self.protocol = Listening()
        self.line = Line(asyncio.get_running_loop(), intake, self._accepted, self.protocol)

    async def end(self) -> None:
        self.line.abort()
        await self.protocol.journal.until(lambda: self.protocol.losses)
        assert self._accepted.fileno() == -1
        assert len(self.protocol.losses) == 1
        self.peer.close()


@asynccontextmanager
async def exchange() -> AsyncIterator[Callable[[], Call]]:
    """Give what puts calls through; ends them all."""
    intake = Intake(asyncio.get_running_loop())
    calls: list[Call] = []

    def dial() -> Call:
        calls.append(Call(intake))
        return calls[-1]

    yield dial
    for call in calls:
        await call.end()
    intake.close()


async def receive_all(peer: socket.socket) -> bytes:
    received = bytearray()
    while piece := await asyncio.get_running_loop().sock_recv(peer, 1 << 20):
        received += piece
    return bytes(received)


async def test_all_that_a_peer_sends_arrives_in_order() -> None:
    async with exchange() as dial:
        call = dial()
        protocol, peer = call.protocol, call.peer
        await asyncio.get_running_loop().sock_sendall(peer, LARGE)
        await protocol.journal.until(lambda: len(protocol.received) == len(LARGE))
        assert protocol.received == LARGE


async def test_resting_line_leaves_bytes_where_they_make_the_peer_wait() -> None:
    async with exchange() as dial:
        resting, other = dial(), dial()
        resting.line.pause_reading()
        resting.line.pause_reading()
        resting.peer.send(b"early")
        other.peer.send(b"read after it")
        await other.protocol.journal.until(lambda: other.protocol.received)
        assert resting.protocol.received == b""
        resting.line.resume_reading()
        resting.line.resume_reading()
        await resting.protocol.journal.until(lambda: resting.protocol.received == b"early")


async def test_line_at_rest_leaves_bytes_in_the_kernel_until_they_are_asked_for() -> None:
    async with exchange() as dial:
        resting, other = dial(), dial()
        resting.line.rest_until(asyncio.get_running_loop().time() + 3600)
        resting.peer.send(b"early")
        other.peer.send(b"read after it")
        await other.protocol.journal.until(lambda: other.protocol.received)
        assert resting.protocol.received == b""
        resting.line.read_now()
        assert resting.protocol.received == b"early"


async def test_rest_ends_by_itself() -> None:
    async with exchange() as dial:
        call = dial()
        call.line.rest_until(asyncio.get_running_loop().time() + 0.02)
        call.peer.send(b"early")
        await call.protocol.journal.until(lambda: call.protocol.received == b"early")


async def test_line_that_was_asked_in_vain_is_read_as_soon_as_something_comes() -> None:
    async with exchange() as dial:
        call = dial()
        call.line.rest_until(asyncio.get_running_loop().time() + 3600)
        call.line.read_now()
        call.peer.send(b"late")
        await call.protocol.journal.until(lambda: call.protocol.received == b"late")


async def test_flood_is_read_although_the_line_rests() -> None:
    async with exchange() as dial:
        call = dial()
        protocol, peer = call.protocol, call.peer
        call.line.rest_until(asyncio.get_running_loop().time() + 3600)
        sending = asyncio.ensure_future(asyncio.get_running_loop().sock_sendall(peer, LARGE))
        await protocol.journal.until(lambda: len(protocol.received) > len(LARGE) * 15 // 16)
        await sending
        call.line.read_now()
        await protocol.journal.until(lambda: protocol.received == LARGE)


@pytest.mark.parametrize("is_reset", [False, True])
async def test_end_of_the_peer_ends_a_rest(*, is_reset: bool) -> None:
    async with exchange() as dial:
        call = dial()
        protocol, peer = call.protocol, call.peer
        call.line.rest_until(asyncio.get_running_loop().time() + 3600)
        peer.send(b"last words")
        if is_reset:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()
        await protocol.journal.until(lambda: protocol.losses)
        assert protocol.received == b"last words"


async def test_paused_line_forgets_that_it_rested() -> None:
    async with exchange() as dial:
        call = dial()
        call.line.rest_until(asyncio.get_running_loop().time() + 3600)
        call.line.pause_reading()
        call.line.rest_until(asyncio.get_running_loop().time() + 3600)
        call.line.read_now()
        call.line.resume_reading()
        call.peer.send(b"early")
        await call.protocol.journal.until(lambda: call.protocol.received == b"early")


async def test_peer_far_away_may_have_more_on_its_way_than_a_rest_leaves() -> None:
    async with exchange() as dial:
        call = dial()
        call.line.rest_until(asyncio.get_running_loop().time() + 3600)
        left = 384 * 1024  # 8 Mbit/s for 0.4 s
        sent = call.peer.send(LARGE[:left])
        assert sent + call.peer.send(LARGE[: left // 2]) == left + left // 2
        assert call.protocol.received == b""


async def test_closed_line_sends_what_is_unsent_before_it_hangs_up() -> None:
    async with exchange() as dial:
        call = dial()
        line, protocol, peer = call.line, call.protocol, call.peer
        line.set_write_buffer_limits(high=2 * len(LARGE))
        line.write(LARGE)
        line.write(b"the end")
        line.close()
        line.write(b"too late")
        assert line.is_closing()
        assert await receive_all(peer) == LARGE + b"the end"
        await protocol.journal.until(lambda: protocol.losses == [None])


async def test_peer_that_takes_nothing_is_told_of() -> None:
    async with exchange() as dial:
        call = dial()
        line, protocol = call.line, call.protocol
        line.set_write_buffer_limits(high=65536)
        line.write(LARGE)
        assert protocol.has_to_pause


async def test_end_of_the_peer_closes_the_line() -> None:
    async with exchange() as dial:
        call = dial()
        line, protocol, peer = call.line, call.protocol, call.peer
        peer.send(b"last words")
        peer.close()
        await protocol.journal.until(lambda: protocol.losses)
        assert (bytes(protocol.received), protocol.losses) == (b"last words", [None])
        line.resume_reading()
        line.close()
        line.abort()


@pytest.mark.parametrize("is_writing", [False, True])
async def test_reset_by_the_peer_is_told_with_its_error(*, is_writing: bool) -> None:
    async with exchange() as dial:
        call = dial()
        line, protocol, peer = call.line, call.protocol, call.peer
        line.set_write_buffer_limits(high=2 * len(LARGE))
        if is_writing:
            line.pause_reading()
            line.write(LARGE)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()
        await protocol.journal.until(lambda: protocol.losses)
        assert isinstance(protocol.losses[0], ConnectionError)
