"""Pulse: looks at every socket twice in the time for which one may be silent.

One timer for all, and a few sockets at a time: ten thousand timers would be as many objects more,
and ten thousand pings at once a tenth of a second in which nobody else is served.
"""

import asyncio
from typing import Final, Protocol

_ROUND: Final = 128


class Pulsing(Protocol):
    """What is looked at."""

    def look(self) -> None:
        """Ask for a sign of life if there was none since the last look; cut who gives none."""
        ...


class Pulse:
    """Owned by one event loop. Stands still while there is nobody."""

    def __init__(self, silence_s: float) -> None:
        self._step_s = silence_s / 2 / _ROUND
        self._places: list[set[Pulsing]] = [set() for _ in range(_ROUND)]
        self._here = 0
        self._count = 0
        self._next: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return self._count

    def join(self, socket: Pulsing) -> int:
        """Look at a socket from now on, after a whole round at first; return its place."""
        self._places[self._here].add(socket)
        self._count += 1
        if self._next is None:
            self._schedule()
        return self._here

    def leave(self, socket: Pulsing, place: int) -> None:
        """Forget a socket that had a place."""
        self._places[place].remove(socket)
        self._count -= 1
        if not self._count and self._next is not None:
            self._next.cancel()
            self._next = None

    def _schedule(self) -> None:
        self._next = asyncio.get_running_loop().call_later(self._step_s, self._step)

    def _step(self) -> None:
        self._here = (self._here + 1) % _ROUND
        self._schedule()
        for socket in list(self._places[self._here]):
            socket.look()
