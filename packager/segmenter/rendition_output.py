"""RenditionOutput: one rendition's numbering and its changes, over all publishers of a show."""

import math
from collections.abc import Sequence
from dataclasses import replace

from ingest.media import PublisherWarning, Sample, Track, WarningCode
from packager.cadence import Cadence
from packager.segmenter.cadence_choice import LEAST_PART_SHARE
from packager.segmenter.change import (
    Change,
    FragmentSample,
    InitChanged,
    PartCut,
    SegmentClosed,
    SegmentOpened,
    WarningRaised,
)
from packager.segmenter.resume import RenditionPoint

# EXTINF must round to TARGETDURATION or less (rfc8216bis 4.4.3.1): below half a second above it.
SEGMENT_OVERHANG_MS = 490


def needs_new_init(before: Track, after: Track) -> bool:
    """Whether the initialisation segments of two descriptions of a track differ.

    Claims about rates are no part of it: an encoder that comes back may well claim another.
    """
    return _init_part(before) != _init_part(after)


def _init_part(track: Track) -> Track:
    video = track.video and replace(track.video, frame_rate=None)
    return replace(track, bitrate_bps=None, video=video)


class RenditionOutput:
    """Writes one rendition's changes in order, and knows where its timeline ends.

    `end_ticks` counts in ticks of `track`. `still` is the newest sync sample of a video track: a
    picture to show while the track is silent.
    """

    def __init__(self, track: Track, cadence: Cadence, changes: list[Change]) -> None:
        self.track = track
        self.end_ticks = 0
        self.still: Sample | None = None
        self._cadence = cadence
        self._changes = changes
        self._init_number = 0
        self._is_init_due = True
        self._next_part_number = 1
        self._msn = 0
        self._index = 0
        self._segment_start = 0
        self._start_unix_ms = 0
        self._is_open = False

    @property
    def is_open(self) -> bool:
        """Whether a segment is open."""
        return self._is_open

    @property
    def has_parts(self) -> bool:
        """Whether the open segment has a part."""
        return self._index > 0

    def adopt(self, track: Track) -> None:
        """Go on with this description of the track from the next segment on."""
        before = self.track
        if track is before:
            return
        if needs_new_init(before, track):
            self._is_init_due = True
            self.still = None
        if track.timescale != before.timescale:
            self.end_ticks = -(-self.end_ticks * track.timescale // before.timescale)
        self.track = track

    def resume(self, point: RenditionPoint) -> None:
        """Go on, before anything else, where the output of an earlier process stood."""
        self.end_ticks = point.end_ticks
        self._init_number = point.init_number
        self._is_init_due = False
        self._next_part_number = point.next_part_number
        self._msn = point.msn
        self._index = point.part_count if point.is_open else 0
        self._segment_start = point.start_ticks
        self._start_unix_ms = point.start_unix_ms
        self._is_open = point.is_open

    def open_segment(self, msn: int, start_unix_ms: int, *, is_discontinuous: bool) -> None:
        """Begin the segment, announcing the initialisation segment if it is a new one."""
        name = self.track.name
        if self._is_init_due:
            self._init_number += 1
            self._is_init_due = False
            self._changes.append(InitChanged(name, self._init_number, self.track))
        self._msn = msn
        self._index = 0
        self._is_open = True
        # PROGRAM-DATE-TIME never runs backwards, though a follower may begin half a unit early.
        self._start_unix_ms = start_unix_ms = max(start_unix_ms, self._start_unix_ms)
        self._changes.append(
            SegmentOpened(name, msn, start_unix_ms, is_discontinuous, self._init_number)
        )

    def longest_part_ticks(self, timescale: int) -> int:
        """PART-TARGET, rounded down to ticks."""
        return self._cadence.part_target_ms * timescale // 1000

    def least_part_ticks(self, timescale: int) -> int:
        """Least length of all parts but the last of their segment."""
        return math.ceil(self._cadence.part_target_ms * LEAST_PART_SHARE * timescale / 1000)

    def latest_end(self, start_ticks: int) -> int:
        """Where a part that begins here must end for PART-TARGET and TARGETDURATION to hold."""
        timescale = self.track.timescale
        end = start_ticks + self.longest_part_ticks(timescale)
        if not self._index:
            return end
        longest_ms = self._cadence.target_duration_s * 1000 + SEGMENT_OVERHANG_MS
        return min(end, self._segment_start + longest_ms * timescale // 1000)

    def cut_part(self, start_ticks: int, samples: Sequence[FragmentSample], end_ticks: int) -> None:
        """Write a part; without samples it is a gap."""
        if not self._index:
            self._segment_start = start_ticks
        self._changes.append(
            PartCut(
                rendition=self.track.name,
                msn=self._msn,
                index=self._index,
                number=self._next_part_number,
                decode_time_ticks=start_ticks,
                duration_ticks=end_ticks - start_ticks,
                is_independent=bool(samples) and samples[0].is_sync,
                is_gap=not samples,
                samples=tuple(samples),
            )
        )
        self._index += 1
        self._next_part_number += 1
        self.end_ticks = end_ticks

    def warn(self, code: WarningCode, text: str) -> None:
        """Tell the streamer something about this track."""
        self._changes.append(WarningRaised(PublisherWarning(code, text)))

    def close_segment(self) -> None:
        """End the open segment."""
        self._is_open = False
        self._changes.append(SegmentClosed(self.track.name, self._msn))
