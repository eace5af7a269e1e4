"""Fragments: what goes in comes out of an independent reader, in as few bytes as may be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.media import Codec
from packager.cmaf import FragmentError, ProducerReferenceTime, ReferenceMoment, write_fragment
from packager.segmenter.change import FragmentSample
from tests.packager.cmaf.mp4_reader import boxes, find, read_fragment
from tests.packager.cmaf.tracks import bare_track

VIDEO = bare_track(Codec.AVC, b"")
AUDIO = bare_track(Codec.AAC, b"")
SYNC_FLAGS, NON_SYNC_FLAGS = 0x02000000, 0x01010000

samples = st.builds(
    FragmentSample,
    duration_ticks=st.sampled_from([1024, 3000]) | st.integers(1, 2**32 - 1),
    composition_offset_ticks=st.just(0) | st.integers(-(2**31), 2**31 - 1),
    is_sync=st.booleans(),
    payload=st.binary(max_size=40),
)


def _trun(content: bytes) -> bytes:
    return find(content, b"moof", b"traf", b"trun")


def _trun_flags(content: bytes) -> int:
    return int.from_bytes(_trun(content)[1:4], "big")


def _pictures(*sync: bool, offsets: tuple[int, ...] = ()) -> list[FragmentSample]:
    padded = offsets or (0,) * len(sync)
    return [
        FragmentSample(3000, offset, is_sync, b"x" * (index + 1))
        for index, (is_sync, offset) in enumerate(zip(sync, padded, strict=True))
    ]


@settings(deadline=None, max_examples=300)
@given(
    written=st.lists(samples, min_size=1, max_size=12),
    sequence_number=st.integers(0, 2**32 - 1),
    decode_time=st.integers(0, 2**64 - 1),
    starts_segment=st.booleans(),
    has_prft=st.booleans(),
)
def test_every_sample_survives_writing_and_reading(
    written: list[FragmentSample],
    sequence_number: int,
    decode_time: int,
    *,
    starts_segment: bool,
    has_prft: bool,
) -> None:
    prft = ProducerReferenceTime(0, decode_time) if has_prft else None
    content = write_fragment(
        sequence_number, VIDEO, decode_time, written, prft=prft, starts_segment=starts_segment
    )
    fragment = read_fragment(content)
    assert fragment.sequence_number == sequence_number
    assert fragment.decode_time == decode_time
    assert fragment.track_id == 1
    assert [
        FragmentSample(sample.duration, sample.composition_offset, sample.is_sync, sample.payload)
        for sample in fragment.samples
    ] == written
    assert {sample.flags for sample in fragment.samples} <= {SYNC_FLAGS, NON_SYNC_FLAGS}
    leading = [box.kind for box in fragment.leading]
    assert leading == [b"styp"] * starts_segment + [b"prft"] * has_prft


def test_audio_needs_only_the_sizes() -> None:
    part = [FragmentSample(1024, 0, is_sync=True, payload=bytes(300 + i)) for i in range(3)]
    content = write_fragment(1, AUDIO, 0, part)
    assert _trun_flags(content) == 0x000201
    assert len(_trun(content)) == 4 + 8 + 3 * 4


def test_equal_sizes_are_said_once() -> None:
    part = [FragmentSample(1536, 0, is_sync=True, payload=bytes(768))] * 5
    content = write_fragment(1, AUDIO, 0, part)
    assert _trun_flags(content) == 0x000001
    assert len(_trun(content)) == 4 + 8


def test_a_part_that_starts_with_its_only_keyframe_marks_the_first_sample() -> None:
    content = write_fragment(1, VIDEO, 0, _pictures(True, False, False))
    assert _trun_flags(content) == 0x000205
    assert [s.flags for s in read_fragment(content).samples] == [
        SYNC_FLAGS,
        NON_SYNC_FLAGS,
        NON_SYNC_FLAGS,
    ]


def test_a_keyframe_amid_a_part_marks_each_sample() -> None:
    content = write_fragment(1, VIDEO, 0, _pictures(False, True, False))
    assert _trun_flags(content) == 0x000601


def test_a_part_without_keyframe_marks_no_sample() -> None:
    content = write_fragment(1, VIDEO, 0, _pictures(False, False))
    assert _trun_flags(content) == 0x000201
    assert not any(sample.is_sync for sample in read_fragment(content).samples)


@pytest.mark.parametrize(("offsets", "version"), [((6000, 0), 0), ((0, -3000), 1)])
def test_only_negative_composition_offsets_need_version_1(
    offsets: tuple[int, ...], version: int
) -> None:
    content = write_fragment(1, VIDEO, 0, _pictures(True, False, offsets=offsets))
    fragment = read_fragment(content)
    assert fragment.trun_version == version
    assert tuple(sample.composition_offset for sample in fragment.samples) == offsets


def test_a_segment_begins_with_its_type() -> None:
    content = write_fragment(1, AUDIO, 0, _pictures(True), starts_segment=True)
    first, *_ = boxes(content)
    assert first == (b"styp", 0, b"msdh" + bytes(4) + b"msdhcmfs")


def test_reference_time_counts_from_1900_and_stands_before_the_moof() -> None:
    reference = ProducerReferenceTime(1_700_000_000_500, 900_000, ReferenceMoment.CAPTURED)
    content = write_fragment(1, VIDEO, 900_000, _pictures(True), prft=reference)
    assert [box.kind for box in boxes(content)] == [b"prft", b"moof", b"mdat"]
    prft = find(content, b"prft")
    assert prft[:8] == bytes.fromhex("0100001800000001")
    assert int.from_bytes(prft[8:12], "big") == 1_700_000_000 + 2_208_988_800
    assert prft[12:16] == b"\x80\0\0\0"
    assert int.from_bytes(prft[16:], "big") == 900_000


@pytest.mark.parametrize(
    ("sequence_number", "decode_time", "part"),
    [
        (1, 0, []),
        (1, -1, _pictures(True)),
        (1, 2**64, _pictures(True)),
        (-1, 0, _pictures(True)),
        (2**32, 0, _pictures(True)),
        (1, 0, [FragmentSample(0, 0, is_sync=True, payload=b"")]),
        (1, 0, [FragmentSample(2**32, 0, is_sync=True, payload=b"")]),
        (1, 0, [FragmentSample(1, 2**32, is_sync=True, payload=b"")]),
        (1, 0, [FragmentSample(1, -(2**31) - 1, is_sync=True, payload=b"")]),
        (1, 0, _pictures(True, True, offsets=(-1, 2**31))),
    ],
)
def test_what_has_no_room_in_a_fragment_is_our_error(
    sequence_number: int, decode_time: int, part: list[FragmentSample]
) -> None:
    with pytest.raises(FragmentError, match="expected"):
        write_fragment(sequence_number, VIDEO, decode_time, part)


def test_a_reference_time_before_1900_is_our_error() -> None:
    reference = ProducerReferenceTime(-(10**13), 0)
    with pytest.raises(FragmentError, match="expected"):
        write_fragment(1, VIDEO, 0, _pictures(True), prft=reference)


def test_each_payload_stands_in_the_mdat_once_and_in_order() -> None:
    part = _pictures(True, False, False)
    content = write_fragment(7, VIDEO, 0, part)
    assert find(content, b"mdat") == b"".join(sample.payload for sample in part)
