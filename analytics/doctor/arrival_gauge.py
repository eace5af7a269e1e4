"""ArrivalGauge: how steadily media comes, by its own clock against ours. Pure.

Sockets are read when a part is due, not when something comes. So what a read finds says that it
came then or before, and that the next sample had not come yet: media is late by at least what has
passed since the next sample should have been there. A burst after a pause is up to date at its end:
its first sample says how late it is.
"""

from collections import deque
from typing import Final

from analytics.doctor.report import ArrivalMeasurements
from analytics.doctor.trend import Trend

_WINDOW_S: Final = 60.0
# What was there before so long would have been read then: no socket is left alone for longer.
_LONGEST_REST_S: Final = 0.45
_MOST_READS: Final = 512
# How long the earliest arrival counts: as clocks drift, and lines change.
_LEAST_WINDOW_S: Final = 20.0
_STALL_S: Final = 0.5
_TREND_INTERVAL_S: Final = 2.5
_TREND_POINTS: Final = 120  # five minutes
_SOON_POINTS: Final = 10  # 25 seconds
_FOREVER: Final = float("inf")
_DRIFT_POINTS: Final = 24  # a minute: stamps in whole milliseconds are 17 ppm of it
# A clock this wrong is no line's doing, even in half of it.
_SOON_DRIFT_POINTS: Final = 14
_STEEP_DRIFT: Final = 0.005  # seconds a second


class ArrivalGauge:
    """Takes the newest media time of each read. Times in seconds, `read_at_s` monotonic."""

    __slots__ = (
        "_before_s",
        "_is_stalled",
        "_lates_s",
        "_least_s",
        "_point_s",
        "_read_ats_s",
        "_renewed_at",
        "_stalls",
        "_trend",
        "stall_count",
    )

    def __init__(self) -> None:
        self.stall_count = 0
        self._read_ats_s: deque[float] = deque(maxlen=_MOST_READS)
        self._lates_s: deque[float] = deque(maxlen=_MOST_READS)
        self._stalls: deque[float] = deque(maxlen=64)
        self._trend = Trend(_TREND_INTERVAL_S, _TREND_POINTS)
        self._least_s = self._before_s = self._point_s = _FOREVER
        self._renewed_at: float | None = None
        self._is_stalled = False

    def restart(self) -> None:
        """Forget the clock: another publisher, or a break in its times."""
        self._least_s = self._before_s = self._point_s = _FOREVER
        self._renewed_at = None
        self._trend.clear()
        self._is_stalled = False

    def note(self, read_at_s: float, first_s: float, media_s: float, step_s: float) -> float:
        """Take a read of samples from `first_s` to `media_s`, with the next one `step_s` later.

        Returns how late media was at least.
        """
        lag_s = read_at_s - media_s
        if self._renewed_at is None:
            self._renewed_at = read_at_s
            self._before_s = lag_s
        elif read_at_s - self._renewed_at > _LEAST_WINDOW_S:
            self._before_s, self._least_s = self._least_s, lag_s
            self._renewed_at = read_at_s
        self._least_s = min(self._least_s, lag_s)
        self._point_s = min(self._point_s, lag_s)
        least_s = min(self._least_s, self._before_s)
        late_s = max(lag_s - step_s, read_at_s - _LONGEST_REST_S - first_s) - least_s
        late_s = max(late_s, 0.0)
        self._read_ats_s.append(read_at_s)
        self._lates_s.append(late_s)
        self._note_stall(read_at_s, late_s)
        if self._trend.is_due(read_at_s):
            self._trend.add(read_at_s, self._point_s)
            self._point_s = _FOREVER
        return late_s

    def stalls_since(self, at_s: float) -> int:
        """Count the stalls that began after a moment."""
        return sum(began > at_s for began in self._stalls)

    def falls_behind_ppm(self) -> float | None:
        """Return how fast media has fallen behind for the last half minute; None if too short."""
        if len(self._trend) < _SOON_POINTS:
            return None
        slope = self._trend.slope(_SOON_POINTS)
        return None if slope is None else slope * 1e6

    def measure(self, now_s: float) -> ArrivalMeasurements:
        """Say what the last minute was like."""
        while self._read_ats_s and self._read_ats_s[0] < now_s - _WINDOW_S:
            self._read_ats_s.popleft()
            self._lates_s.popleft()
        lates = sorted(self._lates_s)
        drift = self._trend.slope_once_sure(_DRIFT_POINTS, _SOON_DRIFT_POINTS, _STEEP_DRIFT)
        return ArrivalMeasurements(
            jitter_p50_ms=_percentile_ms(lates, 50),
            jitter_p95_ms=_percentile_ms(lates, 95),
            jitter_p99_ms=_percentile_ms(lates, 99),
            longest_stall_ms=_percentile_ms(lates, 100),
            stall_count=self.stall_count,
            clock_drift_ppm=None if drift is None else round(-drift * 1e6),
        )

    def _note_stall(self, read_at_s: float, late_s: float) -> None:
        if late_s < _STALL_S:
            self._is_stalled = False
        elif not self._is_stalled:
            self._is_stalled = True
            self.stall_count += 1
            self._stalls.append(read_at_s)


def _percentile_ms(ordered: list[float], percent: int) -> int | None:
    if not ordered:
        return None
    return round(ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] * 1000)
