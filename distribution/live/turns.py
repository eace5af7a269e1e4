"""Turns: who is answered next when many want to be at one moment.

Woken viewers all ask for the next playlist and for a part at once, and that a kernel hands out a
thousand of such requests together would keep publishers from being read for tens of milliseconds,
and whoever is woken next from being told.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

# About 3 ms: half of these are parts of some 100 kB.
_SLICE: Final = 128
# A thousand playlists. Between two slices the kernel hands out what the woken ask for next, and
# reading that takes as long as waking: the last of them would wait twice as long.
_WOKEN_SLICE_S: Final = 0.010
_LOOK_EVERY: Final = 32


class TurnTaker(Protocol):
    """Whoever stands in line."""

    def take_turn(self) -> None:
        """Do what is to be done, at most one response. Does not raise."""
        ...


class Turns:
    """Two lines, that of the woken first; between two slices the event loop does all else.

    Belongs to one event loop. `now` is monotonic seconds, and goes on within a turn of the loop.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._woken: deque[TurnTaker] = deque()
        self._later: deque[TurnTaker] = deque()
        self._is_scheduled = False
        self._left = 0

    def is_free(self) -> bool:
        """Whether a request that has come may be answered without standing in line; counts it."""
        if self._is_scheduled:
            self._left -= 1
            return self._left >= 0
        self._schedule()
        self._left = _SLICE - 1
        return True

    def queue(self, taker: TurnTaker) -> None:
        """Put a request behind all others."""
        self._later.append(taker)
        self._schedule()

    def queue_woken(self, taker: TurnTaker) -> None:
        """Put a request that has waited for media before all that have not."""
        self._woken.append(taker)
        self._schedule()

    def finish(self) -> None:
        """Let everybody take his turn now."""
        while self._woken or self._later:
            (self._woken or self._later).popleft().take_turn()

    def _schedule(self) -> None:
        if not self._is_scheduled:
            self._is_scheduled = True
            asyncio.get_running_loop().call_soon(self._run)

    def _run(self) -> None:
        self._left = 0
        if self._woken:
            ends_s = self._now() + _WOKEN_SLICE_S
            while self._woken:
                self._serve(self._woken, _LOOK_EVERY)
                if self._now() >= ends_s:
                    break
        else:
            self._serve(self._later, _SLICE)
        self._is_scheduled = False
        if self._woken or self._later:
            self._schedule()

    def _serve(self, line: deque[TurnTaker], most: int) -> None:
        for _ in range(min(len(line), most)):
            line.popleft().take_turn()
