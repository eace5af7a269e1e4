"""Keyframes: how far apart, how regular, and whether there are any."""

from collections.abc import Iterator
from typing import Final

from analytics.doctor.finding import Severity, Symptom
from analytics.doctor.readings import Readings

_EXPECTED: Final = "2 s"
# Segments last two seconds; up to half a second more, one keyframe still begins each.
_LONG_S: Final = 2.6
# One group may be longer than the others; this long, it is no scene's length any more.
_SURELY_LONG_S: Final = 4.0
_VERY_LONG_S: Final = 6.0
_SHORT_S: Final = 0.9
_MISSING_S: Final = 12.0
_IRREGULAR_S: Final = 0.5
_LEAST_GOPS: Final = 4


def check_keyframes(readings: Readings) -> Iterator[Symptom]:
    """Look at the last groups of pictures, and at the one that is open."""
    video = readings.video
    if video is None:
        return
    interval_s = video.shown.keyframe_interval_s
    if video.open_gop_s > max(_MISSING_S, 2 * (interval_s or 0)):
        open_s = video.open_gop_s
        measured = f"none for {open_s:.0f} s"
        yield Symptom("keyframes-missing", Severity.PROBLEM, measured, _EXPECTED, held_s=open_s)
        return
    longest_s = video.open_gop_s if interval_s is None else interval_s
    if video.open_gop_s > _SURELY_LONG_S:
        longest_s = max(longest_s, video.open_gop_s)
    if longest_s > _LONG_S:
        severity = Severity.PROBLEM if longest_s > _VERY_LONG_S else Severity.WARNING
        yield Symptom("keyframe-interval-long", severity, f"{longest_s:.1f} s", _EXPECTED)
    if interval_s is None or video.gop_count < _LEAST_GOPS:
        return
    if interval_s < _SHORT_S:
        yield Symptom("keyframe-interval-short", Severity.ADVICE, f"{interval_s:.2f} s", _EXPECTED)
    if video.gop_spread_s > _IRREGULAR_S:
        shown = video.shown
        yield Symptom(
            "keyframe-interval-irregular",
            Severity.ADVICE,
            f"{shown.keyframe_interval_min_s:.1f} to {shown.keyframe_interval_max_s:.1f} s",
            _EXPECTED,
        )
