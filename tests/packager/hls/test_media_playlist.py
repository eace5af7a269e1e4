"""Whole playlists, written by hand from rfc8216bis, against what is rendered."""

from fractions import Fraction

from ingest.media import Codec, Track, VideoFormat
from packager.cadence import Cadence
from packager.hls import RenditionReport, Timeline, WindowPolicy, render_media_playlist
from packager.segmenter.change import InitChanged, PartCut, SegmentClosed, SegmentOpened

CADENCE = Cadence(target_duration_s=2, part_target_ms=1001)
START_UNIX_MS = 1_790_000_000_123
START_TICKS = 900_000
TRACK = Track(
    "video",
    0,
    Codec.AVC,
    90_000,
    b"",
    video=VideoFormat(1280, 720, frame_rate=Fraction(30_000, 1001)),
)


class Cutter:
    """Cuts one rendition by hand: parts of 30 frames at 29.97 fps, two to a segment."""

    part_ticks = 30 * 3003

    def __init__(self) -> None:
        self.timeline = Timeline(rendition="video", cadence=CADENCE, policy=WindowPolicy())
        self.next_msn = 1
        self.next_part_number = 1
        self.ticks = START_TICKS
        self.use_init(1)

    def use_init(self, number: int) -> None:
        self.init_number = number
        self.timeline = self.timeline.append(InitChanged("video", number, TRACK))

    def open(self, *, is_discontinuous: bool = False) -> None:
        unix_ms = START_UNIX_MS + (self.ticks - START_TICKS) // 90
        self.part_index = 0
        self.timeline = self.timeline.append(
            SegmentOpened("video", self.next_msn, unix_ms, is_discontinuous, self.init_number)
        )

    def part(self, *, is_gap: bool = False, ticks: int | None = None) -> None:
        duration_ticks = self.part_ticks if ticks is None else ticks
        cut = PartCut(
            "video",
            self.next_msn,
            self.part_index,
            self.next_part_number,
            self.ticks,
            duration_ticks,
            is_independent=self.part_index == 0 and not is_gap,
            is_gap=is_gap,
            samples=(),
        )
        self.timeline = self.timeline.append(cut)
        self.part_index += 1
        self.next_part_number += 1
        self.ticks += duration_ticks

    def close(self) -> None:
        self.timeline = self.timeline.append(SegmentClosed("video", self.next_msn))
        self.next_msn += 1

    def segment(self, *, is_discontinuous: bool = False, is_gap: bool = False) -> None:
        self.open(is_discontinuous=is_discontinuous)
        self.part(is_gap=is_gap)
        self.part(is_gap=is_gap)
        self.close()


HEAD = """\
#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=3.003,HOLD-BACK=6.0,CAN-SKIP-UNTIL=12.0
#EXT-X-PART-INF:PART-TARGET=1.001
"""


def test_first_segment_and_the_parts_of_the_second() -> None:
    cutter = Cutter()
    cutter.segment()
    cutter.open()
    cutter.part()

    text = render_media_playlist(cutter.timeline, [RenditionReport("audio", 2, 0)])

    assert text == HEAD + (
        "#EXT-X-MEDIA-SEQUENCE:1\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MAP:URI="init-1.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:20.123Z\n"
        '#EXT-X-PART:DURATION=1.001000,URI="part-1.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PART:DURATION=1.001000,URI="part-2.m4s"\n'
        "#EXTINF:2.002000,\n"
        "segment-1.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:22.125Z\n"
        '#EXT-X-PART:DURATION=1.001000,URI="part-3.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-4.m4s"\n'
        '#EXT-X-RENDITION-REPORT:URI="../audio/index.m3u8",LAST-MSN=2,LAST-PART=0\n'
    )
