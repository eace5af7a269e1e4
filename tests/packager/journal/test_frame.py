"""Frames: whatever a killed process left of an index, all that is whole is read."""

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from packager.journal.frame import MAX_PAYLOAD_BYTES, Frame, damaged_at, pack_frame, read_frames

LENGTH_BYTES = 4  # how a frame begins

FRAMES = st.builds(Frame, st.integers(0, 255), st.integers(0, 2**64 - 1), st.binary(max_size=80))


@given(st.lists(FRAMES, max_size=8), st.data())
@settings(deadline=None)
def test_an_index_cut_anywhere_has_all_frames_before_the_cut(
    frames: list[Frame], data: st.DataObject
) -> None:
    packed = [pack_frame(*frame) for frame in frames]
    index = b"".join(packed)
    cut = data.draw(st.integers(0, len(index)))
    whole, end = 0, 0
    while whole < len(packed) and end + len(packed[whole]) <= cut:
        end += len(packed[whole])
        whole += 1
    assert list(read_frames(index[:cut])) == frames[:whole]
    assert damaged_at(index[:cut]) is None


@given(st.lists(FRAMES, min_size=1, max_size=4), st.data())
@settings(deadline=None)
def test_a_flipped_bit_ends_the_index_before_its_frame(
    frames: list[Frame], data: st.DataObject
) -> None:
    packed = [pack_frame(*frame) for frame in frames]
    index = bytearray(b"".join(packed))
    at = data.draw(st.integers(0, len(index) - 1))
    index[at] ^= 1 << data.draw(st.integers(0, 7))
    whole = 0
    while at >= sum(map(len, packed[: whole + 1])):
        whole += 1
    assert list(read_frames(bytes(index))) == frames[:whole]
    end = sum(map(len, packed[: whole + 1]))
    if end < len(index) or at >= len(index) - len(packed[whole]) + LENGTH_BYTES:
        assert damaged_at(bytes(index)) == end - len(packed[whole])


def test_what_was_written_behind_a_damaged_length_is_found() -> None:
    first, second = pack_frame(1, 7, b"first"), pack_frame(2, 8, b"second")
    longer = bytes((0, 0, 1, 0)) + first[LENGTH_BYTES:]
    assert damaged_at(longer + second) == 0
    assert damaged_at(longer) is None  # as if the rest of it had still to come


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_what_is_no_index_has_no_frames(junk: bytes) -> None:
    assert list(read_frames(junk)) == []


def test_a_length_that_no_frame_has_ends_the_index() -> None:
    head = struct.pack(">IBQI", MAX_PAYLOAD_BYTES + 1, 1, 0, 0)
    assert list(read_frames(head + bytes(MAX_PAYLOAD_BYTES + 1))) == []
