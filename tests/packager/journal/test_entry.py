"""Entries: what is written is what is read."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.media import AudioFormat, Codec, ColorDescription, Track, VideoFormat
from packager.cadence import Cadence
from packager.dash import PeriodMemory, PresentationMemory
from packager.journal.entry import (
    Begun,
    Content,
    Ended,
    Entry,
    EntryWriter,
    Interrupted,
    Kind,
    Place,
    RenditionBase,
    Resumed,
    StoredInit,
    StoredPart,
    WindowBegun,
    WindowEnded,
    read_entries,
)
from packager.journal.errors import UnreadableError
from packager.journal.frame import Frame, pack_frame, read_frames
from packager.segmenter import CadenceChosen, InitChanged, PartCut, SegmentClosed, SegmentOpened

VIDEO = Track(
    "video",
    0,
    Codec.HEVC,
    90_000,
    b"\x01\x02",
    video=VideoFormat(
        3840,
        2160,
        sample_aspect=(4, 3),
        frame_rate=Fraction(60_000, 1001),
        bit_depth=10,
        color=ColorDescription(9, 16, 9, full_range=True),
        mastering_display=bytes(24),
        content_light_level=b"abcd",
    ),
    bitrate_bps=8_000_000,
)
AUDIO = Track("audio-1", 1, Codec.OPUS, 48_000, b"OpusHead", audio=AudioFormat(48_000, 2, 0))
CUT = PartCut("video", 3, 1, 14, 2**40, 30_000, is_independent=True, is_gap=False, samples=())
MEMORY = PresentationMemory(
    1_790_000_060_000,
    (
        PeriodMemory(1, (Fraction(10, 3), 1_790_000_000_000), 1656, {"video": 8}),
        PeriodMemory(9, None, None, {}),
    ),
    {"video": 1},
)
CONTENTS: list[Content] = [
    Begun("studio", "18f-abcdef", 1_790_000_000_000),
    CadenceChosen(Cadence(2, 344)),
    WindowBegun(2, (RenditionBase("video", 31, 9_000_000, 16_000_000, is_independent=False),)),
    StoredInit(InitChanged("video", 1, VIDEO), b"ftyp and moov"),
    StoredInit(InitChanged("audio-1", 1, AUDIO), b""),
    SegmentOpened("video", 3, -5, is_discontinuous=True, init_number=1),
    StoredPart(CUT, Place(3, 4_000_000, 167_000)),
    StoredPart(CUT, None),
    SegmentClosed("audio-1", 3),
    WindowEnded(4, 99, MEMORY),
    Interrupted(stopped=True),
    Interrupted(stopped=False),
    Resumed(),
    Ended(),
]


def written(contents: list[Content]) -> bytes:
    writer = EntryWriter()
    return b"".join(writer.write(content, 7_000 + at) for at, content in enumerate(contents))


def test_every_entry_is_read_as_it_was_written() -> None:
    entries = list(read_entries(read_frames(written(CONTENTS))))
    assert entries == [Entry(7_000 + at, content) for at, content in enumerate(CONTENTS)]


def test_another_version_is_not_read() -> None:
    index = EntryWriter().write(Begun("studio", "18f-abcdef", 0, version=99), 0)
    with pytest.raises(UnreadableError, match="version 99"):
        list(read_entries(read_frames(index)))


@given(st.integers(0, 255), st.binary(max_size=60))
@settings(deadline=None, max_examples=300)
def test_what_nobody_wrote_is_unreadable_and_nothing_worse(kind: int, payload: bytes) -> None:
    frames: list[Frame] = list(read_frames(pack_frame(kind, 0, payload)))
    try:
        entries = list(read_entries(frames))
    except UnreadableError:
        return
    assert len(entries) == 1


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (Kind.BEGUN, b"5"),
        (Kind.BEGUN, b"[" * 100_000),
        (Kind.BEGUN, b'{"version":1}'),
        (Kind.WINDOW_BEGUN, b'{"discontinuity_count":0,"renditions":[7]}'),
        (Kind.WINDOW_ENDED, b'{"presentation":{"periods":[{"anchor":[1,0,5]}]}}'),
        (Kind.PART, bytes(3)),
    ],
)
def test_values_that_are_none_are_unreadable(kind: Kind, payload: bytes) -> None:
    with pytest.raises(UnreadableError):
        list(read_entries(read_frames(pack_frame(kind, 0, payload))))
