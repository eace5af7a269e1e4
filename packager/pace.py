"""Pace: how far a publisher's media may run ahead of the clock, and how many bytes it may bring."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.media import Discontinuity, MediaEvent, Sample, Track, TrackStarted

# Crystals are off by up to 100 ppm: without forgiveness an encoder whose clock runs fast would use
# up its lead in a day or two, and be held for ever after. Ten times as much harms nobody.
_FORGIVEN_LEAD_PPM = 1000
# A longer step between two samples of a track is a jump of its clock, not media that came early.
_MAX_STEP_S = 10.0
# So is a step longer than usual, after so much media without one: where only one track has the
# hole, the others still show how far ahead the publisher is. A slide show, all of whose steps are
# long, is media.
_USUAL_STEP_S = 1.0
_CALM_S = 5.0
# After so long a publisher is read again, however much it is ahead: only reading shows whether it
# is still there, and lead beyond this was made up by its clock.
_MAX_REST_S = 10.0
# Bytes are settled when so much of a burst has come: never more than this is overlooked.
_SETTLED_SHARE = 1 / 16
_BEFORE_ALL_TIMES = -(1 << 64)


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
    """How far one track is ahead of the clock. Media times in seconds: only compared with it.

    Time alone never adds to a lead. So the last settlement says up to which decode time, in
    `settle_after`, no sample can be too early, whenever it comes: until then one comparison is
    all that a sample costs. `last` is the newest sample's decode time.
    """

    __slots__ = ("_landed", "_origin", "_settled_at", "last", "settle_after", "timescale")

    def __init__(self, timescale: int) -> None:
        self.timescale = timescale
        self.restart()

    def restart(self) -> None:
        """Begin a new lead with the next sample."""
        self._origin: float | None = None  # now minus media time, at the first sample
        self._settled_at = 0.0
        self.last = 0
        self._landed = 0  # the first time after the last long step
        self.settle_after = _BEFORE_ALL_TIMES

    def rescale(self, timescale: int) -> None:
        """Go on in ticks of another length."""
        self.last = self.last * timescale // self.timescale
        self._landed = self._landed * timescale // self.timescale
        self.timescale = timescale
        self.settle_after = _BEFORE_ALL_TIMES

    def settle(self, dts: int, now: float, max_lead_s: float) -> float:
        """Give the seconds to rest until a sample of this time leads by `max_lead_s` at most.

        It begins a new lead if it comes from nowhere; a jump of the clock is no lead.
        """
        media_s = dts / self.timescale
        if self._origin is None or dts - self.last > _MAX_STEP_S * self.timescale:
            self._origin = now - media_s
            self._settled_at = now
            self._landed = dts
        lead_s = media_s + self._origin - now
        step = dts - self.last
        if step > _USUAL_STEP_S * self.timescale:
            if lead_s > 0 and self.last - self._landed >= _CALM_S * self.timescale:
                jump_s = min(lead_s, step / self.timescale)
                self._origin -= jump_s
                lead_s -= jump_s
            self._landed = dts
        if lead_s > 0:
            forgiven_s = min(lead_s, (now - self._settled_at) * _FORGIVEN_LEAD_PPM / 1e6)
            forgiven_s = max(forgiven_s, lead_s - max_lead_s - _MAX_REST_S)
            self._origin -= forgiven_s
            lead_s -= forgiven_s
        self._settled_at = now
        # A longer step than that has to be noticed as well.
        free_s = min(max(max_lead_s - lead_s, 0), _MAX_STEP_S)
        self.settle_after = dts + int(free_s * self.timescale)
        return lead_s - max_lead_s


class Pace:
    """Says how long a publisher's socket should rest, `_MAX_REST_S` at a time at most.

    A file sent as fast as the network takes it (ffmpeg without -re) would otherwise rush through
    the live window, and one publisher's bitrate decides how much memory its window takes.
    `rest_until` is when the publisher may be read again, on the clock of `now`.
    """

    def __init__(self, limits: PaceLimits) -> None:
        self.rest_until = 0.0
        self._limits = limits
        self._leads: dict[str, _TrackLead] = {}
        self._rate = limits.max_bitrate_bps / 8
        self._burst_bytes = self._rate * limits.burst_s
        self._bytes_allowed = self._burst_bytes
        self._bytes_unsettled = 0
        self._settle_bytes_above = self._burst_bytes * _SETTLED_SHARE
        self._refilled_at: float | None = None

    def note(self, events: Sequence[MediaEvent], now: float) -> None:
        """Take what came in at `now`."""
        leads = self._leads
        for event in events:
            if type(event) is Sample:
                self._bytes_unsettled += len(event.payload)
                lead = leads.get(event.track)
                if lead is not None:
                    dts = event.dts
                    if dts > lead.settle_after:
                        self._rest(lead.settle(dts, now, self._limits.max_lead_s), now)
                    lead.last = dts
            elif type(event) is TrackStarted:
                self._start_track(event.track)
            elif type(event) is Discontinuity:
                for lead in leads.values():
                    lead.restart()
        if self._bytes_unsettled > self._settle_bytes_above:
            self._settle_bytes(now)

    def _start_track(self, track: Track) -> None:
        lead = self._leads.get(track.name)
        if lead is None:
            self._leads[track.name] = _TrackLead(track.timescale)
        else:
            lead.rescale(track.timescale)

    def _settle_bytes(self, now: float) -> None:
        refill = 0.0 if self._refilled_at is None else (now - self._refilled_at) * self._rate
        allowed = min(self._bytes_allowed + refill, self._burst_bytes) - self._bytes_unsettled
        self._refilled_at = now
        self._bytes_allowed = allowed
        self._bytes_unsettled = 0
        self._settle_bytes_above = min(max(allowed, 0), self._burst_bytes * _SETTLED_SHARE)
        if allowed < 0:
            self._rest(min(-allowed / self._rate, _MAX_REST_S), now)

    def _rest(self, seconds: float, now: float) -> None:
        self.rest_until = max(self.rest_until, now + seconds)

    def rest_s(self, now: float) -> float:
        """Seconds until the publisher may be read again; 0 when it may go on."""
        return max(0.0, self.rest_until - now)
