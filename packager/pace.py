"""Pace: how far a publisher's media may run ahead of the clock, and how many bytes it may bring."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.media import Discontinuity, MediaEvent, Sample, TrackStarted

# Crystals are off by up to 100 ppm: without forgiveness an encoder whose clock runs fast would use
# up its lead in a day or two, and be held for ever after. Ten times as much harms nobody.
_FORGIVEN_LEAD_PPM = 1000


@dataclass(frozen=True, slots=True)
class PaceLimits:
    """Bounds for one publisher.

    `max_lead_s`: seconds that its media time may be ahead of real time, counted from its first
    sample; an encoder that empties its own buffer after a stall is late, not ahead, and one whose
    clock is a little fast is on time.
    `max_bitrate_bps`: bits of samples a second, averaged over about `burst_s`.
    """

    max_lead_s: float = 5.0
    max_bitrate_bps: int = 100_000_000
    burst_s: float = 2.0

    def __post_init__(self) -> None:
        """Refuse limits that would stop every publisher."""
        if self.max_lead_s < 1:
            raise ValueError(f"max_lead_s: expected 1 or more, got {self.max_lead_s}")
        if self.max_bitrate_bps < 100_000:
            raise ValueError(
                f"max_bitrate_bps: expected 100000 or more, got {self.max_bitrate_bps}"
            )
        if self.burst_s < 1:
            raise ValueError(f"burst_s: expected 1 or more, got {self.burst_s}")


class Pace:
    """Says how long a publisher's socket should rest.

    A file sent as fast as the network takes it (ffmpeg without -re) would otherwise rush through
    the live window, and one publisher's bitrate decides how much memory its window takes.
    """

    def __init__(self, limits: PaceLimits) -> None:
        self._limits = limits
        self._timescales: dict[str, int] = {}
        self._origin: float | None = None  # now minus media time, at the first sample
        self._noted_at = 0.0
        self._rest_until = 0.0
        self._bytes_allowed = limits.max_bitrate_bps / 8 * limits.burst_s
        self._refilled_at: float | None = None

    def note(self, events: Sequence[MediaEvent], now: float) -> None:
        """Take what came in at `now`."""
        payload_bytes = 0
        last: Sample | None = None
        for event in events:
            if type(event) is Sample:
                if self._origin is None:
                    self._begin(event, now)
                payload_bytes += len(event.payload)
                last = event
            elif type(event) is TrackStarted:
                self._timescales[event.track.name] = event.track.timescale
            elif type(event) is Discontinuity:
                self._origin = last = None
        if last is not None:
            self._note_time(last, now)
        if payload_bytes:
            self._note_bytes(payload_bytes, now)

    def _begin(self, sample: Sample, now: float) -> None:
        timescale = self._timescales.get(sample.track)
        if timescale is not None:
            self._origin = now - sample.dts / timescale
            self._noted_at = now

    def _note_time(self, sample: Sample, now: float) -> None:
        timescale = self._timescales.get(sample.track)
        if timescale is None or self._origin is None:
            return
        lead_s = sample.dts / timescale + self._origin - now  # only compared with the clock
        if lead_s > 0:
            forgiven_s = min(lead_s, (now - self._noted_at) * _FORGIVEN_LEAD_PPM / 1e6)
            self._origin -= forgiven_s
            lead_s -= forgiven_s
        self._noted_at = now
        if lead_s > self._limits.max_lead_s:
            self._rest_until = max(self._rest_until, now + lead_s - self._limits.max_lead_s)

    def _note_bytes(self, count: int, now: float) -> None:
        rate = self._limits.max_bitrate_bps / 8
        if self._refilled_at is not None:
            refill = (now - self._refilled_at) * rate
            self._bytes_allowed = min(self._bytes_allowed + refill, rate * self._limits.burst_s)
        self._refilled_at = now
        self._bytes_allowed -= count
        if self._bytes_allowed < 0:
            self._rest_until = max(self._rest_until, now - self._bytes_allowed / rate)

    def rest_s(self, now: float) -> float:
        """Seconds until the publisher may be read again; 0 when it may go on."""
        return max(0.0, self._rest_until - now)
