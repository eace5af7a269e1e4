"""WireLoop: a coded show as RTMP chunks that can be sent for ever without being changed.

All headers but the first carry time differences, never times, so that the bytes of one turn of
the loop are those of every other turn, and of every connection. Source: RTMP 1.0, 5.3.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.load.coded_show import LOOP_S, CodedShow, Tag

# librtmp, and so OBS, sends all media on this chunk stream.
MEDIA_CHUNK_STREAM = 4


@dataclass(frozen=True, slots=True)
class WireLoop:
    """What one publisher sends after its publish was accepted.

    `head` once; then `writes[i]`, one tuple of bytes for each message, at `due_s[i]` after the
    start of the turn; a turn takes `period_s`. A tuple is what the socket is given at one time.
    """

    head: bytes
    due_s: tuple[float, ...]
    writes: tuple[tuple[bytes, ...], ...]
    period_s: float = LOOP_S


def wire_loop(
    show: CodedShow, *, message_stream_id: int, chunk_bytes: int, is_chunk_a_write: bool
) -> WireLoop:
    """Chunk a show for one message stream. Encoders differ in whether a chunk is a write."""
    loop_ms = LOOP_S * 1000
    head = b"".join(
        b"".join(chunks(_full_header(tag, message_stream_id), tag.body, chunk_bytes))
        for tag in show.head
    )
    writes = []
    for index, tag in enumerate(show.media):
        before = show.media[index - 1]
        delta_ms = (tag.timestamp_ms - before.timestamp_ms) % loop_ms
        pieces = chunks(_delta_header(tag, delta_ms), tag.body, chunk_bytes)
        writes.append(tuple(pieces) if is_chunk_a_write else (b"".join(pieces),))
    return WireLoop(head, tuple(tag.timestamp_ms / 1000 for tag in show.media), tuple(writes))


def chunks(header: bytes, body: bytes, chunk_bytes: int) -> Sequence[bytes]:
    """Cut a message into chunks behind their headers: a given one, then those of type 3."""
    continuation = bytes((0xC0 | MEDIA_CHUNK_STREAM,))
    return [
        (continuation if start else header) + body[start : start + chunk_bytes]
        for start in range(0, max(1, len(body)), chunk_bytes)
    ]


def _full_header(tag: Tag, message_stream_id: int) -> bytes:
    return (
        bytes((MEDIA_CHUNK_STREAM,))
        + tag.timestamp_ms.to_bytes(3, "big")
        + len(tag.body).to_bytes(3, "big")
        + bytes((tag.type_id,))
        + message_stream_id.to_bytes(4, "little")
    )


def _delta_header(tag: Tag, delta_ms: int) -> bytes:
    return (
        bytes((0x40 | MEDIA_CHUNK_STREAM,))
        + delta_ms.to_bytes(3, "big")
        + len(tag.body).to_bytes(3, "big")
        + bytes((tag.type_id,))
    )
