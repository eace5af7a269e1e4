"""BlockedRequests: those that wait for media; counted, bounded, and answered in slices."""

import asyncio
from collections import deque
from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from distribution.live.deciding import Await

# About 3 ms of answers. A thousand viewers are woken at one moment, and publishers share the
# event loop with them.
_SLICE: Final = 256
# When thousands give up one after the other, that many milliseconds are one moment.
_TIMER_STEP_S: Final = 0.02


class Waited(Enum):
    """How a wait ended."""

    REACHED = auto()
    TIMED_OUT = auto()
    TOO_MANY = auto()
    STOPPING = auto()


class Wait:
    """One request's place among those that wait; `on_end` is called once, unless it is left."""

    __slots__ = ("_awaited", "_blocked", "_on_end", "deadline_s")

    def __init__(
        self,
        blocked: "BlockedRequests",
        awaited: Await,
        deadline_s: float,
        on_end: Callable[[Waited], None],
    ) -> None:
        self.deadline_s = deadline_s
        self._blocked = blocked
        self._awaited = awaited
        self._on_end: Callable[[Waited], None] | None = on_end

    def wake(self) -> None:
        """Take a place in the line of those that are answered next."""
        self._blocked.note_woken(self)

    def leave(self) -> None:
        """Wait no longer: the viewer is gone."""
        if self._on_end is not None:
            self._on_end = None
            self._awaited.room.leave(self._awaited.wish, self)
            self._blocked.forget(self)

    def end(self, waited: Waited) -> None:
        """Tell whoever waits, unless it has left meanwhile."""
        on_end = self._on_end
        if on_end is not None:
            self.leave()
            on_end(waited)


class BlockedRequests:
    """Lets at most `limit` requests wait at a time. Owned by the event loop that serves them.

    Nobody who waits has a task or a timer: there is one timer for all deadlines, and who is woken
    stands in one line.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waits: dict[Wait, None] = {}
        self._woken: deque[Wait] = deque()
        self._is_slice_due = False
        self._timer: asyncio.TimerHandle | None = None
        self._timer_s = 0.0
        self._is_stopping = False
        self.turned_away_count = 0
        self.timed_out_count = 0

    def __len__(self) -> int:
        return len(self._waits)

    def begin(
        self,
        awaited: Await,
        deadline_s: float,
        on_end: Callable[[Waited], None],
        *,
        has_begun: bool = False,
    ) -> Wait | Waited:
        """Wait for what was decided to be worth it, until `deadline_s` in the loop's seconds.

        Returns why not, if not; `on_end` is never called from here. A request whose response
        `has_begun` is not turned away any more. STOPPING says that no wait goes on, not that the
        wish is unmet: just before, the show may have ended, and with it the wait.
        """
        if self._is_stopping:
            return Waited.STOPPING
        if len(self._waits) >= self._limit and not has_begun:
            self.turned_away_count += 1
            return Waited.TOO_MANY
        wait = Wait(self, awaited, deadline_s, on_end)
        self._waits[wait] = None
        awaited.room.enter(awaited.wish, wait)
        if self._timer is None or deadline_s < self._timer_s:
            self._set_timer(deadline_s)
        return wait

    def stop(self) -> None:
        """End every wait now, and let no new one begin."""
        self._is_stopping = True
        for wait in list(self._waits):
            wait.end(Waited.STOPPING)

    def note_woken(self, wait: Wait) -> None:
        """Answer this one soon: after the changes that woke it are complete."""
        self._woken.append(wait)
        if not self._is_slice_due:
            self._is_slice_due = True
            asyncio.get_running_loop().call_soon(self._answer_slice)

    def forget(self, wait: Wait) -> None:
        """Take note that this one waits no longer."""
        self._waits.pop(wait, None)

    def _answer_slice(self) -> None:
        woken = self._woken
        for _ in range(min(len(woken), _SLICE)):
            woken.popleft().end(Waited.REACHED)
        self._is_slice_due = bool(woken)
        if woken:
            asyncio.get_running_loop().call_soon(self._answer_slice)

    def _set_timer(self, at_s: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_s = at_s
        self._timer = asyncio.get_running_loop().call_at(at_s, self._end_overdue)

    def _end_overdue(self) -> None:
        """End what waits for too long. Most waits are over long before, so that this is seldom."""
        self._timer = None
        now_s = asyncio.get_running_loop().time()
        next_s: float | None = None
        for wait in list(self._waits):
            if wait.deadline_s <= now_s:
                self.timed_out_count += 1
                wait.end(Waited.TIMED_OUT)
            elif next_s is None or wait.deadline_s < next_s:
                next_s = wait.deadline_s
        if next_s is not None and (self._timer is None or next_s < self._timer_s):
            self._set_timer(max(next_s, now_s + _TIMER_STEP_S))
