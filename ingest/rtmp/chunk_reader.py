"""Chunks in, messages out (RTMP 1.0 section 5.3). Knows bytes and chunk streams; not commands.

Obeys Set Chunk Size and Abort itself (5.4.1, 5.4.2): both change how the very next bytes are read.

Most reads hold whole messages of audio or video on a chunk stream that is in use: those are taken
in one step, whatever the number of their chunks. Otherwise payload is cut out of each read once
and joined once, and a read that lies inside one chunk, the usual case on a slow line, is kept as
it came.
"""

from struct import Struct

from ingest.rtmp.chunk_stream import ChunkStream
from ingest.rtmp.errors import ErrorCode, RemoteProtocolError
from ingest.rtmp.limits import RtmpLimits
from ingest.rtmp.message import Message, MessageType

DEFAULT_CHUNK_SIZE_BYTES = 128
MAX_CHUNK_SIZE_BYTES = 0xFFFFFF  # 5.4.1: more is the same, as no message is longer
EXTENDED = 0xFFFFFF
_TIMESTAMP_MASK = 0xFFFFFFFF
_OWN_TYPES = frozenset({MessageType.SET_CHUNK_SIZE, MessageType.ABORT})
_LARGE_TYPES = frozenset({MessageType.AUDIO, MessageType.VIDEO, MessageType.AGGREGATE})
_MEDIA_TYPES = frozenset({int(MessageType.AUDIO), int(MessageType.VIDEO)})
# Basic header of one byte and timestamp delta; message length and type (5.3.1.2.2).
_TYPE_1_HEADER = Struct(">II")
_TYPE_1_HEADER_BYTES = 8
# Joining so many chunks is cheaper than copying all and taking the headers out.
_FEW_CHUNKS = 16


class ChunkReader:
    """Puts messages together from the chunks of one direction of one connection."""

    def __init__(self, limits: RtmpLimits) -> None:
        self._limits = limits
        self._chunk_size_bytes = DEFAULT_CHUNK_SIZE_BYTES
        self._streams: dict[int, ChunkStream] = {}
        self._unread = b""  # a chunk header that is not complete
        self._open: ChunkStream | None = None  # whose chunk the next bytes belong to
        self._open_bytes = 0  # how many of them are still to come
        self._held_bytes = 0  # of unfinished messages, counted as soon as their chunk begins
        self._dropped_messages = 0

    @property
    def progress_bytes(self) -> int:
        """Payload bytes that have come of messages that are not complete."""
        return self._held_bytes - self._open_bytes

    def receive(self, data: bytes) -> list[Message]:
        """Take bytes as they were read; return the messages that they complete.

        Raises RemoteProtocolError for a chunk that refers to nothing, and beyond a limit.
        """
        stream = self._open
        position = self._open_bytes
        end = len(data)
        if end < position:
            self._open_bytes = position - end
            if stream is not None:
                stream.keep(data)
            return []
        messages: list[Message] = []
        if stream is not None:
            self._open = None
            self._open_bytes = 0
            stream.keep(data[:position])
            if not stream.missing_bytes:
                self._complete(stream, messages)
        elif self._unread:
            data = self._unread + data
            end = len(data)
            self._unread = b""
        position = self._take_whole_messages(data, position, messages)
        streams = self._streams
        while position < end:
            first = data[position]
            if (
                first >= 0xC2  # type 3 with a one-byte basic header
                and (stream := streams.get(first & 0x3F)) is not None
                and stream.missing_bytes
                and not stream.is_extended
            ):
                position += 1
            else:
                stream, payload_at = self._read_header(data, position)
                if stream is None:
                    self._unread = data[position:]
                    break
                position = payload_at
            chunk_bytes = min(stream.missing_bytes, self._chunk_size_bytes)
            after = position + chunk_bytes
            if chunk_bytes == stream.length_bytes and after <= end:
                stream.missing_bytes = 0
                self._pass_on(stream, data[position:after], messages)
                position = self._take_whole_messages(data, after, messages)
                continue
            stream.missing_bytes -= chunk_bytes
            self._held_bytes += chunk_bytes
            if self._held_bytes > self._limits.max_partial_bytes:
                raise RemoteProtocolError(
                    f"expected at most {self._limits.max_partial_bytes} bytes of unfinished "
                    f"messages, got {self._held_bytes}",
                    ErrorCode.LIMIT_EXCEEDED,
                )
            stream.keep(data[position:after])
            if after > end:
                self._open = stream
                self._open_bytes = after - end
                break
            position = after
            if not stream.missing_bytes:
                self._complete(stream, messages)
                position = self._take_whole_messages(data, after, messages)
        return messages

    def _take_whole_messages(self, data: bytes, position: int, messages: list[Message]) -> int:
        """Take what an encoder sends nearly always; return where something else begins.

        That is audio or video behind a header of type 1 on a chunk stream in use, whose chunks
        follow on each other and are all here. Then every byte that is not payload is at a known
        place, and one deletion takes them out.
        """
        end = len(data)
        size = self._chunk_size_bytes
        max_bytes = self._limits.max_message_bytes
        streams = self._streams
        while position + _TYPE_1_HEADER_BYTES < end and 0x42 <= data[position] <= 0x7F:
            first_and_delta, length_and_type = _TYPE_1_HEADER.unpack_from(data, position)
            delta_ms = first_and_delta & 0xFFFFFF
            stream = streams.get(first_and_delta >> 24 & 0x3F)
            type_id = length_and_type & 0xFF
            if (
                stream is None
                or stream.missing_bytes
                or delta_ms == EXTENDED
                or type_id not in _MEDIA_TYPES
            ):
                break
            length_bytes = length_and_type >> 8
            start = position + _TYPE_1_HEADER_BYTES
            continuations = (length_bytes - 1) // size
            after = start + length_bytes + continuations
            if after > end or not 0 < length_bytes <= max_bytes:
                break
            if not continuations:
                payload = data[start:after]
            else:
                # All of them have to be of type 3 on this chunk stream, which is one byte.
                type_3 = data[position] | 0x80
                if data[start + size : after : size + 1].count(type_3) != continuations:
                    break
                if continuations <= _FEW_CHUNKS:
                    chunks = memoryview(data)[start:after]
                    ends = range(size, after - start + size, size + 1)
                    payload = b"".join([chunks[end - size : end] for end in ends])
                else:
                    mixed = bytearray(data[start:after])
                    del mixed[size :: size + 1]
                    payload = bytes(mixed)
            stream.timestamp_ms = timestamp_ms = (stream.timestamp_ms + delta_ms) & _TIMESTAMP_MASK
            stream.wire_time_ms = delta_ms
            stream.is_extended = False
            stream.length_bytes = length_bytes
            stream.type_id = type_id
            # Half the cost of Message(...).
            fields = (type_id, timestamp_ms, stream.message_stream_id, payload)
            messages.append(tuple.__new__(Message, fields))
            position = after
        return position

    def _complete(self, stream: ChunkStream, messages: list[Message]) -> None:
        """Put the pieces of a message together."""
        payload = b"".join(stream.pieces)
        self._held_bytes -= stream.clear()
        self._pass_on(stream, payload, messages)

    def _pass_on(self, stream: ChunkStream, payload: bytes, messages: list[Message]) -> None:
        type_id = stream.type_id
        if type_id in _OWN_TYPES:
            self._obey(type_id, payload)
        else:
            messages.append(
                Message(type_id, stream.timestamp_ms, stream.message_stream_id, payload)
            )

    def _read_header(self, data: bytes, position: int) -> tuple[ChunkStream | None, int]:
        """Read basic header, message header and extended timestamp (5.3.1).

        Returns the chunk stream and where its payload begins, or None if more bytes are needed.
        Changes nothing before the header is complete.
        """
        end = len(data)
        chunk_type = data[position] >> 6
        csid = data[position] & 0x3F
        position += 1
        if csid < 2:  # 5.3.1.1: 0 and 1 announce one and two more bytes, the low one first
            after = position + csid + 1
            if after > end:
                return None, 0
            csid = 64 + int.from_bytes(data[position:after], "little")
            position = after
        stream = self._streams.get(csid)
        if chunk_type == 3:
            return self._read_type_3(data, position, stream, csid)
        header_bytes = _HEADER_BYTES[chunk_type]
        if position + header_bytes > end:
            return None, 0
        if stream is None:
            # librtmp opens the chunk stream of its pings with type 1.
            if chunk_type == 2:
                raise _refers_to_nothing(chunk_type, csid)
            if len(self._streams) >= self._limits.max_chunk_streams:
                raise RemoteProtocolError(
                    f"expected at most {self._limits.max_chunk_streams} chunk streams, "
                    "got one more",
                    ErrorCode.LIMIT_EXCEEDED,
                )
            stream = ChunkStream(csid)
        header = int.from_bytes(data[position : position + min(header_bytes, 7)], "big")
        if chunk_type == 2:
            wire_time_ms = header
            length_bytes, type_id = stream.length_bytes, stream.type_id
        else:
            wire_time_ms = header >> 32
            length_bytes = header >> 8 & 0xFFFFFF
            type_id = header & 0xFF
        message_stream_id = stream.message_stream_id
        if chunk_type == 0:  # 5.3.1.2.1: the one little-endian field
            message_stream_id = int.from_bytes(data[position + 7 : position + 11], "little")
        position += header_bytes
        is_extended = wire_time_ms == EXTENDED
        if is_extended:
            if position + 4 > end:
                return None, 0
            wire_time_ms = int.from_bytes(data[position : position + 4], "big")
            position += 4
        if length_bytes > self._limits.max_command_bytes:
            self._admit_large(type_id, length_bytes)
        if stream.missing_bytes:
            self._drop_message(stream)
        stream.is_extended = is_extended
        stream.wire_time_ms = wire_time_ms
        before_ms = stream.timestamp_ms if chunk_type else 0
        stream.timestamp_ms = (before_ms + wire_time_ms) & _TIMESTAMP_MASK
        stream.length_bytes = stream.missing_bytes = length_bytes
        stream.type_id = type_id
        stream.message_stream_id = message_stream_id
        self._streams[csid] = stream
        return stream, position

    def _read_type_3(
        self, data: bytes, position: int, stream: ChunkStream | None, csid: int
    ) -> tuple[ChunkStream | None, int]:
        """Go on with the unfinished message, or begin another one like the one before."""
        if stream is None:
            raise _refers_to_nothing(3, csid)
        if stream.is_extended:
            # 5.3.1.3: the field is present in type 3 chunks too, if the last type 0, 1 or 2 chunk
            # had it. Old librtmp and ffmpeg forks leave it out: it is there if it says the same.
            # 31 bits are compared, as OBS clears the highest.
            repeated = data[position : position + 4]
            expected = stream.wire_time_ms.to_bytes(4, "big")
            if repeated and (repeated[0] ^ expected[0]) & 0x7F == 0:
                if expected[1:].startswith(repeated[1:]):
                    if len(repeated) < 4:
                        return None, 0
                    position += 4
            elif not repeated:
                return None, 0
        if not stream.missing_bytes:
            # 5.3.1.2.4: after type 0 the delta is the timestamp of that chunk. Senders that leave
            # a delta out there have begun at 0; ffmpeg relies on the rule.
            stream.timestamp_ms = (stream.timestamp_ms + stream.wire_time_ms) & _TIMESTAMP_MASK
            stream.missing_bytes = stream.length_bytes
        return stream, position

    def _admit_large(self, type_id: int, length_bytes: int) -> None:
        """Hold a claimed length against the limit of its kind."""
        limits = self._limits
        max_bytes = (
            limits.max_message_bytes if type_id in _LARGE_TYPES else limits.max_command_bytes
        )
        if length_bytes > max_bytes:
            raise RemoteProtocolError(
                f"message of type {type_id}: expected at most {max_bytes} bytes, "
                f"got {length_bytes}",
                ErrorCode.LIMIT_EXCEEDED,
            )

    def _drop_message(self, stream: ChunkStream) -> None:
        """Forget a message whose place another one takes, unless that happens too often."""
        self._held_bytes -= stream.clear()
        self._dropped_messages += 1
        if self._dropped_messages > self._limits.max_dropped_messages:
            raise RemoteProtocolError(
                f"chunk stream {stream.csid}: message {self._dropped_messages} begun before "
                "the one before was complete",
                ErrorCode.BAD_CHUNK,
            )

    def _obey(self, type_id: int, payload: bytes) -> None:
        """Apply the two messages that the chunk layer itself is told by."""
        if len(payload) < 4:
            raise RemoteProtocolError(
                f"message of type {type_id}: expected 4 bytes, got {len(payload)}",
                ErrorCode.BAD_MESSAGE,
            )
        value = int.from_bytes(payload[:4], "big")
        if type_id == MessageType.SET_CHUNK_SIZE:
            if not 1 <= value <= 0x7FFFFFFF:  # 5.4.1: the first bit is 0
                raise RemoteProtocolError(
                    f"chunk size: expected 1 to 2147483647, got {value}", ErrorCode.BAD_MESSAGE
                )
            self._chunk_size_bytes = min(value, MAX_CHUNK_SIZE_BYTES)
        else:
            aborted = self._streams.get(value)
            if aborted is not None:
                self._held_bytes -= aborted.clear()


_HEADER_BYTES = (11, 7, 3)  # of message headers of types 0, 1 and 2


def _refers_to_nothing(chunk_type: int, csid: int) -> RemoteProtocolError:
    return RemoteProtocolError(
        f"chunk of type {chunk_type} on chunk stream {csid} before any of type 0 or 1",
        ErrorCode.BAD_CHUNK,
    )
