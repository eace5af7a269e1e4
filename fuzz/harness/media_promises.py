"""MediaPromises: what `ingest.media` says of the events of any publisher."""

from collections.abc import Sequence

from fuzz.harness.described_track import check_description
from ingest.media import Discontinuity, MediaEvent, Sample, TrackEnded, TrackStarted

_LONGEST_TICKS = 2**62  # of a `tfdt`, with room to add


class MediaPromises:
    """Checks events as they come."""

    def __init__(self) -> None:
        self._timescales: dict[str, int] = {}
        self._last_dts: dict[str, int] = {}

    def check(self, events: Sequence[MediaEvent]) -> None:
        """Check the next events: tracks come before samples, and decode times rise strictly."""
        for event in events:
            match event:
                case TrackStarted(track):
                    if self._timescales.get(track.name) != track.timescale:
                        self._last_dts.pop(track.name, None)
                    self._timescales[track.name] = track.timescale
                    check_description(track)
                case TrackEnded(name):
                    assert name in self._timescales
                case Discontinuity():
                    self._last_dts.clear()
                case Sample():
                    self._check_sample(event)
                case _:
                    pass

    def _check_sample(self, sample: Sample) -> None:
        assert sample.track in self._timescales, "a track is described before its samples"
        assert sample.payload
        assert sample.duration >= 0
        assert -_LONGEST_TICKS < sample.dts < _LONGEST_TICKS
        before = self._last_dts.get(sample.track)
        assert before is None or sample.dts > before, "decode times rise strictly"
        self._last_dts[sample.track] = sample.dts
