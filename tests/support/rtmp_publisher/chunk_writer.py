"""Writing messages as chunks (RTMP 1.0, 5.3.1), with every liberty that encoders take."""

from dataclasses import dataclass

from tests.support.rtmp_publisher.message import Message

DEFAULT_CHUNK_SIZE_BYTES = 128
_EXTENDED = 0xFFFFFF


@dataclass(slots=True)
class _Previous:
    """What the last header on a chunk stream said, and so what the next one may leave out."""

    message: Message
    delta_ms: int | None  # None after a full header


class ChunkWriter:
    """Turns messages into chunks.

    `compresses_headers`: leave out what is as in the message before (types 1, 2 and 3), else each
    message gets a full header. `repeats_extended_timestamp`: write it on type 3 chunks too, as
    Adobe and OBS do and some old forks of librtmp do not.
    """

    def __init__(
        self, *, compresses_headers: bool = True, repeats_extended_timestamp: bool = True
    ) -> None:
        self.chunk_size_bytes = DEFAULT_CHUNK_SIZE_BYTES
        self._compresses_headers = compresses_headers
        self._repeats_extended_timestamp = repeats_extended_timestamp
        self._previous: dict[int, _Previous] = {}

    def write(self, message: Message, chunk_stream_id: int) -> bytes:
        """Write all chunks of one message."""
        chunk_type, timestamp_field_ms = self._choose_header(message, chunk_stream_id)
        length_and_type = len(message.payload).to_bytes(3, "big") + bytes((message.type_id,))
        timestamp = min(timestamp_field_ms, _EXTENDED).to_bytes(3, "big")
        header = (
            timestamp + length_and_type + message.message_stream_id.to_bytes(4, "little"),
            timestamp + length_and_type,
            timestamp,
            b"",
        )[chunk_type]
        extended = timestamp_field_ms.to_bytes(4, "big") if timestamp_field_ms >= _EXTENDED else b""
        continuation = _basic_header(3, chunk_stream_id)
        if self._repeats_extended_timestamp:
            continuation += extended

        size = self.chunk_size_bytes
        written = [_basic_header(chunk_type, chunk_stream_id), header, extended]
        written.append(message.payload[:size])
        for start in range(size, len(message.payload), size):
            written += (continuation, message.payload[start : start + size])
        return b"".join(written)

    def _choose_header(self, message: Message, chunk_stream_id: int) -> tuple[int, int]:
        """Choose the shortest chunk type that is true; give it and its timestamp field."""
        previous = self._previous.get(chunk_stream_id)
        chunk_type, field_ms, delta_ms = 0, message.timestamp_ms, None
        if previous is not None and self._compresses_headers:
            before = previous.message
            step_ms = (message.timestamp_ms - before.timestamp_ms) % 2**32
            if message.message_stream_id == before.message_stream_id and step_ms < 2**31:
                is_alike = (len(message.payload), message.type_id) == (
                    len(before.payload),
                    before.type_id,
                )
                chunk_type, field_ms, delta_ms = 1, step_ms, step_ms
                if is_alike:
                    chunk_type = 3 if step_ms == previous.delta_ms else 2
        self._previous[chunk_stream_id] = _Previous(message, delta_ms)
        return chunk_type, field_ms


def _basic_header(chunk_type: int, chunk_stream_id: int) -> bytes:
    """Write the basic header in its shortest form (5.3.1.1)."""
    high_bits = chunk_type << 6
    if chunk_stream_id < 64:
        return bytes((high_bits | chunk_stream_id,))
    if chunk_stream_id < 320:
        return bytes((high_bits, chunk_stream_id - 64))
    return bytes((high_bits | 1,)) + (chunk_stream_id - 64).to_bytes(2, "little")
