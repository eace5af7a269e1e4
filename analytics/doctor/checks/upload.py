"""Upload: whether media comes, in time, and without losing the connection."""

from collections.abc import Iterator
from typing import Final

from analytics.doctor.finding import Severity, Symptom
from analytics.doctor.readings import Readings

_STOPPED_S: Final = 4.0
# Players with low latency keep about a second: what is later than a third of it comes close.
_UNEVEN_MS: Final = 150
_VERY_UNEVEN_MS: Final = 400
_STALL_MS: Final = 700
_LONG_STALL_MS: Final = 2_500
_BEHIND_PPM: Final = 8_000
_FAR_BEHIND_PPM: Final = 30_000
_MANY_RECONNECTS: Final = 3
_WARM_UP_S: Final = 5.0


def check_upload(readings: Readings) -> Iterator[Symptom]:
    """Look at how media comes."""
    if readings.silent_s > _STOPPED_S:
        silent_s = readings.silent_s
        yield Symptom("media-stopped", Severity.PROBLEM, f"for {silent_s:.0f} s", held_s=silent_s)
    count = readings.recent_reconnects
    if count:
        severity = Severity.WARNING if count >= _MANY_RECONNECTS else Severity.ADVICE
        times = "once" if count == 1 else f"{count} times"
        yield Symptom("reconnects", severity, f"{times} in ten minutes", "never")
    if readings.observed_s < _WARM_UP_S:
        return
    behind = readings.falls_behind_ppm
    if behind is not None and behind > _BEHIND_PPM:
        severity = Severity.PROBLEM if behind > _FAR_BEHIND_PPM else Severity.WARNING
        yield Symptom(
            "upload-falls-behind", severity, f"{behind / 1000:.0f} ms more every second", "0 ms"
        )
        return  # that all is late is of the same cause
    arrival = readings.arrival
    longest = arrival.longest_stall_ms or 0
    if longest > _STALL_MS and readings.recent_stalls:
        severity = Severity.PROBLEM if longest > _LONG_STALL_MS else Severity.WARNING
        yield Symptom(
            "upload-stalls", severity, f"{longest / 1000:.1f} s in the last minute", "none"
        )
    uneven = arrival.jitter_p95_ms or 0
    if uneven > _UNEVEN_MS:
        severity = Severity.WARNING if uneven > _VERY_UNEVEN_MS else Severity.ADVICE
        yield Symptom("arrival-uneven", severity, f"up to {uneven} ms late", "within 50 ms")
