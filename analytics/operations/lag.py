"""LoopLag: how late the event loop did what was due, over the last minute and since the start."""

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass
from typing import Final

WINDOW_S: Final = 60.0
# Of a histogram: from what nobody notices to what everybody does.
BUCKETS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


@dataclass(frozen=True, slots=True)
class LagSummary:
    """Lateness in seconds; zeros where nothing was measured."""

    p50_s: float
    p99_s: float
    max_s: float
    count: int


class LoopLag:
    """Takes one figure for each time that something was due. `now_s` never goes back.

    `capacity` bounds the window; what is beyond it is forgotten before its time.
    """

    def __init__(self, capacity: int = 4096) -> None:
        self._window: deque[tuple[float, float]] = deque(maxlen=capacity)
        self._counts = [0] * (len(BUCKETS_S) + 1)
        self.sum_s = 0.0

    def note(self, now_s: float, late_s: float) -> None:
        """Take how late something was done; less than nothing counts as nothing."""
        late_s = max(late_s, 0.0)
        self._window.append((now_s, late_s))
        self._counts[bisect_left(BUCKETS_S, late_s)] += 1
        self.sum_s += late_s

    def summary(self, now_s: float) -> LagSummary:
        """Sum up the last minute."""
        self._forget(now_s)
        lags = sorted(late_s for _, late_s in self._window)
        if not lags:
            return LagSummary(0.0, 0.0, 0.0, 0)
        return LagSummary(_rank(lags, 50), _rank(lags, 99), lags[-1], len(lags))

    def buckets(self) -> list[tuple[float, int]]:
        """Count since the start those that were as late as each bound, or less; inf comes last."""
        found, total = [], 0
        for bound_s, count in zip((*BUCKETS_S, float("inf")), self._counts, strict=True):
            total += count
            found.append((bound_s, total))
        return found

    def _forget(self, now_s: float) -> None:
        while self._window and now_s - self._window[0][0] > WINDOW_S:
            self._window.popleft()


def _rank(ordered: list[float], percent: int) -> float:
    """Return the smallest value that so many percent of all are no larger than (nearest rank)."""
    return ordered[max(-(-len(ordered) * percent // 100) - 1, 0)]
