"""Timing: sound against pictures, and times against the clock."""

from collections.abc import Iterator
from typing import Final

from analytics.doctor.finding import Severity, Symptom
from analytics.doctor.readings import Readings

# Sound 45 ms early or 125 ms late is noticed (ITU-R BT.1359); units and interleaving make 50.
_SKEW_MS: Final = 150
# Devices that open one after another begin so far apart, and are in step all the same.
_START_MS: Final = 200
_DRIFT_MS_PER_MIN: Final = 15.0
_MANY_REPAIRS: Final = 20
_CLOCK_PPM: Final = 300  # a second in an hour
_WRONG_CLOCK_PPM: Final = 3_000
_FALLS_BEHIND_PPM: Final = 8_000  # a line's trouble, not a clock's


def check_timing(readings: Readings) -> Iterator[Symptom]:
    """Look at times and clocks."""
    timing = readings.timing
    yield from _check_offset(readings)
    drift = timing.skew_drift_ms_per_min
    if drift is not None and abs(drift) > _DRIFT_MS_PER_MIN:
        side = "later" if drift > 0 else "earlier"
        yield Symptom(
            "av-drift", Severity.WARNING, f"sound {abs(drift):.0f} ms {side} every minute", "0 ms"
        )
    if readings.recent_jumps:
        yield Symptom("timestamps-jumped", Severity.WARNING, _times(readings.recent_jumps), "never")
    if readings.recent_repairs:
        is_worse = readings.recent_repairs >= _MANY_REPAIRS
        severity = Severity.WARNING if is_worse else Severity.ADVICE
        yield Symptom("timestamps-repaired", severity, _times(readings.recent_repairs), "never")
    ppm = readings.arrival.clock_drift_ppm
    behind = readings.falls_behind_ppm
    if ppm is None or (behind is not None and behind > _FALLS_BEHIND_PPM):
        return
    if abs(ppm) > _CLOCK_PPM:
        severity = Severity.WARNING if abs(ppm) > _WRONG_CLOCK_PPM else Severity.ADVICE
        side = "fast" if ppm > 0 else "slow"
        a_day_s = abs(ppm) * 86_400 / 1e6
        yield Symptom("clock-drift", severity, f"{a_day_s:.0f} s a day {side}", "within 9 s a day")


def _check_offset(readings: Readings) -> Iterator[Symptom]:
    timing = readings.timing
    skew, start = timing.skew_ms, timing.start_offset_ms
    if skew is not None and abs(skew) > _SKEW_MS:
        text = f"sound arrives {abs(skew)} ms {'later' if skew > 0 else 'earlier'}"
        yield Symptom("av-offset", Severity.WARNING, text, "within 50 ms")
    elif start is not None and abs(start) > _START_MS:
        text = f"sound begins {abs(start)} ms {'later' if start > 0 else 'earlier'}"
        yield Symptom("av-offset", Severity.ADVICE, text, "within 50 ms")


def _times(count: int) -> str:
    return "once in the last minute" if count == 1 else f"{count} times in the last minute"
