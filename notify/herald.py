"""Herald: brings what was published to those who listen, in turns that keep nobody waiting.

Ten thousand writes at once would hold the event loop, and media with it, for a tenth of a second.
So a turn ends soon, and the loop looks at all sockets before the next. What is published within a
moment goes out together: one write for each listener, however much is said in a room. The moment
grows with the time that telling takes, whether because there are many listeners or because others
want the loop: so there is always time for them, and a room that is too large is told late rather
than never.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

from notify.bus import Bus

_TURN_S: Final = 0.001
# The event loop writes to sockets when a turn is over, at some 10 us each.
_WRITES_A_TURN: Final = 100
_WRITES_A_LOOK: Final = 10  # at the clock
GATHER_S: Final = 0.05
# From one telling to the next, of what the last one took: two thirds of the time at most.
_PAUSE_OF_TELLING: Final = 1.5
_GATHER_LIMIT_S: Final = 1.0  # a machine that stood still for a while is no crowd


class Herald:
    """Owned by one event loop. Publishing to its bus wakes it; `stop` it in the end.

    `now_s` is the time in seconds; the loop's, if it is not given.
    """

    def __init__(self, bus: Bus, now_s: Callable[[], float] | None = None) -> None:
        self._bus = bus
        self._now_s = now_s or (lambda: asyncio.get_running_loop().time())
        self._writers: deque[Callable[[], None]] = deque()
        self._telling: Iterator[None] | None = None
        self._told_at = 0.0
        self._is_told = True
        self.gather_s = GATHER_S  # from the beginning of one telling to the next
        self._next: asyncio.Handle | None = None
        self._is_next_soon = False
        self._is_stopped = False
        bus.when_published(self._wake)

    def add(self, write: Callable[[], None]) -> None:
        """Have somebody write soon, in their turn. `write` does not wait and raises nothing."""
        self._writers.append(write)
        if not self._is_next_soon:
            self._schedule(0)

    def stop(self) -> None:
        """Bring nothing any more."""
        self._is_stopped = True
        self._writers.clear()
        if self._next is not None:
            self._next.cancel()

    def _wake(self) -> None:
        if self._next is None:
            self._schedule(self._told_at + self.gather_s - self._now_s())

    def _schedule(self, delay_s: float) -> None:
        if self._is_stopped:
            return
        if self._next is not None:
            self._next.cancel()
        loop = asyncio.get_running_loop()
        self._is_next_soon = delay_s <= 0
        self._next = (
            loop.call_soon(self._take_turn)
            if self._is_next_soon
            else loop.call_later(delay_s, self._take_turn)
        )

    def _take_turn(self) -> None:
        self._is_next_soon = True  # who is added meanwhile is seen in this turn or the next
        writes_left, until = _WRITES_A_TURN, self._now_s() + _TURN_S
        while writes_left and (now_s := self._now_s()) < until:
            if self._writers:
                count = min(_WRITES_A_LOOK, writes_left, len(self._writers))
                writes_left -= count
                for _ in range(count):
                    self._writers.popleft()()
            elif self._telling is not None:
                if next(self._telling, self) is self:
                    self._telling = None
            elif not self._is_told:
                self._is_told = True
                took_s = now_s - self._told_at
                self.gather_s = min(max(GATHER_S, took_s * _PAUSE_OF_TELLING), _GATHER_LIMIT_S)
            elif self._bus.pending_count and self._told_at + self.gather_s <= now_s:
                self._told_at, self._is_told = now_s, False
                self._telling = self._bus.tell()
            else:
                break
        self._next = None
        self._is_next_soon = False
        if self._writers or not self._is_told:
            self._schedule(0)
        elif self._bus.pending_count:
            self._schedule(self._told_at + self.gather_s - self._now_s())
