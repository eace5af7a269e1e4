"""Figures: how well shows played to some viewers for some time: sums, to be added up. Pure."""

from dataclasses import dataclass, field
from typing import Any, Final

from analytics.quality.histogram import Histogram

COUNTS: Final = (
    "sessions",
    "watched_ms",
    "stalls",
    "stalled_ms",
    "switches_up",
    "switches_down",
    "dropped_frames",
    "decoded_frames",
    "rated_ms",
    "rated_kbit",
    "reports",
    "requests",
    "starved_requests",
)
"""The sums, in the order in which they are kept."""

HISTOGRAMS: Final = ("startup_ms", "latency_ms", "buffer_ms", "throughput_kbps")
"""In the order in which they are kept."""


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
        for name in COUNTS:
            more = getattr(other, name)
            if more:
                setattr(self, name, getattr(self, name) + more)
        for name in HISTOGRAMS:
            more = getattr(other, name)
            if more:
                getattr(self, name).merge(more)
        for code, count in other.errors.items():
            self.errors[code] = self.errors.get(code, 0) + count

    def listed(self) -> dict[str, Any]:
        """Return all of it for people, as JSON has it: histograms as values and their counts."""
        return {
            **{name: getattr(self, name) for name in COUNTS},
            "errors": self.errors,
            **{name: getattr(self, name).listed() for name in HISTOGRAMS},
        }
