"""Bit fields and NAL units."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.media.codecs.bits import BitReader
from ingest.media.codecs.errors import BitstreamError
from ingest.media.codecs.nal_unit import split_annex_b, unescape


def exp_golomb(value: int) -> str:
    digits = f"{value + 1:b}"
    return "0" * (len(digits) - 1) + digits


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**32 - 2), max_size=20))
def test_exp_golomb_numbers_are_read_as_written(values: list[int]) -> None:
    digits = "".join(map(exp_golomb, values)) + "1"
    digits += "0" * (-len(digits) % 8)
    reader = BitReader(int(digits, 2).to_bytes(len(digits) // 8, "big"))
    assert [reader.ue() for _ in values] == values


def test_signed_exp_golomb_numbers_alternate() -> None:
    reader = BitReader(bytes([0b1_010_011_0, 0b0100_0010, 0b1_0000000]))
    assert [reader.se() for _ in range(5)] == [0, 1, -1, 2, -2]


@pytest.mark.parametrize("count", [9, 64])
def test_reading_past_the_end_is_refused(count: int) -> None:
    with pytest.raises(BitstreamError, match="ends early"):
        BitReader(b"\xff").bits(count)
    with pytest.raises(BitstreamError, match="ends early"):
        BitReader(b"\xff").skip(count)


def test_an_endless_exp_golomb_prefix_is_refused() -> None:
    with pytest.raises(BitstreamError, match="32 bits"):
        BitReader(bytes(100)).ue()


def escape(rbsp: bytes) -> bytes:
    """Insert emulation prevention as an encoder does (H.264 7.4.1)."""
    escaped = bytearray()
    zeros = 0
    for byte in rbsp:
        if zeros >= 2 and byte <= 3:
            escaped.append(3)
            zeros = 0
        escaped.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(escaped)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 255]), max_size=60))
def test_emulation_prevention_is_undone(content: list[int]) -> None:
    rbsp = bytes(content)
    assert unescape(escape(rbsp)) == rbsp


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.binary(min_size=1, max_size=20), max_size=6),
    st.sampled_from([b"\x00\x00\x01", b"\x00\x00\x00\x01"]),
)
def test_annex_b_is_split_into_what_was_joined(units: list[bytes], start_code: bytes) -> None:
    # A NAL unit ends with a stop bit, so its last byte is not zero (H.264 7.4.1).
    escaped = [escape(b"\x65" + unit) + b"\x80" for unit in units]
    assert split_annex_b(b"".join(start_code + unit for unit in escaped)) == escaped
