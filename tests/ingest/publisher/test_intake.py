"""When sockets are read: a clock turned by hand, real sockets, real epoll."""

import asyncio
import socket
import sys
from collections.abc import Callable, Iterator
from typing import cast

import pytest

if sys.platform != "linux":
    pytest.skip("the intake rests on epoll", allow_module_level=True)

from ingest.publisher.intake import ROUND_S, Intake


class HandLoop:
    """The part of an event loop that an intake uses."""

    def __init__(self) -> None:
        self.now = 100.0
        self.reader: Callable[[], None] | None = None
        self.timer: tuple[float, Callable[[], None]] | None = None

    def time(self) -> float:
        return self.now

    def add_reader(self, _fd: int, callback: Callable[[], None]) -> None:
        assert self.timer is None
        self.reader = callback

    def remove_reader(self, _fd: int) -> None:
        self.reader = None

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> "HandLoop":
        assert self.reader is None
        self.timer = (self.now + delay_s, callback)
        return self

    def cancel(self) -> None:
        self.timer = None

    def note_readiness(self) -> None:
        assert self.reader is not None
        self.reader()

    def run_timer(self) -> None:
        assert self.timer is not None
        (self.now, callback), self.timer = self.timer, None
        callback()


class Peer:
    """A socket in the intake, and the end of it that an encoder would hold."""

    def __init__(self, intake: Intake) -> None:
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self.fd = self._ours.fileno()
        self.reads: list[bytes] = []
        self.on_read: Callable[[], None] = lambda: None
        intake.add(self.fd, self)

    def send(self, data: bytes) -> None:
        self._theirs.sendall(data)

    def read(self) -> None:
        self.reads.append(self._ours.recv(1000))
        self.on_read()

    def close(self) -> None:
        self._ours.close()
        self._theirs.close()


class Bench:
    """An intake with two peers."""

    def __init__(self) -> None:
        self.loop = HandLoop()
        self.intake = Intake(cast("asyncio.AbstractEventLoop", self.loop))
        self.one, self.other = Peer(self.intake), Peer(self.intake)

    def receive_one(self) -> None:
        """Let a first byte come, which is read at once."""
        self.one.send(b"1")
        self.loop.note_readiness()
        assert self.one.reads == [b"1"]

    def close(self) -> None:
        self.intake.close()
        self.one.close()
        self.other.close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


def test_bytes_that_come_seldom_are_read_at_once(bench: Bench) -> None:
    bench.receive_one()
    bench.loop.now += ROUND_S
    bench.other.send(b"2")
    bench.loop.note_readiness()
    assert bench.other.reads == [b"2"]
    assert bench.loop.timer is None


def test_bytes_right_behind_a_read_wait_for_a_round_that_reads_all(bench: Bench) -> None:
    bench.receive_one()
    began_at = bench.loop.now
    bench.loop.now += ROUND_S / 3
    bench.one.send(b"2")
    bench.loop.note_readiness()
    bench.one.send(b"3")
    bench.other.send(b"4")
    assert (bench.one.reads, bench.other.reads) == ([b"1"], [])
    bench.loop.run_timer()
    assert bench.loop.now == pytest.approx(began_at + ROUND_S)
    assert (bench.one.reads, bench.other.reads) == ([b"1", b"23"], [b"4"])


def test_rounds_follow_on_each_other_until_one_finds_nothing(bench: Bench) -> None:
    bench.receive_one()
    bench.one.send(b"2")
    bench.loop.note_readiness()
    bench.loop.run_timer()
    assert bench.loop.timer is not None
    began_at = bench.loop.now
    bench.other.send(b"3")
    bench.loop.run_timer()
    assert bench.loop.now == pytest.approx(began_at + ROUND_S)
    assert bench.other.reads == [b"3"]
    bench.loop.run_timer()
    assert bench.loop.timer is None
    assert bench.loop.reader is not None


def test_socket_that_another_one_shows_out_is_not_read_in_that_round(bench: Bench) -> None:
    bench.one.on_read = lambda: bench.intake.remove(bench.other.fd)
    bench.other.on_read = lambda: bench.intake.remove(bench.one.fd)
    bench.one.send(b"1")
    bench.other.send(b"2")
    bench.loop.note_readiness()
    assert len(bench.one.reads) + len(bench.other.reads) == 1


def test_fault_with_one_socket_does_not_end_the_rounds(bench: Bench) -> None:
    bench.receive_one()
    bench.one.send(b"2")
    bench.loop.note_readiness()

    def fail() -> None:
        raise RuntimeError

    bench.one.on_read = fail
    with pytest.raises(RuntimeError):
        bench.loop.run_timer()
    bench.other.send(b"3")
    bench.loop.run_timer()
    assert bench.other.reads == [b"3"]


@pytest.mark.parametrize("is_busy", [False, True])
def test_closed_intake_leaves_nothing_in_the_loop(*, is_busy: bool) -> None:
    bench = Bench()
    bench.receive_one()
    if is_busy:
        bench.one.send(b"2")
        bench.loop.note_readiness()
    assert (bench.loop.timer is not None) is is_busy
    bench.close()
    assert bench.loop.timer is None
    assert bench.loop.reader is None
