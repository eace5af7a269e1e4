"""Intake: when the sockets of publishers are read (docs/adr/0010).

Encoders send each picture and each frame of sound as it is made, some in many small writes, so
that a server that wakes up for whatever has come spends its time waking up. This one leaves
sockets alone of which nothing is wanted yet, and reads all others in rounds, as network drivers do
under load.
"""

import asyncio
import select
from heapq import heappop, heappush
from typing import Protocol

# What a byte that is wanted may wait for its round. The goal is 5 ms from a sample's last byte to
# its part.
ROUND_S = 0.002
# Timers of event loops may be early by half of a millisecond.
_EARLY_S = 0.0005


class Readable(Protocol):
    """A socket in the intake."""

    def read(self) -> None:
        """Take what has come, if anything. Must not raise for anything that a peer can do."""
        ...


class Intake:
    """Reads sockets at once while that is seldom, and all together every ROUND_S otherwise.

    A socket that is ready, or called, waits ROUND_S at most, and only behind a round that found
    something. A round reads a bounded share of each socket, and the event loop serves everything
    else between two rounds.
    Linux alone: it rests on epoll's readiness being itself something to wait for.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._epoll = select.epoll()
        self._sockets: dict[int, Readable] = {}
        self._called_at: dict[int, float] = {}  # by socket
        self._calls: list[tuple[float, int]] = []  # a heap, in which outdated calls remain
        self._read_at = -ROUND_S
        self._is_watching = True  # the event loop notes readiness; else a timer is set
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        loop.add_reader(self._epoll.fileno(), self._note_readiness)

    def add(self, fd: int, readable: Readable) -> None:
        """Read this socket whenever it is ready, until `remove`."""
        self._sockets[fd] = readable
        self._epoll.register(fd, select.EPOLLIN)

    def remove(self, fd: int) -> None:
        """Leave a socket alone. It is still open."""
        del self._sockets[fd]
        self._called_at.pop(fd, None)
        self._epoll.unregister(fd)

    def call(self, fd: int, at: float) -> None:
        """Read this socket at that time, ready or not; an earlier call is forgotten."""
        self._called_at[fd] = at
        heappush(self._calls, (at, fd))
        if self._is_watching and (self._timer is None or at < self._timer_at):
            self._plan(max(at, self._read_at + ROUND_S))

    def close(self) -> None:
        """Read nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
        if self._is_watching:
            self._loop.remove_reader(self._epoll.fileno())
        self._epoll.close()

    def _note_readiness(self) -> None:
        """Read at once, or take the readiness for the beginning of busier times."""
        next_round_at = self._read_at + ROUND_S
        if next_round_at <= self._loop.time():
            self._read_ready()
        else:
            self._is_watching = False
            self._loop.remove_reader(self._epoll.fileno())
            self._plan(next_round_at)

    def _read_round(self) -> None:
        """Read what is ready or due; then plan the next round, or wait if there was nothing."""
        self._timer = None
        found = True
        try:
            found = self._read_ready()
        finally:  # a fault with one socket does not end the rounds of all
            if not self._is_watching and found:
                self._plan(self._read_at + ROUND_S)
            else:
                if not self._is_watching:
                    self._is_watching = True
                    self._loop.add_reader(self._epoll.fileno(), self._note_readiness)
                if self._calls:
                    self._plan(max(self._calls[0][0], self._read_at + ROUND_S))

    def _plan(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = at
        self._timer = self._loop.call_later(max(at - self._loop.time(), 0), self._read_round)

    def _read_ready(self) -> bool:
        """Read every socket that has something or is due; return whether there was any."""
        now = self._read_at = self._loop.time()
        sockets, calls, called_at = self._sockets, self._calls, self._called_at
        found = False
        while calls and calls[0][0] <= now + _EARLY_S:
            at, fd = heappop(calls)
            if called_at.get(fd) == at:
                del called_at[fd]
                found = True
                sockets[fd].read()
        for fd, _ in self._epoll.poll(0):
            readable = sockets.get(fd)
            if readable is not None:  # one before it may have shown it out
                found = True
                readable.read()
        return found
