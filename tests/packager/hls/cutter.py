"""Cutter: makes the changes of one rendition in the order in which a segmenter does."""

from collections.abc import Callable

from ingest.media import AudioFormat, Codec, Track, VideoFormat
from packager.cadence import Cadence
from packager.hls import Timeline, TimelineChange, WindowPolicy
from packager.segmenter.change import InitChanged, PartCut, SegmentClosed, SegmentOpened

START_UNIX_MS = 1_790_000_000_123
START_S = 10

AVC_CONFIGURATION = bytes.fromhex("014d401fffe1000467640028010004 68ee3c80".replace(" ", ""))
VIDEO = Track("video", 0, Codec.AVC, 90_000, AVC_CONFIGURATION, video=VideoFormat(1280, 720))
AUDIO = Track(
    "audio", 0, Codec.AAC, 48_000, bytes.fromhex("1190"), audio=AudioFormat(48_000, 2, 1024)
)


class Cutter:
    """Cuts one rendition and hands every change to `emit`; parts last a second unless told."""

    def __init__(
        self, emit: Callable[[TimelineChange], None], track: Track = VIDEO, *, first_msn: int = 1
    ) -> None:
        self.track = track
        self.msn = first_msn
        self.part_index = 0
        self.part_number = 1
        self.ticks = START_S * track.timescale
        self.init_number = 0
        self._emit = emit
        self.use_init()

    def use_init(self) -> None:
        self.init_number += 1
        self._emit(InitChanged(self.track.name, self.init_number, self.track))

    def open(self, *, is_discontinuous: bool = False) -> None:
        start_ms = self.ticks * 1000 // self.track.timescale - START_S * 1000
        self.part_index = 0
        self._emit(
            SegmentOpened(
                self.track.name,
                self.msn,
                START_UNIX_MS + start_ms,
                is_discontinuous,
                self.init_number,
            )
        )

    def part(
        self, ticks: int | None = None, *, is_gap: bool = False, is_independent: bool | None = None
    ) -> None:
        duration_ticks = self.track.timescale if ticks is None else ticks
        if is_independent is None:
            is_independent = self.part_index == 0 and not is_gap
        cut = PartCut(
            self.track.name,
            self.msn,
            self.part_index,
            self.part_number,
            self.ticks,
            duration_ticks,
            is_independent,
            is_gap,
            samples=(),
        )
        self.part_index += 1
        self.part_number += 1
        self.ticks += duration_ticks
        self._emit(cut)

    def close(self) -> None:
        self._emit(SegmentClosed(self.track.name, self.msn))
        self.msn += 1

    def segment(
        self,
        *,
        part_count: int = 2,
        part_ticks: int | None = None,
        is_discontinuous: bool = False,
        is_gap: bool = False,
    ) -> None:
        self.open(is_discontinuous=is_discontinuous)
        for _ in range(part_count):
            self.part(part_ticks, is_gap=is_gap)
        self.close()


class TimelineCutter(Cutter):
    """A cutter that keeps the timeline of what it cut."""

    def __init__(
        self, cadence: Cadence, policy: WindowPolicy | None = None, *, first_msn: int = 1
    ) -> None:
        self.timeline = Timeline(
            rendition=VIDEO.name, cadence=cadence, policy=policy or WindowPolicy()
        )
        super().__init__(self._append, first_msn=first_msn)

    def _append(self, change: TimelineChange) -> None:
        self.timeline = self.timeline.append(change)
