"""Herald: brings what was published to those who listen, in turns that keep nobody waiting.

Ten thousand writes at once would hold the event loop, and media with it, for a tenth of a second.
So a turn ends soon, and the loop looks at all sockets before the next. Where media keeps the loop
busy, a turn lasts a third of what all others have just had, up to some milliseconds: a hundred
writes behind each round of a hundred publishers would take seconds. What is published within a
moment goes out together: one write for each listener, however much is said in a room. The moment
grows with the time that telling takes, whether because there are many listeners or because others
want the loop: so there is always time for them, and a room that is too large is told late rather
than never.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

from notify.bus import Bus

_TURN_S: Final = 0.001
_LONGEST_TURN_S: Final = 0.004
# Of the time that others had since the last turn: a quarter of a busy loop.
_PART_OF_OTHERS: Final = 1 / 3
# In a turn of 1 ms, in case that the event loop writes when it is over.
_WRITES_A_TURN: Final = 100
_WRITES_A_LOOK: Final = 10  # at the clock, at some 10 us each
GATHER_S: Final = 0.05
# From one telling to the next, of what the last one took: four fifths of the time at most.
_PAUSE_OF_TELLING: Final = 1.25
_GATHER_LIMIT_S: Final = 1.0  # a machine that stood still for a while is no crowd


class Herald:
    """Owned by one event loop. Publishing to its bus wakes it; `stop` it in the end.

    `now_s` is monotonic seconds, and goes on within a turn of the loop.
    """

    def __init__(self, bus: Bus, now_s: Callable[[], float] = time.monotonic) -> None:
        self._bus = bus
        self._now_s = now_s
        self._writers: deque[Callable[[], None]] = deque()
        self._telling: Iterator[None] | None = None
        self._told_at = 0.0
        self._left_at: float | None = None  # the end of a turn that was not the last
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
        began_at = self._now_s()
        turn_s = turn_length_s(0.0 if self._left_at is None else began_at - self._left_at)
        writes_left, until = round(_WRITES_A_TURN * turn_s / _TURN_S), began_at + turn_s
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
        self._left_at = None
        if self._writers or not self._is_told:
            self._left_at = self._now_s()
            self._schedule(0)
        elif self._bus.pending_count:
            self._schedule(self._told_at + self.gather_s - self._now_s())


def turn_length_s(others_s: float) -> float:
    """Return how long a turn may last if all others had the loop for so long before it."""
    return min(max(_TURN_S, others_s * _PART_OF_OTHERS), _LONGEST_TURN_S)
