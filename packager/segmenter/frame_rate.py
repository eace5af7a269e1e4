"""Frame rate: what a publisher claims, held against the decode times that really come."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from ingest.media.track import VIDEO_TIMESCALE

DEFAULT_FRAME_RATE = Fraction(30)
_LOWEST = Fraction(1, 2)  # a part holds a frame at least: PART-TARGET stays at 2 s or less
_HIGHEST = Fraction(240)
_SHORTEST_STEP = VIDEO_TIMESCALE // 1000  # RTMP counts in milliseconds
_USUAL = (
    Fraction(10),
    Fraction(12),
    Fraction(15),
    Fraction(20),
    Fraction(24_000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30_000, 1001),
    Fraction(30),
    Fraction(48),
    Fraction(50),
    Fraction(60_000, 1001),
    Fraction(60),
    Fraction(120),
)


def settle_frame_rate(decode_times: Sequence[int], claim: Fraction | None) -> Fraction:
    """Decide on the frame rate of a video track from its first decode times (90 kHz ticks).

    The claim holds if it is within 2 % of what is measured: a second of millisecond timestamps
    cannot tell 29.97 from 30 frames a second. Holes are left out of the measurement, and times
    that did not advance, which ingest made to rise by a tick. With fewer than three times the claim
    is believed, or 30.
    """
    if claim is not None and not _LOWEST <= claim <= _HIGHEST:
        claim = None
    steps = sorted(
        after - before
        for before, after in pairwise(decode_times)
        if after - before >= _SHORTEST_STEP
    )
    if len(steps) < 2:
        return claim or DEFAULT_FRAME_RATE
    median = steps[len(steps) // 2]
    steady = [step for step in steps if median <= 2 * step <= 3 * median]
    measured = Fraction(VIDEO_TIMESCALE * len(steady), sum(steady))
    if claim is not None and _is_near(claim, measured, Fraction(2, 100)):
        return claim
    nearest = min(_USUAL, key=lambda usual: abs(usual - measured))
    if _is_near(nearest, measured, Fraction(1, 100)):
        return nearest
    return min(max(measured, _LOWEST), _HIGHEST)


def _is_near(rate: Fraction, measured: Fraction, tolerance: Fraction) -> bool:
    return abs(rate - measured) <= tolerance * measured
