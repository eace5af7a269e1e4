"""VideoGauge: rate, cadence, keyframes and reordering of one picture track. Pure.

Works on a second of samples at a time, by columns: what the interpreter does for each picture is
what this must not cost.
"""

from collections import deque
from collections.abc import Sequence
from itertools import accumulate
from operator import sub
from typing import Final

from analytics.doctor.gop_shape import NO_GOPS, GopShape, gop_shape

_GOPS: Final = 30
_STEPS: Final = 90
_RATE_SECONDS: Final = 10
_BITRATE_SECONDS: Final = 3
_RECENT_SECONDS: Final = 30
_REORDER_SECONDS: Final = 12
_LEAST_STEPS: Final = 12
_SLACK_S: Final = 0.0022  # stamps in whole milliseconds lie up to one to each side


class VideoGauge:
    """Takes samples in decode order. Times are ticks of `timescale`.

    A break in time, or another publisher, begins a new gauge; what was counted by the `earlier`
    one goes on.
    """

    def __init__(self, timescale: int, earlier: "VideoGauge | None" = None) -> None:
        self.timescale = timescale
        self.frame_count: int = 0 if earlier is None else earlier.frame_count
        self.byte_count: int = 0 if earlier is None else earlier.byte_count
        self.dropped_count: int = 0 if earlier is None else earlier.dropped_count
        self.media_s: float = 0.0 if earlier is None else earlier.media_s
        self.first_pts: int | None = None
        self.last_dts: int | None = None
        self.step_ticks = 0  # the usual distance of pictures; 0: not known yet
        self._first_dts = 0
        self._last_sync_dts: int | None = None
        self._gop_bytes = 0
        self._shape: GopShape | None = NO_GOPS  # None: there is a new group
        self._gops: deque[tuple[int, int]] = deque(maxlen=_GOPS)  # ticks, bytes
        self._steps: deque[int] = deque(maxlen=_STEPS)
        # Of the last seconds: newest dts, all bytes and pictures up to there.
        self._marks: deque[tuple[int, int, int]] = deque(maxlen=_RATE_SECONDS + 1)
        # Pictures, those that are missing, steps off the grid.
        self._seconds: deque[tuple[int, int, int]] = deque(maxlen=_RECENT_SECONDS)
        self._odd_seconds = 0  # for so many seconds more, one of the last is not as usual
        self._reordered: deque[tuple[int, int]] = deque(maxlen=_REORDER_SECONDS)
        self._pts_max: int | None = None
        self._b_run = 0

    def note(
        self,
        dts: Sequence[int],
        pts: Sequence[int],
        syncs: Sequence[bool],
        sizes: Sequence[int],
    ) -> None:
        """Take the samples of about a second; at least one."""
        if self.last_dts is None:
            self.first_pts, self._first_dts = pts[0], dts[0]
            self._marks.append((dts[0], self.byte_count + sizes[0], self.frame_count + 1))
            steps = list(map(sub, dts[1:], dts))
        else:
            steps = list(map(sub, dts, (self.last_dts, *dts)))
        size = sum(sizes)
        if True in syncs:
            self._note_keyframes(dts, syncs, sizes)
        else:
            self._gop_bytes += size
        self.byte_count += size
        self.frame_count += len(dts)
        self.last_dts = dts[-1]
        if steps:
            self._note_steps(steps)
        self._note_order(dts, pts)
        self._marks.append((dts[-1], self.byte_count, self.frame_count))

    @property
    def bitrate_bps(self) -> int:
        """Bits a second over the last seconds of media."""
        return self._bits_since(max(len(self._marks) - 1 - _BITRATE_SECONDS, 0))

    @property
    def mean_bitrate_bps(self) -> int:
        """Bits a second since the beginning."""
        return round(self.byte_count * 8 / self.media_s) if self.media_s > 0 else 0

    @property
    def recent_bitrate_bps(self) -> int:
        """Bits a second over the last ten seconds or so."""
        return self._bits_since(0)

    @property
    def frame_rate(self) -> float | None:
        """Pictures a second over the last ten seconds."""
        if len(self._marks) < 2:
            return None
        (before, _, frames_before), (after, _, frames_after) = self._marks[0], self._marks[-1]
        if after <= before:
            return None
        return (frames_after - frames_before) * self.timescale / (after - before)

    @property
    def gop_shape(self) -> GopShape:
        """What the last groups of pictures are like."""
        shape = self._shape
        if shape is None:
            shape = self._shape = gop_shape(self._gops, self.timescale)
        return shape

    @property
    def open_gop_s(self) -> float:
        """How long the newest group of pictures is already, or media without a keyframe at all."""
        if self.last_dts is None:
            return 0.0
        since = self._first_dts if self._last_sync_dts is None else self._last_sync_dts
        return (self.last_dts - since) / self.timescale

    @property
    def dropped_ratio(self) -> float:
        """Which part of the pictures of the last half minute is missing from a constant rate."""
        if not self._odd_seconds:
            return 0.0
        frames = sum(each[0] for each in self._seconds)
        dropped = sum(each[1] for each in self._seconds)
        return dropped / (frames + dropped) if frames else 0.0

    @property
    def irregular_ratio(self) -> float:
        """Which part of the last half minute's steps is no multiple of the usual one."""
        if not self._odd_seconds:
            return 0.0
        frames = sum(each[0] for each in self._seconds)
        return sum(each[2] for each in self._seconds) / frames if frames else 0.0

    @property
    def b_frame_run(self) -> int:
        """How many pictures in a row are shown before one that came earlier."""
        return max((run for run, _ in self._reordered), default=0)

    @property
    def reorder_ms(self) -> int:
        """What reordering adds to the delay."""
        ticks = max((ticks for _, ticks in self._reordered), default=0)
        return round(ticks * 1000 / self.timescale)

    def _bits_since(self, place: int) -> int:
        if len(self._marks) < 2:
            return 0
        before, bytes_before, _ = self._marks[place]
        after, bytes_after, _ = self._marks[-1]
        if after <= before:
            return 0
        return round((bytes_after - bytes_before) * 8 * self.timescale / (after - before))

    def _note_keyframes(
        self, dts: Sequence[int], syncs: Sequence[bool], sizes: Sequence[int]
    ) -> None:
        sums = [0, *accumulate(sizes)]
        begun = 0
        for place, is_sync in enumerate(syncs):
            if not is_sync:
                continue
            if self._last_sync_dts is not None and dts[place] > self._last_sync_dts:
                gop = dts[place] - self._last_sync_dts
                self._shape = None
                self._gops.append((gop, self._gop_bytes + sums[place] - sums[begun]))
            self._gop_bytes, begun = 0, place
            self._last_sync_dts = dts[place]
        self._gop_bytes += sums[-1] - sums[begun]

    def _note_steps(self, steps: list[int]) -> None:
        self.media_s += max(sum(steps), 0) / self.timescale
        longest, shortest = max(steps), min(steps)
        if longest != self.step_ticks or shortest != longest:
            self._steps.extend(steps)
            if len(self._steps) < _LEAST_STEPS:
                return
            self.step_ticks = max(sorted(self._steps)[len(self._steps) // 2], 1)
        usual = self.step_ticks
        slack = self.timescale * _SLACK_S
        if longest - usual <= slack and usual - shortest <= slack:
            self._seconds.append((len(steps), 0, 0))
            self._odd_seconds = max(self._odd_seconds - 1, 0)
            return
        dropped = irregular = 0
        for step in steps:
            times = round(step / usual)
            if abs(step - times * usual) > slack * max(times, 1) or times < 1:
                irregular += 1
            elif times > 1:
                dropped += times - 1
        self.dropped_count += dropped
        self._odd_seconds = _RECENT_SECONDS
        self._seconds.append((len(steps), dropped, irregular))

    def _note_order(self, dts: Sequence[int], pts: Sequence[int]) -> None:
        offsets = list(map(sub, pts, dts))
        spread = max(offsets) - min(offsets)
        if spread <= self.timescale * _SLACK_S:
            self._reordered.append((0, 0))
            self._pts_max = pts[-1]
            self._b_run = 0
            return
        longest = 0
        for each in pts:
            if self._pts_max is not None and each < self._pts_max:
                self._b_run += 1
                longest = max(longest, self._b_run)
            else:
                self._pts_max = each
                self._b_run = 0
        # A picture that others wait for is there that much before it is shown, less its own step.
        self._reordered.append((longest, max(spread - self.step_ticks, 0) if longest else 0))
