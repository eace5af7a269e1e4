"""Chunks and AMF0 of the test publisher."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.rtmp_publisher import Message, MessageType, amf0
from tests.support.rtmp_publisher.chunk_reader import ChunkReader
from tests.support.rtmp_publisher.chunk_writer import ChunkWriter

messages = st.builds(
    Message,
    type_id=st.sampled_from([8, 9, 18, 20]),
    timestamp_ms=st.integers(0, 100_000) | st.integers(0, 2**32 - 1),
    payload=st.binary(max_size=300) | st.just(bytes(40)),
    message_stream_id=st.sampled_from([0, 1]),
)
chunk_streams = st.sampled_from([2, 3, 63, 64, 319, 320, 65_599])


@settings(deadline=None, max_examples=200)
@given(
    sent=st.lists(st.tuples(messages, chunk_streams), max_size=12),
    chunk_size=st.sampled_from([1, 128, 4096]),
    pieces=st.integers(1, 50),
    compresses=st.booleans(),
)
def test_messages_survive_chunks_of_any_form(
    sent: list[tuple[Message, int]], chunk_size: int, pieces: int, *, compresses: bool
) -> None:
    writer, reader = ChunkWriter(compresses_headers=compresses), ChunkReader()
    announcement = Message(MessageType.SET_CHUNK_SIZE, 0, chunk_size.to_bytes(4, "big"))
    wire = writer.write(announcement, 2)
    writer.chunk_size_bytes = chunk_size
    wire += b"".join(writer.write(message, chunk_stream) for message, chunk_stream in sent)
    read = []
    for start in range(0, len(wire), pieces):
        read += reader.receive(wire[start : start + pieces])
    assert [
        Message(m.type_id, m.timestamp_ms % 2**32, m.payload, m.message_stream_id) for m in read
    ] == [announcement, *(message for message, _ in sent)]


def test_headers_shrink_as_far_as_they_may() -> None:
    writer = ChunkWriter()
    times = [1000, 1020, 1040, 1060, 1081]
    wire = [writer.write(Message(8, time, b"x", 1), 4) for time in times]
    assert wire == [
        bytes.fromhex("04 0003e8 000001 08 01000000") + b"x",
        bytes.fromhex("84 000014") + b"x",
        bytes.fromhex("c4") + b"x",
        bytes.fromhex("c4") + b"x",
        bytes.fromhex("84 000015") + b"x",
    ]
    assert writer.write(Message(9, 1081, b"xy", 1), 4) == bytes.fromhex("44 000000 000002 09") + (
        b"xy"
    )


def test_extended_timestamps_are_repeated_or_not_on_continuations() -> None:
    message = Message(9, 0x01000000, bytes(129), 1)
    head = bytes.fromhex("06 ffffff 000081 09 01000000 01000000") + bytes(128)
    repeating = ChunkWriter(repeats_extended_timestamp=True).write(message, 6)
    assert repeating == head + bytes.fromhex("c6 01000000 00")
    sparing = ChunkWriter(repeats_extended_timestamp=False).write(message, 6)
    assert sparing == head + bytes.fromhex("c6 00")


def test_a_wrapped_timestamp_is_a_small_step() -> None:
    writer = ChunkWriter()
    writer.write(Message(8, 2**32 - 10, b"x", 1), 4)
    assert writer.write(Message(8, 11, b"x", 1), 4) == bytes.fromhex("84 000015") + b"x"


values: st.SearchStrategy[amf0.AmfValue] = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc", min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=10,
)


@settings(deadline=None, max_examples=100)
@given(st.lists(values, max_size=4))
def test_amf0_values_survive(sent: list[amf0.AmfValue]) -> None:
    assert amf0.decode(amf0.encode(*sent)) == sent


def test_long_texts_and_ecma_arrays_have_their_own_markers() -> None:
    text = "x" * 2**16
    written = amf0.encode(text, amf0.EcmaArray({"a": True}))
    assert written[0] == 0x0C
    assert written[5 + len(text) :] == bytes.fromhex("08 00000001 000161 0101 000009")
    assert amf0.decode(written) == [text, {"a": True}]
