"""Chunks of every form, against ChunkReader."""

import itertools
import tracemalloc
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.rtmp.chunk_reader import ChunkReader
from ingest.rtmp.chunk_writer import ChunkWriter
from ingest.rtmp.errors import ErrorCode, LocalProtocolError, RemoteProtocolError
from ingest.rtmp.limits import RtmpLimits
from ingest.rtmp.message import Message, MessageType
from tests.ingest.rtmp.encoder import ChunkEncoder, basic_header, set_chunk_size

AUDIO, VIDEO = MessageType.AUDIO, MessageType.VIDEO
TAIL = Message(AUDIO, 7, 1, b"tail")
TAIL_CHUNK = bytes.fromhex("05 000007 000004 08 01000000") + b"tail"


def read(data: bytes, limits: RtmpLimits | None = None) -> list[Message]:
    return ChunkReader(limits or RtmpLimits()).receive(data)


def read_bytewise(data: bytes) -> list[Message]:
    reader = ChunkReader(RtmpLimits())
    return list(
        itertools.chain.from_iterable(
            reader.receive(data[index : index + 1]) for index in range(len(data))
        )
    )


def expect(data: bytes, *messages: Message) -> None:
    """Feed whole, byte by byte, split once at every offset, and with a tail."""
    assert read(data) == list(messages)
    assert read_bytewise(data) == list(messages)
    for offset in range(min(len(data), 600)):
        reader = ChunkReader(RtmpLimits())
        got = reader.receive(data[:offset]) + reader.receive(data[offset:])
        assert got == list(messages)
    assert read(data + TAIL_CHUNK) == [*messages, TAIL]


VECTORS = {
    "type 0": (
        bytes.fromhex("04 0003e8 000003 09 01000000 aabbcc"),
        [Message(VIDEO, 1000, 1, b"\xaa\xbb\xcc")],
    ),
    "type 0 then 1, 2 and 3": (
        bytes.fromhex(
            "04 0003e8 000001 09 01000000 aa44 000014 000002 08 bbbb84 00001e ccccc4 dddd"
        ),
        [
            Message(VIDEO, 1000, 1, b"\xaa"),
            Message(AUDIO, 1020, 1, b"\xbb\xbb"),
            Message(AUDIO, 1050, 1, b"\xcc\xcc"),
            Message(AUDIO, 1080, 1, b"\xdd\xdd"),
        ],
    ),
    "type 3 after type 0 repeats its timestamp as the delta (5.3.1.2.4)": (
        bytes.fromhex("04 000015 000001 08 01000000 aa c4 bb c4 cc"),
        [
            Message(AUDIO, 21, 1, b"\xaa"),
            Message(AUDIO, 42, 1, b"\xbb"),
            Message(AUDIO, 63, 1, b"\xcc"),
        ],
    ),
    "type 1 first, as librtmp's pings": (
        bytes.fromhex("42 000000 000006 04 0006 0000002a"),
        [Message(MessageType.USER_CONTROL, 0, 0, bytes.fromhex("00060000002a"))],
    ),
    "message stream id is little-endian": (
        bytes.fromhex("04 000000 000001 09 01020304 aa"),
        [Message(VIDEO, 0, 0x04030201, b"\xaa")],
    ),
    "no payload": (
        bytes.fromhex("04 000000 000000 08 01000000 c4"),
        [Message(AUDIO, 0, 1, b""), Message(AUDIO, 0, 1, b"")],
    ),
    "two chunks of 128": (
        bytes.fromhex("04 000000 000082 09 01000000") + b"v" * 128 + b"\xc4" + b"v" * 2,
        [Message(VIDEO, 0, 1, b"v" * 130)],
    ),
    "extended timestamp": (
        bytes.fromhex("04 ffffff 000001 09 01000000 01000000 aa"),
        [Message(VIDEO, 0x01000000, 1, b"\xaa")],
    ),
    "extended timestamp that would have fitted": (
        bytes.fromhex("04 ffffff 000001 09 01000000 00ffffff aa"),
        [Message(VIDEO, 0xFFFFFF, 1, b"\xaa")],
    ),
    "extended delta wraps at 32 bits": (
        bytes.fromhex("04 ffffff 000001 09 01000000 fffffff0 aa")
        + bytes.fromhex("44 ffffff 000002 09 01000000 bbbb"),
        [Message(VIDEO, 0xFFFFFFF0, 1, b"\xaa"), Message(VIDEO, 0x00FFFFF0, 1, b"\xbb\xbb")],
    ),
    "extended timestamp repeated in type 3": (
        bytes.fromhex("04 ffffff 000082 09 01000000 01020304")
        + b"v" * 128
        + bytes.fromhex("c4 01020304")
        + b"vv",
        [Message(VIDEO, 0x01020304, 1, b"v" * 130)],
    ),
    "extended timestamp not repeated in type 3": (
        bytes.fromhex("04 ffffff 000082 09 01000000 01020304") + b"v" * 128 + b"\xc4" + b"vv",
        [Message(VIDEO, 0x01020304, 1, b"v" * 130)],
    ),
    "extended timestamp not repeated, payload begins as it would": (
        bytes.fromhex("04 ffffff 000088 09 01000000 01020304")
        + b"v" * 128
        + bytes.fromhex("c4 0102030511223344"),
        [Message(VIDEO, 0x01020304, 1, b"v" * 128 + bytes.fromhex("0102030511223344"))],
    ),
    "extended timestamp repeated with OBS's highest bit cleared": (
        bytes.fromhex("04 ffffff 000082 09 01000000 81020304")
        + b"v" * 128
        + bytes.fromhex("c4 01020304")
        + b"vv",
        [Message(VIDEO, 0x81020304, 1, b"v" * 130)],
    ),
    "extended delta repeated in type 3": (
        bytes.fromhex("04 000001 000001 09 01000000 aa")
        + bytes.fromhex("44 ffffff 000082 09 01000000")
        + b"v" * 128
        + bytes.fromhex("c4 01000000")
        + b"vv",
        [Message(VIDEO, 1, 1, b"\xaa"), Message(VIDEO, 0x01000001, 1, b"v" * 130)],
    ),
    "abort": (
        bytes.fromhex("04 000000 000082 09 01000000")
        + b"v" * 128
        + bytes.fromhex("02 000000 000004 02 00000000 00000004")
        + bytes.fromhex("04 000005 000001 09 01000000 aa"),
        [Message(VIDEO, 5, 1, b"\xaa")],
    ),
    "abort of nothing": (bytes.fromhex("02 000000 000004 02 00000000 00000009"), []),
    "a message begun in the middle of another": (
        bytes.fromhex("04 000000 000082 09 01000000")
        + b"v" * 128
        + bytes.fromhex("44 000005 000001 08 aa"),
        [Message(AUDIO, 5, 1, b"\xaa")],
    ),
    "interleaved chunk streams": (
        bytes.fromhex("04 000000 000082 09 01000000")
        + b"v" * 128
        + bytes.fromhex("06 000005 000081 08 01000000")
        + b"a" * 128
        + b"\xc4vv"
        + b"\xc6a",
        [Message(VIDEO, 0, 1, b"v" * 130), Message(AUDIO, 5, 1, b"a" * 129)],
    ),
    "type 1 with several chunks, then one with no payload": (
        bytes.fromhex("04 000000 000001 08 01000000 aa 44 000021 000102 09")
        + b"v" * 128
        + b"\xc4"
        + b"w" * 128
        + b"\xc4xx"
        + bytes.fromhex("44 000001 000000 08 44 000001 000100 09")
        + b"y" * 128
        + b"\xc4"
        + b"z" * 128,
        [
            Message(AUDIO, 0, 1, b"\xaa"),
            Message(VIDEO, 33, 1, b"v" * 128 + b"w" * 128 + b"xx"),
            Message(AUDIO, 34, 1, b""),
            Message(VIDEO, 35, 1, b"y" * 128 + b"z" * 128),
        ],
    ),
    "another chunk stream where a type 1 message would go on": (
        bytes.fromhex("04 000000 000001 09 01000000 aa 06 000000 000001 08 01000000 bb")
        + bytes.fromhex("44 000021 000082 09")
        + b"v" * 128
        + bytes.fromhex("46 000015 000001 08 cc c4")
        + b"vv",
        [
            Message(VIDEO, 0, 1, b"\xaa"),
            Message(AUDIO, 0, 1, b"\xbb"),
            Message(AUDIO, 21, 1, b"\xcc"),
            Message(VIDEO, 33, 1, b"v" * 130),
        ],
    ),
    "type 1 with an extended delta, then type 3": (
        bytes.fromhex("04 000001 000001 09 01000000 aa 44 ffffff 000001 08 01000000 bb")
        + bytes.fromhex("44 000002 000001 09 cc c4 dd"),
        [
            Message(VIDEO, 1, 1, b"\xaa"),
            Message(AUDIO, 0x01000001, 1, b"\xbb"),
            Message(VIDEO, 0x01000003, 1, b"\xcc"),
            Message(VIDEO, 0x01000005, 1, b"\xdd"),
        ],
    ),
    "type 1 in place of a message that is not complete": (
        bytes.fromhex("04 000000 000082 09 01000000")
        + b"v" * 128
        + bytes.fromhex("44 000005 000003 09 aabbcc"),
        [Message(VIDEO, 5, 1, b"\xaa\xbb\xcc")],
    ),
    "larger chunks in the middle of a message": (
        bytes.fromhex("04 000000 0000ff 09 01000000")
        + b"v" * 128
        + bytes.fromhex("02 000000 000004 01 00000000 00001000")
        + b"\xc4"
        + b"v" * 127,
        [Message(VIDEO, 0, 1, b"v" * 255)],
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_vector_reads_the_same_whole_bytewise_split_and_with_a_tail(name: str) -> None:
    data, messages = VECTORS[name]
    expect(data, *messages)


@pytest.mark.parametrize(
    ("csid", "form"),
    [(2, 1), (63, 1), (64, 2), (319, 2), (64, 3), (319, 3), (320, 3), (65599, 3)],
)
def test_every_basic_header_form_names_its_chunk_stream(csid: int, form: int) -> None:
    header = bytes.fromhex("000000 000081 09 01000000")
    data = (
        basic_header(0, csid, form=form) + header + b"v" * 128 + basic_header(3, csid, form=form)
    ) + b"v"
    expect(data, Message(VIDEO, 0, 1, b"v" * 129))


@pytest.mark.parametrize("chunk_size", [1, 128, 4096, 65536, 0xFFFFFF, 0x7FFFFFFF])
def test_messages_survive_every_chunk_size(chunk_size: int) -> None:
    encoder = ChunkEncoder()
    messages = [Message(VIDEO, ts, 1, bytes([ts % 251]) * (1 + 977 * ts)) for ts in range(0, 40, 7)]
    data = encoder.encode(2, set_chunk_size(chunk_size))
    data += b"".join(encoder.encode(4, message) for message in messages)
    assert read(data) == messages
    reader = ChunkReader(RtmpLimits())
    got = [
        message
        for start in range(0, len(data), 1448)
        for message in reader.receive(data[start : start + 1448])
    ]
    assert got == messages
    assert reader.progress_bytes == 0


@pytest.mark.parametrize("chunk_size", [0, 0x80000000, 0xFFFFFFFF])
def test_impossible_chunk_size_is_refused(chunk_size: int) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        read(ChunkEncoder().encode(2, set_chunk_size(chunk_size)))
    assert caught.value.code is ErrorCode.BAD_MESSAGE


@pytest.mark.parametrize("first", [0x84, 0xC4])
def test_chunk_that_refers_to_nothing_is_refused(first: int) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        read(bytes((first, 0, 0, 1)))
    assert caught.value.code is ErrorCode.BAD_CHUNK


def test_short_control_message_is_refused() -> None:
    with pytest.raises(RemoteProtocolError, match="expected 4 bytes, got 3"):
        read(bytes.fromhex("02 000000 000003 01 00000000 000010"))


def test_message_of_unknown_type_is_passed_on() -> None:
    assert read(bytes.fromhex("04 000000 000001 00 01000000 aa")) == [Message(0, 0, 1, b"\xaa")]


def test_peer_that_keeps_dropping_messages_is_refused() -> None:
    begun = bytes.fromhex("04 000000 000082 09 01000000") + b"v" * 128
    reader = ChunkReader(RtmpLimits(max_dropped_messages=3))
    for _ in range(4):
        assert reader.receive(begun) == []
    with pytest.raises(RemoteProtocolError):
        reader.receive(begun)


def test_claimed_lengths_on_a_thousand_chunk_streams_cost_no_memory() -> None:
    reader = ChunkReader(RtmpLimits())
    claim = bytes.fromhex("000000 a00000 09 01000000") + bytes(128)
    data = b"".join(basic_header(0, csid) + claim for csid in range(64, 1064))
    tracemalloc.start()
    with pytest.raises(RemoteProtocolError) as caught:
        reader.receive(data)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.code is ErrorCode.LIMIT_EXCEEDED
    assert peak_bytes < 100_000


def test_claim_of_16_mib_is_refused_at_once() -> None:
    with pytest.raises(RemoteProtocolError, match="at most 10485760 bytes, got 16777215"):
        read(bytes.fromhex("04 000000 ffffff 09 01000000"))


def test_long_command_is_refused_at_once() -> None:
    with pytest.raises(RemoteProtocolError, match="at most 65536 bytes, got 65537"):
        read(bytes.fromhex("04 000000 010001 14 01000000"))


def test_unfinished_messages_are_bounded_together() -> None:
    reader = ChunkReader(RtmpLimits(max_partial_bytes=100_000))
    encoder = ChunkEncoder()
    reader.receive(encoder.encode(2, set_chunk_size(30_000)))
    begun = bytes.fromhex("000000 00ffff 09 01000000") + bytes(30_000)
    for csid in (3, 4, 5):
        assert reader.receive(basic_header(0, csid) + begun) == []
    with pytest.raises(RemoteProtocolError, match="at most 100000 bytes of unfinished"):
        reader.receive(basic_header(0, 6) + begun)


@pytest.mark.parametrize("chunk_size", [1, 2, 65536])
def test_trickled_message_takes_little_more_memory_than_its_bytes(chunk_size: int) -> None:
    length = 50_000
    reader = ChunkReader(RtmpLimits())
    encoder = ChunkEncoder()
    reader.receive(encoder.encode(2, set_chunk_size(chunk_size)))
    data = encoder.encode(4, Message(VIDEO, 0, 1, bytes(range(250)) * (length // 250)))
    tracemalloc.start()
    for start in range(0, len(data) - 1, 2):
        reader.receive(data[start : min(start + 2, len(data) - 1)])
    held_bytes, _ = tracemalloc.get_traced_memory()
    assert reader.progress_bytes >= length - 2
    tracemalloc.stop()
    assert held_bytes < 2 * length
    (message,) = reader.receive(data[-1:])
    assert len(message.payload) == length


def messages_of(sizes: st.SearchStrategy[int]) -> st.SearchStrategy[Message]:
    timestamps = st.one_of(
        st.integers(0, 2**32 - 1), st.sampled_from([0, 0xFFFFFE, 0xFFFFFF, 0x1000000, 2**31])
    )
    return st.builds(
        lambda type_id, timestamp, msid, size, fill: Message(
            type_id, timestamp, msid, bytes([fill]) * size
        ),
        st.sampled_from([AUDIO, VIDEO]),
        timestamps,
        st.integers(0, 2**32 - 1),
        sizes,
        st.integers(0, 255),
    )


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(st.integers(2, 65599), messages_of(st.integers(0, 700))), max_size=12),
    st.integers(1, 800),
    st.integers(1, 500),
)
def test_reader_understands_the_writer(
    outbound: list[tuple[int, Message]], chunk_size: int, read_size: int
) -> None:
    writer = ChunkWriter()
    data = writer.write(2, set_chunk_size(chunk_size))
    writer.set_chunk_size(chunk_size)
    data += b"".join(writer.write(csid, message) for csid, message in outbound)
    reader = ChunkReader(RtmpLimits())
    got = [
        message
        for start in range(0, len(data), read_size)
        for message in reader.receive(data[start : start + read_size])
    ]
    assert got == [message for _, message in outbound]


def lane(encoder: ChunkEncoder, csid: int, messages: list[Message]) -> Iterator[bytes]:
    for message in messages:
        yield from encoder.chunks(csid, message)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.tuples(st.sampled_from([4, 6, 70, 400]), messages_of(st.sampled_from([0, 1, 130, 300]))),
        max_size=12,
    ),
    st.integers(1, 400),
    st.integers(1, 500),
    st.randoms(use_true_random=False),
)
def test_reader_understands_compressed_headers_on_interleaved_chunk_streams(
    outbound: list[tuple[int, Message]], chunk_size: int, read_size: int, random: Random
) -> None:
    encoder = ChunkEncoder()
    data = encoder.encode(2, set_chunk_size(chunk_size))
    by_csid: dict[int, list[Message]] = {}
    for csid, message in outbound:
        by_csid.setdefault(csid, []).append(message._replace(message_stream_id=1))
    lanes = {csid: lane(encoder, csid, messages) for csid, messages in by_csid.items()}
    while lanes:
        csid = random.choice(list(lanes))
        chunk = next(lanes[csid], None)
        if chunk is None:
            del lanes[csid]
        else:
            data += chunk
    reader = ChunkReader(RtmpLimits())
    got = [
        message
        for start in range(0, len(data), read_size)
        for message in reader.receive(data[start : start + read_size])
    ]
    assert sorted(got) == sorted(itertools.chain.from_iterable(by_csid.values()))


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=400), st.integers(1, 50))
def test_arbitrary_bytes_give_messages_or_a_protocol_error(data: bytes, read_size: int) -> None:
    limits = RtmpLimits(max_message_bytes=2000, max_command_bytes=2000, max_partial_bytes=1000)
    reader = ChunkReader(limits)
    try:
        for start in range(0, len(data), read_size):
            reader.receive(data[start : start + read_size])
            assert reader.progress_bytes <= limits.max_partial_bytes
    except RemoteProtocolError:
        pass


@pytest.mark.parametrize("csid", [1, 65600])
def test_writer_refuses_a_chunk_stream_id_that_does_not_exist(csid: int) -> None:
    with pytest.raises(LocalProtocolError):
        ChunkWriter().write(csid, TAIL)


@pytest.mark.parametrize("chunk_size", [0, 0x1000000])
def test_writer_refuses_a_chunk_size_that_does_not_exist(chunk_size: int) -> None:
    with pytest.raises(LocalProtocolError):
        ChunkWriter().set_chunk_size(chunk_size)


def test_writer_refuses_a_message_longer_than_its_length_field() -> None:
    with pytest.raises(LocalProtocolError):
        ChunkWriter().write(3, Message(VIDEO, 0, 1, bytes(0x1000000)))
