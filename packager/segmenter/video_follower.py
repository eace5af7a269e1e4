"""VideoFollower: a further video track that is cut where the leading track is."""

from ingest.media import Sample, Track
from packager.segmenter.cut_list import Boundary, BoundaryKind
from packager.segmenter.decode_times import TimedSample, lay_out_part
from packager.segmenter.follower import MAX_BOUNDARIES, Follower
from packager.segmenter.media_clock import MediaClock
from packager.segmenter.rendition_output import RenditionOutput

_MAX_FRAMES = 600  # waiting to be cut; 10 s at 60 frames a second. More, and all are dropped.


class VideoFollower(Follower):
    """Cuts at the frame nearest to a boundary: at most half a frame off.

    Encoders that make several renditions of one picture (OBS multitrack) put their key frames at
    the same times. Where an encoder does not, the cut is still made there, for the sake of equal
    times in all renditions, and the part says truly that it is not independent.
    A part is complete when a frame at or behind the boundary comes. While the track is absent (it
    ended, or stalled) boundaries are met at once with its last key frame, or with a gap if it has
    none; it goes on at its next key frame.
    """

    def __init__(
        self,
        track: Track,
        output: RenditionOutput,
        clock: MediaClock,
        frame_ticks: int,
        first_dts: int,
    ) -> None:
        super().__init__(track, output, clock, frame_ticks, first_dts)
        self._frame = frame_ticks
        self._frames: list[TimedSample] = []
        self._start = 0
        self._awaits_sync = True
        self._still: Sample | None = None

    @property
    def head_ticks(self) -> int:
        """Where the media that came ends, as far as is known."""
        return max(self._last_dts, self._start)

    def receive(self, sample: Sample) -> bool:
        """Take a sample; says whether its time follows on from the track's."""
        dts = sample.dts + self._shift
        step = dts - self._last_dts
        if not 0 < step <= self._longest_step:
            return -self._longest_step < step <= 0
        self._last_dts = dts
        if self._awaits_sync:
            self.is_absent = False
            if not sample.is_sync:
                self.fill(dts)
                return True
            if dts + self._half < self._start:
                self.was_late = True
                return True
            self._awaits_sync = False
        if sample.is_sync:
            self._still = sample
        self._frames.append(TimedSample(dts, sample))
        if len(self._frames) > _MAX_FRAMES:
            self._frames.clear()
            self._awaits_sync = True
        elif dts >= self._threshold:
            self._cut(dts)
        return True

    def bridge(self, sample: Sample) -> None:
        """Take a sample after a hole in this track alone, with still pictures in the hole."""
        dts = sample.dts + self._shift
        self.fill(dts)
        self._awaits_sync = True
        self._last_dts = dts - 1
        self.receive(sample)

    def keep_to(self, boundary: Boundary) -> None:
        """Cut there, now or as soon as a frame behind it has come."""
        self._await(boundary)
        if self.is_absent or boundary.kind is BoundaryKind.END:
            self.fill(boundary.ticks)
        elif len(self._boundaries) > MAX_BOUNDARIES:
            self._fill_one()
        elif self._frames and self._frames[-1].dts >= self._threshold:
            self._cut(self._frames[-1].dts)

    def fill(self, until_ticks: int) -> None:
        """Meet the boundaries up to there now, with still pictures where no frame came."""
        while self._boundaries and self._boundaries[0].ticks <= until_ticks:
            self._fill_one()

    def _fill_one(self) -> None:
        boundary = self._boundaries[0]
        if not self._frames or self._frames[-1].dts < self._threshold:
            self._awaits_sync = True
        self._cut_at(boundary, stops_here=True)
        self._advance()

    def _cut(self, head: int) -> None:
        while head >= self._threshold:
            self._cut_at(self._boundaries[0], stops_here=False)
            self._advance()

    def _cut_at(self, boundary: Boundary, *, stops_here: bool) -> None:
        output = self._output
        if not output.is_open:
            self._begin(boundary)
        else:
            self._write_until(boundary, stops_here=stops_here)
            if boundary.kind is not BoundaryKind.PART:
                if not output.has_parts:
                    self._write_gap(boundary.ticks)
                output.close_segment()
        self._open_segment_at(boundary, self._start)

    def _begin(self, boundary: Boundary) -> None:
        earliest = max(boundary.ticks - self._half, self._output.end_ticks)
        frames = self._frames
        while frames and not (frames[0].dts >= earliest and frames[0].sample.is_sync):
            del frames[0]
        self._awaits_sync = not frames
        self._still = self._still or self._output.still
        near = frames and frames[0].dts <= boundary.ticks + self._half
        self._start = frames[0].dts if near else max(boundary.ticks, self._output.end_ticks)

    def _write_until(self, boundary: Boundary, *, stops_here: bool) -> None:
        """Write the frames before the boundary, still pictures where there are none, or a gap."""
        count = 0
        for frame in self._frames:
            if frame.dts >= boundary.ticks - self._half:
                break
            count += 1
        part, self._frames = self._frames[:count], self._frames[count:]
        if self._frames and not stops_here:
            until = self._frames[0].dts
        else:
            until = max(boundary.ticks, self._start + 1)
        still = self._still
        if still is None:
            if not part and self._start < until:
                self._write_gap(until)
        elif not part:
            if self._start < boundary.ticks - self._half:
                part.append(TimedSample(self._start, still))
        else:
            if part[0].dts - self._start > self._frame:
                part.insert(0, TimedSample(self._start, still))
            if stops_here and part[-1].dts + 2 * self._frame < until:
                part.append(TimedSample(part[-1].dts + self._frame, still))
        self._write(part, until)

    def _write(self, part: list[TimedSample], until: int) -> None:
        """Write parts, more than one only where PART-TARGET would be exceeded."""
        self._output.still = self._still
        while part:
            limit = self._output.latest_end(self._start)
            count = 1
            while count < len(part) and part[count].dts < limit:
                count += 1
            end = part[count].dts if count < len(part) else until
            samples, end = lay_out_part(part[:count], self._start, min(end, limit))
            self._output.cut_part(self._start, samples, end)
            self._start = end
            part = part[count:]

    def _write_gap(self, until: int) -> None:
        end = max(min(until, self._output.latest_end(self._start)), self._start + 1)
        self._output.cut_part(self._start, (), end)
        self._start = end
