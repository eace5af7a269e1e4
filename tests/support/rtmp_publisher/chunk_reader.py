"""Reading what a server sends (RTMP 1.0, 5.3.1): a well-behaved server is expected."""

from dataclasses import dataclass, field

from tests.support.rtmp_publisher.message import Message, MessageType

_EXTENDED = 0xFFFFFF
_HEADER_BYTES = (11, 7, 3, 0)


@dataclass(slots=True)
class _ChunkStream:
    timestamp_ms: int = 0
    length_bytes: int = 0
    type_id: int = 0
    message_stream_id: int = 0
    is_extended: bool = False
    partial: bytearray = field(default_factory=bytearray)


class ChunkReader:
    """Turns the server's bytes into messages; obeys Set Chunk Size."""

    def __init__(self) -> None:
        self.chunk_size_bytes = 128
        self._buffer = bytearray()
        self._streams: dict[int, _ChunkStream] = {}

    def receive(self, received: bytes) -> list[Message]:
        """Take bytes; give the messages that they complete."""
        self._buffer += received
        messages = []
        while (taken := self._take_chunk()) is not None:
            if isinstance(taken, Message):
                messages.append(taken)
                if taken.type_id == MessageType.SET_CHUNK_SIZE:
                    self.chunk_size_bytes = int.from_bytes(taken.payload, "big")
        return messages

    def _take_chunk(self) -> Message | bool | None:
        """Take one chunk: a Message if it ends one, True if not, None if it is not all there."""
        try:
            return self._parse_chunk()
        except IndexError:
            return None

    def _parse_chunk(self) -> Message | bool:
        buffer = self._buffer
        chunk_type, chunk_stream_id, at = buffer[0] >> 6, buffer[0] & 0x3F, 1
        if chunk_stream_id == 0:
            chunk_stream_id, at = 64 + buffer[1], 2
        elif chunk_stream_id == 1:
            chunk_stream_id, at = 64 + buffer[1] + 256 * buffer[2], 3
        stream = self._streams.get(chunk_stream_id, _ChunkStream())
        header, at = self._cut(at, _HEADER_BYTES[chunk_type])
        time_field = int.from_bytes(header[:3], "big")
        is_extended = time_field == _EXTENDED if header else stream.is_extended
        if is_extended:
            extended, at = self._cut(at, 4)
            time_field = int.from_bytes(extended, "big")
        length_bytes = int.from_bytes(header[3:6], "big") if chunk_type < 2 else stream.length_bytes
        piece, at = self._cut(at, min(length_bytes - len(stream.partial), self.chunk_size_bytes))

        if chunk_type == 0:
            stream.timestamp_ms = time_field
            stream.message_stream_id = int.from_bytes(header[7:11], "little")
        elif chunk_type < 3:
            stream.timestamp_ms += time_field
        if chunk_type < 2:
            stream.type_id = header[6]
        stream.length_bytes, stream.is_extended = length_bytes, is_extended
        stream.partial += piece
        self._streams[chunk_stream_id] = stream
        del buffer[:at]
        if len(stream.partial) < length_bytes:
            return True
        payload = bytes(stream.partial)
        stream.partial.clear()
        return Message(stream.type_id, stream.timestamp_ms, payload, stream.message_stream_id)

    def _cut(self, at: int, count: int) -> tuple[bytes, int]:
        """Give `count` bytes and the position behind them. Raises IndexError if not all came."""
        if len(self._buffer) < at + count:
            raise IndexError(at + count)
        return bytes(self._buffer[at : at + count]), at + count
