"""Trend: by how much something grows, whatever a few points far off say. Pure."""

from collections import deque
from collections.abc import Sequence
from statistics import median
from typing import Final

_LEAST_POINTS: Final = 6


class Trend:
    """Points at a steady pace, and the slope through them. Keeps the last `most_points`."""

    __slots__ = ("_interval_s", "_next_at", "_points", "_slopes")

    def __init__(self, interval_s: float, most_points: int) -> None:
        self._interval_s = interval_s
        self._points: deque[tuple[float, float]] = deque(maxlen=most_points)
        self._next_at: float | None = None
        self._slopes: dict[int | None, float | None] = {}  # until there is another point

    def __len__(self) -> int:
        return len(self._points)

    def is_due(self, at_s: float) -> bool:
        """Whether the next point is wanted."""
        return self._next_at is None or at_s >= self._next_at

    def add(self, at_s: float, value: float) -> None:
        """Take the next point. Times rise."""
        self._points.append((at_s, value))
        self._slopes.clear()
        self._next_at = at_s + self._interval_s

    def clear(self) -> None:
        """Begin anew."""
        self._points.clear()
        self._slopes.clear()
        self._next_at = None

    def slope(self, newest: int | None = None) -> float | None:
        """Return what the value grows by in a second, by all points or the `newest` ones.

        None while there are too few to tell.
        """
        if newest not in self._slopes:
            points = list(self._points)
            self._slopes[newest] = robust_slope(points if newest is None else points[-newest:])
        return self._slopes[newest]

    def slope_once_sure(self, sure_points: int, soon_points: int, steep: float) -> float | None:
        """Return the slope by all points: None below `sure_points`, but for what is steep.

        Steeper than `steep` it stands out from `soon_points` on.
        """
        if len(self._points) < soon_points:
            return None
        slope = self.slope()
        if slope is None or len(self._points) >= sure_points or abs(slope) > steep:
            return slope
        return None


def robust_slope(points: Sequence[tuple[float, float]]) -> float | None:
    """Return the slope through points with rising times; None below six of them.

    Theil's incomplete method: the median of the slopes between each point and the one half of all
    points later. A quarter of the points may lie anywhere, and it takes time in proportion to them.
    """
    half = len(points) // 2
    if len(points) < _LEAST_POINTS:
        return None
    slopes = [
        (later[1] - sooner[1]) / (later[0] - sooner[0])
        for sooner, later in zip(points, points[half:], strict=False)
        if later[0] > sooner[0]
    ]
    return median(slopes) if slopes else None
