"""Show: a Publication fed with made-up parts, as the packager would feed it with real ones."""

from ingest.media import AudioFormat, Codec, Track, VideoFormat
from packager.cadence import Cadence
from packager.live import Publication, WindowSettings
from packager.segmenter.change import (
    CadenceChosen,
    InitChanged,
    PartCut,
    SegmentClosed,
    SegmentOpened,
)

VIDEO = Track(
    name="video",
    track_id=0,
    codec=Codec.AVC,
    timescale=90_000,
    decoder_configuration=bytes.fromhex("0164001fffe100046764001f01000368ee3c"),
    video=VideoFormat(width_px=1280, height_px=720),
)
AUDIO = Track(
    name="audio",
    track_id=0,
    codec=Codec.AAC,
    timescale=48_000,
    decoder_configuration=bytes.fromhex("1190"),
    audio=AudioFormat(sample_rate_hz=48_000, channel_count=2, samples_per_frame=1024),
)
PARTS_PER_SEGMENT = 4


class Show:
    """Video and audio in lock-step: parts of half a second, segments of two seconds.

    The bytes of a part say which one it is, and are `part_bytes` long.
    """

    def __init__(
        self, channel: str = "ada", epoch: str = "e1", *, part_bytes: int = 4_000, tracks: int = 2
    ) -> None:
        self.publication = Publication(channel, epoch, 1_790_000_000_000, WindowSettings())
        self.tracks = (VIDEO, AUDIO)[:tracks]
        self.part_bytes = part_bytes
        self.msn = 1
        self.index = 0
        self.number = 1
        self.publication.apply(CadenceChosen(Cadence(target_duration_s=2, part_target_ms=500)))
        for track in self.tracks:
            self.publication.apply(InitChanged(track.name, 1, track), self.init_body(track.name))

    def init_body(self, rendition: str) -> bytes:
        return f"init of {rendition}".encode()

    def part_body(self, rendition: str, number: int) -> bytes:
        mark = f"{rendition} {number}|".encode()
        return (mark * (self.part_bytes // len(mark) + 1))[: self.part_bytes]

    def segment_body(self, rendition: str, msn: int) -> bytes:
        first = (msn - 1) * PARTS_PER_SEGMENT + 1
        return b"".join(
            self.part_body(rendition, number) for number in range(first, first + PARTS_PER_SEGMENT)
        )

    def add_part(self, *, is_gap: bool = False) -> None:
        """Publish the next part of every rendition, with the segment boundaries around it."""
        for track in self.tracks:
            name, ticks = track.name, track.timescale // 2
            if self.index == 0:
                start_unix_ms = 1_790_000_000_000 + (self.msn - 1) * 2000
                self.publication.apply(SegmentOpened(name, self.msn, start_unix_ms, False, 1))
            self.publication.apply(
                PartCut(
                    rendition=name,
                    msn=self.msn,
                    index=self.index,
                    number=self.number,
                    decode_time_ticks=10 * track.timescale + (self.number - 1) * ticks,
                    duration_ticks=ticks,
                    is_independent=self.index == 0 and not is_gap,
                    is_gap=is_gap,
                    samples=(),
                ),
                self.part_body(name, self.number),
            )
            if self.index == PARTS_PER_SEGMENT - 1:
                self.publication.apply(SegmentClosed(name, self.msn))
        self.number += 1
        self.index += 1
        if self.index == PARTS_PER_SEGMENT:
            self.msn, self.index = self.msn + 1, 0

    def add_segments(self, count: int) -> None:
        """Publish whole segments; call it between two."""
        for _ in range(count * PARTS_PER_SEGMENT):
            self.add_part()
