"""Intake: when the sockets of publishers are read (docs/adr/0010).

Encoders send each picture and each frame of sound as it is made, some in many small writes, so
that a server that wakes up for whatever has come spends its time waking up. This one reads all
sockets in rounds instead, as network drivers do under load.
"""

import asyncio
import select
from typing import Protocol

# What a byte may wait for its round. The goal is 5 ms from a sample's last byte to its part.
ROUND_S = 0.002


class Readable(Protocol):
    """A socket in the intake."""

    def read(self) -> None:
        """Take what has come. Must not raise for anything that a peer can do."""
        ...


class Intake:
    """Reads sockets at once while that is seldom, and all together every ROUND_S otherwise.

    A byte waits ROUND_S at most, and only behind a round that found something. A round reads a
    bounded share of each socket, and the event loop serves everything else between two rounds.
    Linux alone: it rests on epoll's readiness being itself something to wait for.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._epoll = select.epoll()
        self._sockets: dict[int, Readable] = {}
        self._read_at = -ROUND_S
        self._timer: asyncio.TimerHandle | None = None  # of the next round, in place of a reader
        loop.add_reader(self._epoll.fileno(), self._note_readiness)

    def add(self, fd: int, readable: Readable) -> None:
        """Read this socket until `remove`."""
        self._sockets[fd] = readable
        self._epoll.register(fd, select.EPOLLIN)

    def remove(self, fd: int) -> None:
        """Leave a socket alone. It is still open."""
        del self._sockets[fd]
        self._epoll.unregister(fd)

    def close(self) -> None:
        """Read nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
        else:
            self._loop.remove_reader(self._epoll.fileno())
        self._epoll.close()

    def _note_readiness(self) -> None:
        """Read at once, or take the readiness for the beginning of busier times."""
        wait_s = self._read_at + ROUND_S - self._loop.time()
        if wait_s <= 0:
            self._read_ready()
        else:
            self._loop.remove_reader(self._epoll.fileno())
            self._timer = self._loop.call_later(wait_s, self._read_round)

    def _read_round(self) -> None:
        """Read, and plan the next round unless there was nothing left to read."""
        found = True
        try:
            found = self._read_ready()
        finally:  # a fault with one socket does not end the rounds of all
            if found:
                self._timer = self._loop.call_later(ROUND_S, self._read_round)
            else:
                self._timer = None
                self._loop.add_reader(self._epoll.fileno(), self._note_readiness)

    def _read_ready(self) -> bool:
        """Read every socket that has something; return whether there was any."""
        self._read_at = self._loop.time()
        ready = self._epoll.poll(0)
        sockets = self._sockets
        for fd, _ in ready:
            readable = sockets.get(fd)
            if readable is not None:  # one before it may have shown it out
                readable.read()
        return bool(ready)
