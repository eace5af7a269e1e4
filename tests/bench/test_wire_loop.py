import pytest

from bench.load.coded_show import AUDIO, QUALITIES, SCRIPT, VIDEO, CodedShow, Tag
from bench.load.wire_loop import wire_loop
from tests.support.rtmp_publisher.chunk_reader import ChunkReader

HEAD = (Tag(SCRIPT, 0, b"metadata"), Tag(VIDEO, 0, b"\x17\0configuration"))
MEDIA = (
    Tag(VIDEO, 0, b"\x17\x01" + bytes(300)),
    Tag(AUDIO, 0, b"\xaf\x01sound"),
    Tag(AUDIO, 21, b"\xaf\x01sound"),
    Tag(VIDEO, 33, b"\x27\x01" + bytes(100)),
    Tag(VIDEO, 7966, b"\x27\x01picture"),
)
SHOW = CodedShow(QUALITIES["720p30"], HEAD, MEDIA)


@pytest.mark.parametrize("chunk_bytes", [64, 4096])
@pytest.mark.parametrize("is_chunk_a_write", [True, False])
def test_turns_of_the_loop_follow_each_other_without_a_break(
    chunk_bytes: int, is_chunk_a_write: bool
) -> None:
    wire = wire_loop(
        SHOW, message_stream_id=1, chunk_bytes=chunk_bytes, is_chunk_a_write=is_chunk_a_write
    )
    reader = ChunkReader()
    reader.chunk_size_bytes = chunk_bytes
    turn = b"".join(piece for pieces in wire.writes for piece in pieces)
    messages = reader.receive(wire.head + turn * 3)
    assert [message.payload for message in messages] == [
        *(tag.body for tag in HEAD),
        *[tag.body for tag in MEDIA] * 3,
    ]
    # The first message of a turn comes 34 ms after the last one of the turn before.
    assert [message.timestamp_ms - 34 for message in messages[2:]] == [
        tag.timestamp_ms + 8000 * turn for turn in range(3) for tag in MEDIA
    ]
    assert {message.message_stream_id for message in messages} == {1}


def test_a_message_is_one_write_unless_chunks_are() -> None:
    whole = wire_loop(SHOW, message_stream_id=1, chunk_bytes=128, is_chunk_a_write=False)
    cut = wire_loop(SHOW, message_stream_id=1, chunk_bytes=128, is_chunk_a_write=True)
    assert [len(pieces) for pieces in whole.writes] == [1] * len(MEDIA)
    assert [len(pieces) for pieces in cut.writes] == [3, 1, 1, 1, 1]
    assert [b"".join(pieces) for pieces in cut.writes] == [pieces[0] for pieces in whole.writes]
