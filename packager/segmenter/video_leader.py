"""VideoLeader: a video track whose frames decide where all renditions are cut."""

from collections import deque

from ingest.media import Sample, WarningCode
from packager.segmenter.cut_list import CutList
from packager.segmenter.decode_times import TimedSample, lay_out_part
from packager.segmenter.due_cut import step_past
from packager.segmenter.leader import Leader
from packager.segmenter.media_clock import MediaClock
from packager.segmenter.pace import Pace
from packager.segmenter.rendition_output import RenditionOutput

# How far decode times may fall behind the publisher's before the pictures count as missing.
_ABSORBED_MS = 1500

_MAX_FRAMES = 512  # of a part; ten times what the highest frame rate needs
_REMEMBERED_GOPS = 8  # among key frames at scene cuts, the encoder's interval shows
_NO_KEY_FRAME_S = 12  # longer than any encoder's default interval
_JITTER_TICKS = 180  # 2 ms: timestamps of whole milliseconds
_NEVER = -(1 << 62)


class VideoLeader(Leader):
    """Closes a part when its last frame comes, not when the next part's first frame does.

    The frame interval is predicted for that; the next frame's decode time is the predicted one,
    and its own duration corrects it (see decode_times). A frame that comes later than a part may
    last does not stretch the part: the part ends on time and the frame decodes early, in a part
    of its own. A part that would be too short takes the next frame and cuts it short: the frames
    after it decode early instead. So decode times have no hole, after which Chromium would drop
    frames up to the next key frame.
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
        self._part: list[TimedSample] = []
        self._frame = self._last_step = pace.unit_ticks
        self._last_dts = start_ticks - pace.unit_ticks
        self._least_step = max(1, pace.unit_ticks - _JITTER_TICKS)
        self._longest_step = pace.unit_ticks + _JITTER_TICKS
        self._goes_on_until = _NEVER
        self._absorbed = self.timescale * _ABSORBED_MS // 1000
        self._awaits_sync = True
        self._warned: set[WarningCode] = set()
        self._last_sync = start_ticks
        self._gops: deque[int] = deque(maxlen=_REMEMBERED_GOPS)

    @property
    def head_ticks(self) -> int:
        """Where the media that came ends, as far as is known."""
        return max(self._last_dts + self._frame, self._start)

    @property
    def newest_ticks(self) -> int:
        """The decode time of the newest frame."""
        return self._last_dts

    @property
    def due_ticks(self) -> int:
        """When the frame is due that ends the part or the segment: its last one, or a key frame.

        A key frame that has no part to end is waited for, too: the last piece of sound is.
        """
        newest, frame = self._last_dts, self._pace.unit_ticks
        if self._awaits_sync:
            return newest
        last = step_past(newest, self._part_end - 2 * frame, frame)
        wanted = self._segment_start + self._pace.segment_target_ticks - frame // 2
        if self._is_segment_due or self._cuts.is_segment_wanted:
            wanted = newest
        gop = min(self._gops, default=0)  # how soon the next key frame may come
        key = step_past(newest, max(wanted, self._last_sync + gop) - frame // 2, frame)
        return min(last, key)

    def receive(self, sample: Sample) -> bool:
        """Take a sample; says whether its time follows on from the track's."""
        dts = sample.dts + self._shift
        step = dts - self._last_dts
        # Most frames are nothing special: they come on time, and the part goes on behind them.
        if (
            dts <= self._goes_on_until
            and self._least_step <= step <= self._longest_step
            and not sample.is_sync
        ):
            self._last_dts = dts
            self._last_step = step
            self._part.append(TimedSample(dts, sample))
            return True
        return self._receive_special(sample, dts, step)

    def _receive_special(self, sample: Sample, dts: int, step: int) -> bool:
        self._goes_on_until = _NEVER
        if not 0 < step <= self._absorbed:
            return -self._absorbed < step <= 0  # a repeated time: dropped
        nominal = self._pace.unit_ticks
        frame = nominal
        if not self._least_step <= step <= self._longest_step:
            # A prediction too long would make the next frames late; too short does no harm.
            frame = min(step, self._last_step)
        self._last_step = step
        self._frame = frame
        self._last_dts = dts
        if self._awaits_sync and not self._resume(sample, dts):
            return True
        part = self._part
        if sample.is_sync:
            self._output.still = sample
            if dts > self._last_sync:
                self._gops.append(dts - self._last_sync)
            self._last_sync = dts
            if self._wants_segment(dts) or self._is_last_chance(dts):
                if part:
                    self._close(dts)
                self._begin_segment()
        if part and dts + frame > self._part_end and dts >= self._earliest_end:
            self._close(dts)
        if not part:
            if dts - self._start > self._absorbed:
                return self._give_up_frames(sample, dts)
            if self._is_segment_due:
                if not sample.is_sync:
                    self._warn_of_late_key_frame(dts)
                self._begin_segment()
        part.append(TimedSample(dts, sample))
        end = dts + frame
        is_full = end + frame > self._part_end and end >= self._earliest_end
        if is_full or end > self._part_end or len(part) >= _MAX_FRAMES:
            self._close(end)
        elif frame == nominal:
            # Behind a frame that begins by then there is room for another of the usual length.
            room = (_MAX_FRAMES - 1 - len(part)) * self._least_step
            self._goes_on_until = min(self._part_end - 2 * nominal, dts + room)
        return True

    def bridge(self, sample: Sample) -> None:
        """Take a sample after a hole in this track alone, with still pictures in the hole."""
        dts = sample.dts + self._shift
        self._last_dts = dts - self._frame
        self._last_step = self._frame
        self.fill(dts)
        self.receive(sample)

    def fill(self, until_ticks: int) -> None:
        """Repeat the last key frame, once per part, as long as whole parts fit."""
        still = self._output.still
        if still is None or self._part_end > until_ticks:
            return
        self._awaits_sync = True
        self._goes_on_until = _NEVER
        while self._part_end <= until_ticks:
            if self._part:
                at = self._part[-1].dts + self._frame
            else:
                at = self._start
                if self._wants_segment(at):
                    self._begin_segment()
            if at < self._part_end:
                self._part.append(TimedSample(at, still))
            self._close(self._part_end)

    def finish(self) -> None:
        """End the open part and segment, and all followers' at the same place."""
        if self._part:
            self._close(self._part[-1].dts + self._frame)
        self._end_segment()

    def _is_last_chance(self, dts: int) -> bool:
        """Whether the next key frame would come too late to end the segment.

        Without this a segment that once began between key frames would be cut by force, and so
        would all after it: a group of pictures is often as long as a segment may be.
        """
        elapsed = dts - self._segment_start
        longest_gop = max(self._gops, default=0)
        return elapsed > 0 and elapsed + longest_gop > self._pace.segment_limit_ticks

    def _resume(self, sample: Sample, dts: int) -> bool:
        """Begin, or go on after still pictures, at a key frame: others refer to what is lost."""
        self.is_absent = False
        if dts < self._start:
            self.was_late = self._output.is_open
            return False
        self.fill(dts)
        if not sample.is_sync:
            return False
        self._awaits_sync = False
        still = self._output.still
        if still is not None and not self._part and dts - self._start > self._frame:
            if self._wants_segment(self._start):
                self._begin_segment()
            self._part.append(TimedSample(self._start, still))
        return True

    def _give_up_frames(self, sample: Sample, dts: int) -> bool:
        """Show still pictures up to a frame that is too far from the one before."""
        self._warn(
            WarningCode.FRAME_RATE_VARIES,
            "The frame rate fell far below what the show began with: pictures are left out.",
        )
        self.fill(dts)
        self._awaits_sync = True
        if sample.is_sync:
            self._last_dts = dts - self._frame
            return self.receive(sample)
        return True

    def _warn_of_late_key_frame(self, dts: int) -> None:
        advice = "Set the encoder's keyframe interval to 2 s."
        if dts - self._last_sync > self.timescale * _NO_KEY_FRAME_S:
            self._warn(WarningCode.NO_KEYFRAME, f"No key frame comes: nobody can join. {advice}")
        else:
            self._warn(WarningCode.LONG_GOP, f"Key frames come rarely: viewers join late. {advice}")

    def _warn(self, code: WarningCode, text: str) -> None:
        if code not in self._warned:
            self._warned.add(code)
            self._output.warn(code, text)

    def _close(self, end_ticks: int) -> None:
        samples, end = lay_out_part(self._part, self._start, min(end_ticks, self._part_end))
        self._part.clear()
        self._goes_on_until = _NEVER
        self._end_part(samples, end)
