"""AMF0 and the AMF3 inside it."""

import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.rtmp.amf import UNDEFINED, AmfDate, AmfValue
from ingest.rtmp.amf0 import decode_values, encode_values
from ingest.rtmp.errors import ErrorCode, LocalProtocolError, RemoteProtocolError
from ingest.rtmp.limits import RtmpLimits

LIMITS = RtmpLimits()
ONE = "00 3ff0000000000000"

AMF0_VECTORS: dict[str, tuple[str, list[AmfValue]]] = {
    "number": (ONE, [1.0]),
    "booleans": ("01 00 01 01 01 02", [False, True, True]),
    "string": ("02 0003 616263", ["abc"]),
    "string that is no UTF-8": ("02 0002 e9ff", ["\ufffd\ufffd"]),
    "object": (f"03 0001 61 {ONE} 0001 62 05 000009", [{"a": 1.0, "b": None}]),
    "object with an empty name": (f"03 0000 {ONE} 000009", [{"": 1.0}]),
    "object without its end": (f"03 0001 61 {ONE}", [{"a": 1.0}]),
    "object with half its end": (f"03 0001 61 {ONE} 0000", [{"a": 1.0}]),
    "null, undefined, unsupported": ("05 06 0d", [None, UNDEFINED, UNDEFINED]),
    "reference": ("07 0000", [UNDEFINED]),
    "ECMA array that counts wrong": (f"08 00000014 0001 61 {ONE} 000009", [{"a": 1.0}]),
    "ECMA array that counts nothing": (f"08 00000000 0001 61 {ONE} 000009", [{"a": 1.0}]),
    "strict array": (f"0a 00000002 {ONE} 05", [[1.0, None]]),
    "date": ("0b 42700000000000000000", [AmfDate(float(2**40), 0)]),
    "long string": ("0c 00000003 616263", ["abc"]),
    "XML": ("0f 00000004 3c612f3e", ["<a/>"]),
    "typed object": (f"10 0001 43 0001 61 {ONE} 000009", [{"a": 1.0}]),
}

AMF3_VECTORS: dict[str, tuple[str, AmfValue]] = {
    "undefined": ("00", UNDEFINED),
    "null": ("01", None),
    "false": ("02", False),
    "true": ("03", True),
    "integer of 1 byte": ("04 7f", 127.0),
    "integer of 2 bytes": ("04 8100", 128.0),
    "integer of 3 bytes": ("04 818000", 16384.0),
    "integer of 4 bytes": ("04 bfffffff", 268435455.0),
    "negative integer": ("04 ffffffff", -1.0),
    "double": ("05 3ff0000000000000", 1.0),
    "string": ("06 07 616263", "abc"),
    "XML document": ("07 09 3c612f3e", "<a/>"),
    "XML": ("0b 09 3c612f3e", "<a/>"),
    "date": ("08 01 4270000000000000", AmfDate(float(2**40))),
    "reference to a date": ("08 00", UNDEFINED),
    "dense array": ("09 05 01 04 05 03", [5.0, True]),
    "array with names": ("09 03 03 61 04 01 01 04 02", {"a": 1.0, "0": 2.0}),
    "reference to an array": ("09 00", UNDEFINED),
    "byte array": ("0c 05 aabb", b"\xaa\xbb"),
    "reference to bytes": ("0c 00", UNDEFINED),
    "reference to XML": ("07 00", UNDEFINED),
    "dynamic object": ("0a 0b 01 03 61 04 01 01", {"a": 1.0}),
    "sealed object": ("0a 13 03 43 03 61 04 01", {"a": 1.0}),
    "reference to an object": ("0a 00", UNDEFINED),
    "string by reference": ("09 05 01 06 07 616263 06 00", ["abc", "abc"]),
    "traits by reference": ("09 05 01 0a 13 01 03 61 04 01 0a 01 04 02", [{"a": 1.0}, {"a": 2.0}]),
}


@pytest.mark.parametrize("name", AMF0_VECTORS)
def test_amf0_vector_is_read(name: str) -> None:
    body, values = AMF0_VECTORS[name]
    assert decode_values(bytes.fromhex(body), LIMITS) == values


@pytest.mark.parametrize("name", AMF0_VECTORS)
def test_amf0_vector_is_read_with_a_tail(name: str) -> None:
    body, values = AMF0_VECTORS[name]
    tail = "05" if "end" not in name else ""
    assert decode_values(bytes.fromhex(body + tail), LIMITS) == values + [None] * bool(tail)


@pytest.mark.parametrize("name", ["number", "string", "strict array", "date", "long string", "XML"])
def test_amf0_vector_is_refused_wherever_it_is_cut(name: str) -> None:
    data = bytes.fromhex(AMF0_VECTORS[name][0])
    for end in range(1, len(data)):
        with pytest.raises(RemoteProtocolError):
            decode_values(data[:end], LIMITS)


@pytest.mark.parametrize("name", AMF3_VECTORS)
def test_amf3_vector_is_read_as_one_value_among_amf0(name: str) -> None:
    body, value = AMF3_VECTORS[name]
    data = bytes.fromhex("11" + body)
    assert decode_values(data + b"\x05", LIMITS) == [value, None]
    for end in range(1, len(data)):
        with pytest.raises(RemoteProtocolError):
            decode_values(data[:end], LIMITS)


@pytest.mark.parametrize(
    "body",
    [
        "11 0a 05",
        "11 0a 07 01",
        "11 06 ff ff ff ff",
        "04",
        "0e",
        "12",
        "ff",
        "00 3ff0",
        "02 0005 61",
        "0a ffffffff",
        "110d",
        "11 06 04",
    ],
)
def test_what_is_no_amf_is_refused(body: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        decode_values(bytes.fromhex(body), LIMITS)
    assert caught.value.code is ErrorCode.BAD_AMF


@pytest.mark.parametrize("number", ["7ff8000000000000", "7ff0000000000000", "fff0000000000000"])
def test_numbers_that_are_none_are_read(number: str) -> None:
    (value,) = decode_values(bytes.fromhex("00" + number), LIMITS)
    assert isinstance(value, float)
    assert not math.isfinite(value)


@pytest.mark.parametrize(
    "level", ["03 0001 61", "08 00000000 0001 61", "0a 00000001", "10 0000 0001 61"]
)
def test_amf0_depth_is_bounded(level: str) -> None:
    depth = LIMITS.max_amf_depth
    assert decode_values(bytes.fromhex(level * depth + "05"), LIMITS)
    with pytest.raises(RemoteProtocolError) as caught:
        decode_values(bytes.fromhex(level * (depth + 1) + "05"), LIMITS)
    assert caught.value.code is ErrorCode.LIMIT_EXCEEDED


@pytest.mark.parametrize("level", ["09 03 01", "0a 0b 01 03 61"])
def test_amf3_depth_is_bounded(level: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        decode_values(bytes.fromhex("11" + level * 20_000 + "01"), LIMITS)
    assert caught.value.code is ErrorCode.LIMIT_EXCEEDED


def test_value_count_is_bounded() -> None:
    limits = RtmpLimits(max_amf_values=10)
    assert decode_values(b"\x05" * 10, limits) == [None] * 10
    with pytest.raises(RemoteProtocolError) as caught:
        decode_values(b"\x05" * 11, limits)
    assert caught.value.code is ErrorCode.LIMIT_EXCEEDED


def test_trait_names_are_bounded() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        decode_values(bytes.fromhex("11 0a ffffffe3") + b"\x01" * 10_000, LIMITS)
    assert caught.value.code is ErrorCode.LIMIT_EXCEEDED


def test_array_count_is_not_trusted_with_memory() -> None:
    with pytest.raises(RemoteProtocolError):
        decode_values(bytes.fromhex("0a ffffffff 05 05"), LIMITS)


def test_bytes_cannot_be_written_as_amf0() -> None:
    with pytest.raises(LocalProtocolError):
        encode_values(b"")


def test_long_names_cannot_be_written_as_amf0() -> None:
    with pytest.raises(LocalProtocolError):
        encode_values({"n" * 65536: 1.0})


AMF_VALUES: st.SearchStrategy[AmfValue] = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.text(max_size=30)
    | st.just(UNDEFINED)
    | st.builds(AmfDate, st.floats(allow_nan=False), st.integers(-720, 720)),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=100)
@given(st.lists(AMF_VALUES, max_size=5))
def test_amf0_reads_what_it_writes(values: list[AmfValue]) -> None:
    assert decode_values(encode_values(*values), LIMITS) == values


def test_long_text_survives() -> None:
    text = "ü" * 40_000
    assert decode_values(encode_values(text), LIMITS) == [text]


@settings(deadline=None, max_examples=400)
@given(
    st.lists(
        st.binary(max_size=12)
        | st.sampled_from(
            [bytes.fromhex(body) for body, _ in AMF0_VECTORS.values()]
            + [bytes.fromhex("11" + body) for body, _ in AMF3_VECTORS.values()]
            + [b"\x11\x0a\x0b\x01", b"\x0a\x00\x00\x00\x02", b"\x03\x00\x01a"]
        ),
        max_size=12,
    )
)
def test_arbitrary_bytes_give_values_or_a_protocol_error(pieces: list[bytes]) -> None:
    try:
        values = decode_values(b"".join(pieces), RtmpLimits(max_amf_values=50))
    except RemoteProtocolError:
        return
    assert len(repr(values)) < 100_000


def test_numbers_are_written_big_endian() -> None:
    assert encode_values(1.5) == b"\x00" + struct.pack(">d", 1.5)
