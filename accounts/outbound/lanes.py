"""Lanes: how much of what runs goes to whom, so that one slow receiver delays no other. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

Row = TypeVar("Row")


class Lanes:
    """Counts what runs: so much in all, and so much in each lane (a receiver's host)."""

    def __init__(self, limit: int, per_lane: int) -> None:
        self.limit = limit
        self._per_lane = per_lane
        self._running: Counter[str] = Counter()

    @property
    def free(self) -> int:
        """How many may begin."""
        return self.limit - self._running.total()

    @property
    def full(self) -> Collection[str]:
        """Which lanes have no room."""
        return [lane for lane, count in self._running.items() if count >= self._per_lane]

    def fitting(self, rows: Iterable[Row], lane_of: Callable[[Row], str]) -> list[Row]:
        """Return of these rows, in their order, those for which there is room together."""
        would_run, left, found = Counter(self._running), self.free, []
        for row in rows:
            lane = lane_of(row)
            if left > 0 and would_run[lane] < self._per_lane:
                would_run[lane] += 1
                left -= 1
                found.append(row)
        return found

    def enter(self, lane: str) -> bool:
        """Begin one in a lane, if there is room."""
        if self.free < 1 or self._running[lane] >= self._per_lane:
            return False
        self._running[lane] += 1
        return True

    def leave(self, lane: str) -> None:
        """Note that one has ended."""
        self._running[lane] -= 1
        if not self._running[lane]:
            del self._running[lane]
