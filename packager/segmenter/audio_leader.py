"""AudioLeader: a sound track that decides where all renditions are cut, there being no pictures."""

from ingest.media import Sample
from packager.segmenter.audio_units import AudioUnits
from packager.segmenter.cut_list import CutList
from packager.segmenter.due_cut import step_past
from packager.segmenter.leader import Leader
from packager.segmenter.media_clock import MediaClock
from packager.segmenter.pace import Pace
from packager.segmenter.rendition_output import RenditionOutput


class AudioLeader(Leader):
    """Closes a part when its last unit comes, and a segment with the first part that fills it.

    Every unit is a sync sample, so all parts but an interrupted one have the same length.
    """

    def __init__(
        self,
        output: RenditionOutput,
        cuts: CutList,
        clock: MediaClock,
        pace: Pace,
        start_ticks: int,
    ) -> None:
        super().__init__(output, cuts, clock, pace, start_ticks)
        self._units = AudioUnits(output.track, pace.unit_ticks, pace.part_limit_ticks)
        self._units.begin(start_ticks)
        self._last_dts = start_ticks - pace.unit_ticks
        self._longest_step = self.timescale

    @property
    def head_ticks(self) -> int:
        """Where the media that came ends."""
        return self._units.end_ticks

    @property
    def newest_ticks(self) -> int:
        """The decode time of the newest unit."""
        return self._last_dts

    @property
    def due_ticks(self) -> int:
        """When the unit is due that ends the part."""
        unit, ahead = self._pace.unit_ticks, self._units.end_ticks - self._last_dts
        return step_past(self._last_dts, self._part_end - unit - ahead, unit)

    def receive(self, sample: Sample) -> bool:
        """Take a sample; says whether its time follows on from the track's."""
        dts = sample.dts + self._shift
        step = dts - self._last_dts
        if not 0 < step <= self._longest_step:
            return -self._longest_step < step <= 0
        self._last_dts = dts
        self.is_absent = False
        units = self._units
        if not units.append(sample, dts):
            self.was_late = True
        if units.end_ticks + self._pace.unit_ticks > self._part_end:
            self._cut()
        return True

    def bridge(self, sample: Sample) -> None:
        """Take a sample after a hole in this track alone: silence is filled in."""
        self._last_dts = sample.dts + self._shift - 1
        self.receive(sample)

    def fill(self, until_ticks: int) -> None:
        """Append silence, as long as whole parts fit."""
        if self._part_end <= until_ticks:
            self._units.append_silence(until_ticks - self._pace.unit_ticks)
            self._cut()

    def finish(self) -> None:
        """End the open part and segment, and all followers' at the same place."""
        self._cut()
        while len(self._units):
            self._close()
        self._end_segment()

    def _cut(self) -> None:
        while len(self._units):
            if self._wants_segment(self._start):
                self._begin_segment()
            if self._units.end_ticks + self._pace.unit_ticks <= self._part_end:
                return
            self._close()

    def _close(self) -> None:
        if self._wants_segment(self._start):
            self._begin_segment()
        taken = self._units.take(self._part_end, self._part_end)
        if not taken:  # a long unit at the end of a segment: it begins the next
            self._is_segment_due = True
            return
        is_gap = not all(unit.payload for unit in taken)
        self._end_part([] if is_gap else taken, self._units.start_ticks)
