"""RecentCount: how often something happened lately, in bounded memory. Pure."""

from collections import deque
from typing import Final

_MOST: Final = 256


class RecentCount:
    """Counts within a window; more than a few hundred moments at once count as that many."""

    __slots__ = ("_moments", "_window_s")

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._moments: deque[tuple[float, int]] = deque(maxlen=_MOST)

    def add(self, now_s: float, count: int = 1) -> None:
        """Take what has happened just now."""
        self._moments.append((now_s, count))

    def count(self, now_s: float) -> int:
        """Return how often it happened within the window."""
        moments = self._moments
        while moments and moments[0][0] < now_s - self._window_s:
            moments.popleft()
        return sum(count for _, count in moments)
