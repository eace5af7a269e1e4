"""AudioFollower: a sound track that is cut where the leading track is."""

from itertools import groupby

from ingest.media import Sample, Track
from packager.segmenter.audio_units import AudioUnits
from packager.segmenter.change import FragmentSample
from packager.segmenter.cut_list import Boundary, BoundaryKind
from packager.segmenter.follower import MAX_BOUNDARIES, NEVER, Follower
from packager.segmenter.media_clock import MediaClock
from packager.segmenter.rendition_output import RenditionOutput

_MAX_EARLY = 1024  # units that came before the first boundary


class AudioFollower(Follower):
    """Cuts at the unit that begins nearest to a boundary: at most half a unit off.

    A unit's length is known, so a part is complete with its last unit. While the track is absent
    (it ended, or stalled) boundaries are met at once with silence.

    Parts of sound end where it has been heard when the leader's do, up to a frame earlier, so that
    both are complete with the same sample (docs/adr/0023). A segment's first part is shorter for
    that, and what is missing at its end is a part of its own: segments lie where the leader's do.
    """

    def __init__(
        self,
        track: Track,
        output: RenditionOutput,
        clock: MediaClock,
        unit_ticks: int,
        first_dts: int,
    ) -> None:
        super().__init__(track, output, clock, unit_ticks, first_dts)
        self._meets_ahead = unit_ticks  # with its end
        self._units = AudioUnits(track, unit_ticks, output.longest_part_ticks(track.timescale))
        self._early: list[Sample] = []
        self._is_placed = False
        least = self._output.least_part_ticks(self.timescale)
        self._least_part = -(-least // unit_ticks) * unit_ticks  # in whole units
        self._ahead = 0  # of the leader
        self._leader_at = NEVER  # its boundary before

    @property
    def head_ticks(self) -> int:
        """Where the media that came ends."""
        return max(self._last_dts, self._units.end_ticks)

    def receive(self, sample: Sample) -> bool:
        """Take a sample; says whether its time follows on from the track's."""
        dts = sample.dts + self._shift
        step = dts - self._last_dts
        if not 0 < step <= self._longest_step:
            return -self._longest_step < step <= 0
        self._last_dts = dts
        if not self._is_placed:
            self._early.append(sample)
            self._place()
            return True
        units = self._units
        if units.append(sample, dts):
            self.is_absent = False
        else:
            self.was_late = True
        if units.end_ticks >= self._threshold:
            self._cut()
        return True

    def bridge(self, sample: Sample) -> None:
        """Take a sample after a hole in this track alone: silence is filled in."""
        self._last_dts = sample.dts + self._shift - 1
        self.receive(sample)

    def keep_to(self, boundary: Boundary) -> None:
        """Cut there, now or as soon as the units before it are complete."""
        is_short = boundary.ticks - self._leader_at < self._least_part
        if is_short and self._ahead and boundary.kind is BoundaryKind.PART:
            return  # a segment's last part, which is cut with the segment: the end may be level
        self._await(self._ahead_of(boundary))
        if not self._is_placed:
            self._place()
        if self.is_absent or boundary.kind is BoundaryKind.END:
            self.fill(boundary.ticks)
        elif len(self._boundaries) > MAX_BOUNDARIES:
            self.fill(self._boundaries[0].ticks)
        elif self._is_placed and self._units.end_ticks >= self._threshold:
            self._cut()

    def _ahead_of(self, boundary: Boundary) -> Boundary:
        """Move a boundary to where this track is to be cut for it."""
        ticks = boundary.ticks
        if boundary.kind is not BoundaryKind.PART:
            self._ahead = 0
        else:
            spare = max(ticks - self._leader_at - self._least_part, 0)
            self._ahead = min(self._ahead + spare, ticks - boundary.heard_ticks)
        self._leader_at = ticks
        return boundary._replace(ticks=ticks - self._ahead) if self._ahead else boundary

    def fill(self, until_ticks: int) -> None:
        """Meet the boundaries up to there now, with silence where no unit came."""
        while self._boundaries and self._boundaries[0].ticks <= until_ticks:
            if not self._is_placed:
                self._begin_at(max(self._boundaries[0].ticks, self._output.end_ticks))
            if self._ends_short():
                self._cut_at(self._boundaries[0])
                self._advance()
                continue
            self._units.append_silence(self._threshold)
            self._cut()

    def _ends_short(self) -> bool:
        """Whether to end with the last unit: a gap where nothing follows helps nobody."""
        last = self._boundaries[-1]
        missing = last.ticks - self._units.end_ticks
        return (
            last.kind is BoundaryKind.END
            and not self._units.has_silence
            and missing <= self._output.longest_part_ticks(self.timescale)
        )

    def _place(self) -> None:
        """Begin the chain so that real units keep their times exactly.

        Needs the first boundary and the first unit from there on; units before it are dropped.
        """
        if not self._boundaries:
            del self._early[:-_MAX_EARLY]
            return
        end = self._output.end_ticks
        # What was there before may end behind the boundary: then the first unit is delayed, by
        # half a unit at most, rather than the one after it begun late.
        earliest = max(self._boundaries[0].ticks, end) - self._half
        kept = [sample for sample in self._early if sample.dts + self._shift >= earliest]
        self._early.clear()
        if not kept:
            return
        first = kept[0].dts + self._shift
        missing = (first - earliest) // self._units.unit_ticks
        if missing == 1 and not self._units.has_silence:
            missing = 0  # to begin a unit later is better than with a gap
        self._begin_at(max(first - missing * self._units.unit_ticks, end))
        for sample in kept:
            self._units.append(sample, sample.dts + self._shift)
        self._cut()

    def _begin_at(self, ticks: int) -> None:
        self._is_placed = True
        self._units.begin(ticks)

    def _cut(self) -> None:
        while self._boundaries and self._units.end_ticks >= self._threshold:
            self._cut_at(self._boundaries[0])
            self._advance()

    def _cut_at(self, boundary: Boundary) -> None:
        output, units = self._output, self._units
        if output.is_open:
            while units.start_ticks < boundary.ticks - self._half:
                start = units.start_ticks
                taken = units.take(boundary.ticks - self._half, output.latest_end(start))
                if not taken:
                    break
                self._write(start, taken)
            if boundary.kind is not BoundaryKind.PART:
                if not output.has_parts:
                    start = units.start_ticks
                    units.delay(1)  # no segment is empty: the shortest gap stands for one
                    output.cut_part(start, (), start + 1)
                output.close_segment()
        self._open_segment_at(boundary, units.start_ticks)

    def _write(self, start: int, units: list[FragmentSample]) -> None:
        """Write a part; more than one where some of its units are missing."""
        if all(unit.payload for unit in units):
            self._output.cut_part(start, units, self._units.start_ticks)
            return
        for is_there, group in groupby(units, lambda unit: bool(unit.payload)):
            present = list(group)
            end = start + sum(unit.duration_ticks for unit in present)
            self._output.cut_part(start, present if is_there else (), end)
            start = end
