"""The constant frame rate behind millisecond timestamps.

FLV rounds to milliseconds: 30 fps arrives as 33, 33, 34. Players that add up durations need the
exact 3000 ticks, so times are put on the grid of the frame rate as long as they keep to it.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from ingest.media.track import VIDEO_TIMESCALE

TICKS_PER_MS = VIDEO_TIMESCALE // 1000

# How far a time may be moved. Rounding of grid origin and sample makes 1 ms each way at most;
# the rest is for encoders that add a rounded offset of their own.
TOLERANCE_TICKS = TICKS_PER_MS * 3 // 2
# The residuals of an exact rate lie within 1 ms; 0.1 ms more is kindness.
_FIT_SPREAD_TICKS = TICKS_PER_MS + 9
# Faster than this the tolerance would be a large part of a frame and anything would fit.
_MAX_SNAPPED_RATE = 150

_COMMON_RATES = tuple(
    sorted(
        [Fraction(n) for n in (5, 6, 8, 10, 12, 15, 18, 20, 24, 25, 30, 48, 50, 60, 72, 75, 90)]
        + [Fraction(n) for n in (100, 120, 144)]
        + [Fraction(n * 1000, 1001) for n in (12, 15, 24, 30, 48, 60, 120)]
    )
)
# A claim written in decimals (23.98, 29.97) is nearer to its rate than this; 29.97 and 30 are
# four times as far apart.
_SAME_RATE = Fraction(1, 4000)

# A miss costs eight hits: unlock after four misses in short order, never for one a second.
_MISS_COST = 8
_MAX_MISSES = 32
# Enough hits to tell a wrong rate from a late frame when the grid drifts off: 1.5 ms over 24
# frames is a finer measure than the distance of neighbouring rates.
_MIN_RUN = 24
_FIRST_FIT = 24
_MEASURED = 64
_LONGEST_FIT_PAUSE = 512


class FrameGrid:
    """Puts times on the grid of a constant frame rate, or leaves them where the wire has them.

    A claimed rate is believed until the timestamps deny it; without one, or after that, the rate
    is measured. Never moves a time by more than TOLERANCE_TICKS.
    """

    __slots__ = (
        "_anchor",
        "_fit_pause",
        "_index",
        "_misses",
        "_period_denominator",
        "_period_numerator",
        "_samples_to_fit",
        "_times_ms",
        "varies",
    )

    def __init__(self, claimed_rates: Sequence[Fraction]) -> None:
        self.varies = False
        self._anchor: int | None = None
        self._index = 0
        self._misses = 0
        self._period_numerator = 0  # 0: no rate is known
        self._period_denominator = 1
        self._times_ms: list[int] = []
        self._fit_pause = self._samples_to_fit = _FIRST_FIT
        for claim in claimed_rates:
            if 1 <= claim <= _MAX_SNAPPED_RATE:
                self._lock(common_rate(claim))
                break

    def place(self, time_ms: int) -> int:
        """Give the decode time in ticks of the next unit."""
        wire = time_ms * TICKS_PER_MS
        numerator = self._period_numerator
        if not numerator:
            return self._measure(time_ms)
        anchor = self._anchor
        if anchor is None:
            self._anchor = wire
            self._index = 0
            return wire
        denominator = self._period_denominator
        index = ((wire - anchor) * denominator + numerator // 2) // numerator
        place = anchor + (index * numerator + denominator // 2) // denominator
        if -TOLERANCE_TICKS <= place - wire <= TOLERANCE_TICKS and index > self._index:
            self._index = index
            if self._misses:
                self._misses -= 1
            return place
        return self._miss(wire, index)

    def nearest(self, wire: int) -> int:
        """Give the grid's time for a presentation time in ticks, or the time itself if off it."""
        numerator, anchor = self._period_numerator, self._anchor
        if not numerator or anchor is None:
            return wire
        denominator = self._period_denominator
        index = ((wire - anchor) * denominator + numerator // 2) // numerator
        place = anchor + (index * numerator + denominator // 2) // denominator
        return place if -TOLERANCE_TICKS <= place - wire <= TOLERANCE_TICKS else wire

    def _miss(self, wire: int, index: int) -> int:
        """Begin the grid anew at a time that is not on it, or give the rate up."""
        anchor = self._anchor
        if anchor is not None and index >= _MIN_RUN:
            self._correct_rate(Fraction(wire - anchor, index), index)
        self._misses += _MISS_COST
        if self._misses > _MAX_MISSES:
            self._period_numerator = 0
            self._times_ms = []
            self._fit_pause = self._samples_to_fit = _FIRST_FIT
        self._anchor = wire
        self._index = 0
        return wire

    def _correct_rate(self, period: Fraction, run: int) -> None:
        """Take the common rate that a long run shows better than the one it was put on."""
        rate = min(_COMMON_RATES, key=lambda known: abs(VIDEO_TIMESCALE / known - period))
        error = abs(VIDEO_TIMESCALE / rate - period)
        if error * run <= TICKS_PER_MS and error < abs(self._period - period):
            self._lock(rate)

    @property
    def _period(self) -> Fraction:
        """Ticks between frames."""
        return Fraction(self._period_numerator, self._period_denominator)

    def _lock(self, rate: Fraction) -> None:
        """Use the grid of this rate from now on; its origin is the next time that comes."""
        period = VIDEO_TIMESCALE / rate
        self._period_numerator = period.numerator
        self._period_denominator = period.denominator
        self._anchor = None
        self._misses = 0

    def _measure(self, time_ms: int) -> int:
        """Collect a time while no rate is known, and look for one now and then."""
        times_ms = self._times_ms
        times_ms.append(time_ms)
        self._samples_to_fit -= 1
        if self._samples_to_fit <= 0:
            del times_ms[:-_MEASURED]
            self._fit()
            if not self._period_numerator:
                self.varies = self.varies or len(times_ms) >= _MEASURED
                # Rarer and rarer: a camera in the dark has no constant rate for hours.
                self._fit_pause = min(2 * self._fit_pause, _LONGEST_FIT_PAUSE)
                self._samples_to_fit = self._fit_pause
        return time_ms * TICKS_PER_MS

    def _fit(self) -> None:
        """Lock to the common rate that the collected times keep to best, if any does."""
        times = [time_ms * TICKS_PER_MS for time_ms in self._times_ms]
        steps = sorted(after - before for before, after in pairwise(times))
        median_step = steps[len(steps) // 2]
        best_spread = _FIT_SPREAD_TICKS + 1
        for rate in _COMMON_RATES:
            period = VIDEO_TIMESCALE / rate
            if abs(period - median_step) > TICKS_PER_MS:
                continue
            indexes = [round((time - times[0]) / period) for time in times]
            if any(after <= before for before, after in pairwise(indexes)):
                continue
            residuals = [
                time - times[0] - round(index * period)
                for time, index in zip(times, indexes, strict=True)
            ]
            spread = max(residuals) - min(residuals)
            if spread < best_spread:
                best_spread = spread
                self._lock(rate)
                # The middle of the residuals is the truest origin: half a millisecond to each side.
                self._anchor = times[0] + (max(residuals) + min(residuals)) // 2
                self._index = indexes[-1]


def common_rate(claim: Fraction) -> Fraction:
    """Give the common rate that a claim in decimals means (29.97: 30000/1001), or the claim."""
    nearest = min(_COMMON_RATES, key=lambda rate: abs(rate - claim))
    if abs(nearest - claim) <= nearest * _SAME_RATE:
        return nearest
    return claim.limit_denominator(1001)
