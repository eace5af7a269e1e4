"""Ranges over bodies in pieces, as pure functions."""

from hypothesis import given, settings
from hypothesis import strategies as st

from distribution.byte_range import ByteRange, Unsatisfiable, parse_range, slice_chunks


@settings(deadline=None)
@given(st.lists(st.binary(max_size=20), max_size=6), st.data())
def test_slice_of_pieces_is_the_slice_of_their_whole(
    chunks: list[bytes], data: st.DataObject
) -> None:
    whole = b"".join(chunks)
    first = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(first, len(whole)))
    sliced = slice_chunks(chunks, ByteRange(first, end))
    assert b"".join(sliced) == whole[first:end]


def test_piece_that_lies_within_the_range_is_not_copied() -> None:
    chunks = [b"aaaa", b"bbbb", b"cccc"]
    sliced = slice_chunks(chunks, ByteRange(2, 10))
    assert sliced[1] is chunks[1]


@settings(deadline=None)
@given(st.text(max_size=40), st.integers(0, 1000))
def test_any_text_is_a_range_within_the_length_or_none(header: str, length: int) -> None:
    match parse_range(header, length):
        case ByteRange(first, end):
            assert 0 <= first < end <= length
        case Unsatisfiable() | None:
            pass


@settings(deadline=None)
@given(st.from_regex(r"bytes=[0-9]{0,4}-[0-9]{0,4}", fullmatch=True), st.integers(0, 1000))
def test_any_well_formed_range_lies_within_the_length(header: str, length: int) -> None:
    wanted = parse_range(header, length)
    if isinstance(wanted, ByteRange):
        assert 0 <= wanted.first < wanted.end <= length
