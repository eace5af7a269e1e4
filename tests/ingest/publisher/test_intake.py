"""When sockets are read: a clock turned by hand, real sockets, real epoll."""

import asyncio
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
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
        self.reader = callback

    def remove_reader(self, _fd: int) -> None:
        self.reader = None

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> "HandLoop":
        assert self.timer is None
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
        with suppress(BlockingIOError):
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


def test_called_socket_is_read_at_its_time_whether_it_is_ready_or_not(bench: Bench) -> None:
    calls: list[str] = []
    bench.one.on_read = lambda: calls.append("one")
    bench.other.on_read = lambda: calls.append("other")
    bench.intake.call(bench.other.fd, 100.3)
    bench.intake.call(bench.one.fd, 100.2)
    bench.loop.run_timer()
    assert bench.loop.now == pytest.approx(100.2)
    assert calls == ["one"]
    bench.loop.run_timer()
    assert bench.loop.now == pytest.approx(100.3)
    assert calls == ["one", "other"]
    assert bench.loop.timer is None


def test_last_call_of_a_socket_counts(bench: Bench) -> None:
    times: list[float] = []
    bench.one.on_read = lambda: times.append(bench.loop.now)
    for at in (100.2, 100.1, 100.3):
        bench.intake.call(bench.one.fd, at)
    while bench.loop.timer is not None:
        bench.loop.run_timer()
    assert times == [pytest.approx(100.3)]


def test_calls_that_follow_on_each_other_closely_fall_together(bench: Bench) -> None:
    calls: list[float] = []
    for peer, at in ((bench.one, 100.2), (bench.other, 100.2 + ROUND_S / 2)):
        peer.on_read = lambda: calls.append(bench.loop.now)
        bench.intake.call(peer.fd, at)
    bench.receive_one()
    bench.loop.run_timer()
    bench.loop.run_timer()
    assert calls[1:] == [pytest.approx(100.2), pytest.approx(100.2 + ROUND_S)]


def test_call_comes_in_time_while_rounds_go_on(bench: Bench) -> None:
    bench.receive_one()
    bench.one.send(b"2")
    bench.loop.note_readiness()
    calls: list[float] = []
    bench.other.on_read = lambda: calls.append(bench.loop.now)
    bench.intake.call(bench.other.fd, 100.005)
    while bench.loop.timer is not None:
        bench.loop.run_timer()
    assert len(calls) == 1
    assert calls[0] - 100.005 < ROUND_S
    assert bench.loop.reader is not None


def test_socket_that_was_removed_is_not_read_for_its_call(bench: Bench) -> None:
    bench.intake.call(bench.one.fd, 100.1)
    bench.intake.remove(bench.one.fd)
    bench.one.send(b"1")
    bench.loop.run_timer()
    assert bench.one.reads == []


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
