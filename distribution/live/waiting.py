"""BlockedRequests: those that wait for media; counted, bounded, and answered in turn."""

import asyncio
from abc import ABC, abstractmethod
from enum import Enum, auto
from typing import Final

import structlog

from distribution.live.deciding import Await
from distribution.live.outlet import Outlet
from distribution.live.turns import Turns

_log: structlog.stdlib.BoundLogger = structlog.get_logger("distribution")

# When thousands give up one after the other, that many milliseconds are one moment.
_TIMER_STEP_S: Final = 0.02


class Waited(Enum):
    """How a wait ended."""

    REACHED = auto()
    TIMED_OUT = auto()
    TOO_MANY = auto()
    STOPPING = auto()


class Blocked(ABC):
    """A request that waits, or has waited, for one thing at a time.

    `deadline_s` is in the loop's seconds; `awaited` is None while it does not wait.
    """

    __slots__ = ("_among", "awaited", "deadline_s", "outlet")

    def __init__(self, among: "BlockedRequests", outlet: Outlet) -> None:
        self._among = among
        self.outlet = outlet
        self.awaited: Await | None = None
        self.deadline_s = 0.0

    @abstractmethod
    def end_wait(self, waited: Waited) -> None:
        """Answer, or go on waiting. Is called once for each wait, unless that is left before."""

    def wake(self) -> None:
        """Stand in line, to be answered after the changes that woke it are complete."""
        self._among.turns.queue_woken(self)

    def take_turn(self) -> None:
        """Be answered, unless the viewer has left meanwhile."""
        self._among.end(self, Waited.REACHED)

    def leave(self) -> bool:
        """Wait no longer; whether it did."""
        awaited = self.awaited
        if awaited is None:
            return False
        self.awaited = None
        awaited.room.leave(awaited.wish, self)
        self._among.forget(self)
        return True


class BlockedRequests:
    """Lets at most `limit` requests wait at a time. Owned by the event loop that serves them.

    Nobody who waits has a task or a timer: there is one timer for all deadlines, and `turns` has
    those who were woken.
    """

    def __init__(self, limit: int, turns: Turns) -> None:
        self.turns = turns
        self.limit = limit
        self._waiting: dict[Blocked, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._timer_s = 0.0
        self._is_stopping = False
        self.turned_away_count = 0
        self.timed_out_count = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def begin(self, blocked: Blocked, awaited: Await, *, has_begun: bool = False) -> Waited | None:
        """Wait for what was decided to be worth it, until the request's deadline.

        Returns why not, if not. A request whose response `has_begun` is not turned away any more.
        STOPPING says that no wait goes on, not that the wish is unmet: just before, the show may
        have ended, and with it the wait.
        """
        if self._is_stopping:
            return Waited.STOPPING
        if len(self._waiting) >= self.limit and not has_begun:
            self.turned_away_count += 1
            return Waited.TOO_MANY
        blocked.awaited = awaited
        self._waiting[blocked] = None
        awaited.room.enter(awaited.wish, blocked)
        if self._timer is None or blocked.deadline_s < self._timer_s:
            self._set_timer(blocked.deadline_s)
        return None

    def stop(self) -> None:
        """End every wait now, and let no new one begin."""
        self._is_stopping = True
        for blocked in list(self._waiting):
            self.end(blocked, Waited.STOPPING)

    def forget(self, blocked: Blocked) -> None:
        """Take note that this one waits no longer."""
        self._waiting.pop(blocked, None)

    def end(self, blocked: Blocked, waited: Waited) -> None:
        """End one wait, if it goes on. Does not raise."""
        if blocked.leave():
            try:
                blocked.end_wait(waited)
            except Exception:  # noqa: BLE001 - all others still wait for their turn
                _log.exception("response failed")
                blocked.outlet.cut_response(is_abrupt=True)

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
        for blocked in list(self._waiting):
            if blocked.deadline_s > now_s:
                next_s = blocked.deadline_s if next_s is None else min(next_s, blocked.deadline_s)
            else:
                self.timed_out_count += 1
                self.end(blocked, Waited.TIMED_OUT)
        if next_s is not None and (self._timer is None or next_s < self._timer_s):
            self._set_timer(max(next_s, now_s + _TIMER_STEP_S))
