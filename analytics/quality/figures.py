"""Figures: how well shows played to some viewers for some time: sums, to be added up. Pure."""

from dataclasses import dataclass, field
from typing import Any, Final

from analytics.quality.histogram import Histogram

_COUNTS: Final = {
    "sessions": "n",
    "watched_ms": "w",
    "stalls": "s",
    "stalled_ms": "sm",
    "switches_up": "u",
    "switches_down": "d",
    "dropped_frames": "fx",
    "decoded_frames": "f",
    "rated_ms": "rm",
    "rated_kbit": "rk",
    "reports": "b",
    "requests": "q",
    "starved_requests": "qs",
}
"""Each sum, and what it is called where it is kept."""

_HISTOGRAMS: Final = {
    "startup_ms": "hs",
    "latency_ms": "hl",
    "buffer_ms": "hb",
    "throughput_kbps": "ht",
}
_ERRORS: Final = "e"


@dataclass(slots=True, kw_only=True)
class Figures:
    """Sums of what players told. Adding is commutative and associative; nothing is subtracted.

    `sessions` are playbacks that began. `rated_kbit` is the nominal bit rate of what was shown
    times for how long, `rated_ms`, as far as it was known. `decoded_frames` has the dropped ones
    in it. `reports` counts beacons. `requests` came with CMCD and were read; `starved_requests`
    of them said that the buffer had run dry. `errors` are fatal ones, by code.
    """

    sessions: int = 0
    watched_ms: int = 0
    stalls: int = 0
    stalled_ms: int = 0
    switches_up: int = 0
    switches_down: int = 0
    dropped_frames: int = 0
    decoded_frames: int = 0
    rated_ms: int = 0
    rated_kbit: int = 0
    reports: int = 0
    requests: int = 0
    starved_requests: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    startup_ms: Histogram = field(default_factory=Histogram)
    latency_ms: Histogram = field(default_factory=Histogram)
    buffer_ms: Histogram = field(default_factory=Histogram)
    throughput_kbps: Histogram = field(default_factory=Histogram)

    def merge(self, other: "Figures") -> None:
        """Add another one's sums."""
        for name in _COUNTS:
            more = getattr(other, name)
            if more:
                setattr(self, name, getattr(self, name) + more)
        for name in _HISTOGRAMS:
            more = getattr(other, name)
            if more:
                getattr(self, name).merge(more)
        for code, count in other.errors.items():
            self.errors[code] = self.errors.get(code, 0) + count

    def kept(self) -> dict[str, Any]:
        """Return a small JSON value that says all of it."""
        kept: dict[str, Any] = {
            key: value for name, key in _COUNTS.items() if (value := getattr(self, name))
        }
        for name, key in _HISTOGRAMS.items():
            histogram: Histogram = getattr(self, name)
            if histogram:
                kept[key] = histogram.listed()
        if self.errors:
            kept[_ERRORS] = dict(sorted(self.errors.items()))
        return kept

    def merge_kept(self, kept: dict[str, Any]) -> None:
        """Add what `kept` has returned."""
        for name, key in _COUNTS.items():
            if key in kept:
                setattr(self, name, getattr(self, name) + kept[key])
        for name, key in _HISTOGRAMS.items():
            if key in kept:
                getattr(self, name).merge(Histogram.of(kept[key]))
        for code, count in kept.get(_ERRORS, {}).items():
            self.errors[code] = self.errors.get(code, 0) + count
