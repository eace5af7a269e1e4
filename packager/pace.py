"""Pace: how far a publisher's media may run ahead of the clock, and how many bytes it may bring."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.media import Discontinuity, MediaEvent, Sample, Track, TrackStarted

# Crystals are off by up to 100 ppm: without forgiveness an encoder whose clock runs fast would use
# up its lead in a day or two, and be held for ever after. Ten times as much harms nobody.
_FORGIVEN_LEAD_PPM = 1000
# A longer step between two samples of a track is a jump of its clock, not media that came early.
_MAX_STEP_S = 10.0
# After so long a publisher is read again, however much it is ahead: only reading shows whether it
# is still there, and lead beyond this was made up by its clock.
_MAX_REST_S = 10.0


@dataclass(frozen=True, slots=True)
class PaceLimits:
    """Bounds for one publisher.

    `max_lead_s`: seconds that the media time of any of its tracks may be ahead of real time,
    counted from the track's first sample; an encoder that empties its own buffer after a stall is
    late, not ahead, and one whose clock is a little fast is on time.
    `max_bitrate_bps`: bits of samples a second, averaged over about `burst_s`.
    """

    max_lead_s: float = 3.0
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


class _TrackLead:
    """How far one track is ahead of the clock. Media times in seconds: only compared with it."""

    __slots__ = ("_last_s", "_noted_at", "_origin", "timescale")

    def __init__(self, timescale: int) -> None:
        self.timescale = timescale
        self._origin: float | None = None  # now minus media time, at the first sample
        self._last_s = 0.0
        self._noted_at = 0.0

    def note(self, dts: int, now: float) -> None:
        """Take the time of the next sample. It begins a new lead if it comes from nowhere."""
        media_s = dts / self.timescale
        if self._origin is None or media_s - self._last_s > _MAX_STEP_S:
            self._origin = now - media_s
            self._noted_at = now
        self._last_s = media_s

    def restart(self) -> None:
        """Begin a new lead with the next sample."""
        self._origin = None

    def settle(self, now: float, max_lead_s: float) -> float:
        """Give the seconds to rest until the lead is no more than `max_lead_s`."""
        if self._origin is None:
            return 0.0
        lead_s = self._last_s + self._origin - now
        forgiven_s = 0.0
        if lead_s > 0:
            forgiven_s = min(lead_s, (now - self._noted_at) * _FORGIVEN_LEAD_PPM / 1e6)
            forgiven_s = max(forgiven_s, lead_s - max_lead_s - _MAX_REST_S)
        self._noted_at = now
        self._origin -= forgiven_s
        return lead_s - forgiven_s - max_lead_s


class Pace:
    """Says how long a publisher's socket should rest, `_MAX_REST_S` at a time at most.

    A file sent as fast as the network takes it (ffmpeg without -re) would otherwise rush through
    the live window, and one publisher's bitrate decides how much memory its window takes.
    """

    def __init__(self, limits: PaceLimits) -> None:
        self._limits = limits
        self._leads: dict[str, _TrackLead] = {}
        self._rest_until = 0.0
        self._bytes_allowed = limits.max_bitrate_bps / 8 * limits.burst_s
        self._refilled_at: float | None = None

    def note(self, events: Sequence[MediaEvent], now: float) -> None:
        """Take what came in at `now`."""
        payload_bytes = 0
        leads = self._leads
        for event in events:
            if type(event) is Sample:
                payload_bytes += len(event.payload)
                lead = leads.get(event.track)
                if lead is not None:
                    lead.note(event.dts, now)
            elif type(event) is TrackStarted:
                self._start_track(event.track)
            elif type(event) is Discontinuity:
                for lead in leads.values():
                    lead.restart()
        if payload_bytes:
            self._note_leads(now)
            self._note_bytes(payload_bytes, now)

    def _start_track(self, track: Track) -> None:
        lead = self._leads.get(track.name)
        if lead is None:
            self._leads[track.name] = _TrackLead(track.timescale)
        else:
            lead.timescale = track.timescale

    def _note_leads(self, now: float) -> None:
        rest_s = max(
            (lead.settle(now, self._limits.max_lead_s) for lead in self._leads.values()),
            default=0.0,
        )
        self._rest_until = max(self._rest_until, now + rest_s)

    def _note_bytes(self, count: int, now: float) -> None:
        rate = self._limits.max_bitrate_bps / 8
        if self._refilled_at is not None:
            refill = (now - self._refilled_at) * rate
            self._bytes_allowed = min(self._bytes_allowed + refill, rate * self._limits.burst_s)
        self._refilled_at = now
        self._bytes_allowed -= count
        if self._bytes_allowed < 0:
            rest_s = min(-self._bytes_allowed / rate, _MAX_REST_S)
            self._rest_until = max(self._rest_until, now + rest_s)

    def rest_s(self, now: float) -> float:
        """Seconds until the publisher may be read again; 0 when it may go on."""
        return max(0.0, self._rest_until - now)
