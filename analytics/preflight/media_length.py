"""MediaLength: how much media has come from one publisher, by the media's own clock. Pure."""

from collections.abc import Sequence
from typing import Final

from ingest.events import MediaStretch
from ingest.media import Discontinuity, MediaKind, Track, TrackStarted

# A longer step between two samples is a jump of the clock, and no media.
_LONGEST_STEP_S: Final = 2


class MediaLength:
    """Adds up the steps of one track: of the first pictures, or of sound while there are none."""

    def __init__(self) -> None:
        self._before_ms = 0
        self._ticks = 0
        self._track: Track | None = None
        self._last_dts: int | None = None

    @property
    def ms(self) -> int:
        """Milliseconds of media up to now."""
        if self._track is None:
            return 0
        return self._before_ms + self._ticks * 1000 // self._track.timescale

    def note(self, stretches: Sequence[MediaStretch]) -> None:
        """Take what came, in its order."""
        for stretch in stretches:
            for change in stretch.changes:
                if isinstance(change, TrackStarted):
                    self._start(change.track)
                elif isinstance(change, Discontinuity):
                    self._last_dts = None
            track = self._track
            if track is None:
                continue
            for name, dts, *_ in stretch.samples:
                if name == track.name:
                    self._step(dts, track.timescale)

    def _start(self, track: Track) -> None:
        known = self._track
        is_better = known is not None and (
            track.kind is MediaKind.VIDEO and known.kind is not MediaKind.VIDEO
        )
        if known is None or track.name == known.name or is_better:
            self._before_ms, self._ticks = self.ms, 0
            self._track, self._last_dts = track, None

    def _step(self, dts: int, timescale: int) -> None:
        step = 0 if self._last_dts is None else dts - self._last_dts
        if 0 < step <= _LONGEST_STEP_S * timescale:
            self._ticks += step
        self._last_dts = dts
