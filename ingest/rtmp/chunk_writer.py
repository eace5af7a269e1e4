"""Messages in, chunks out (RTMP 1.0 section 5.3.1), for the little that a server says."""

from ingest.rtmp.chunk_reader import DEFAULT_CHUNK_SIZE_BYTES, EXTENDED, MAX_CHUNK_SIZE_BYTES
from ingest.rtmp.errors import LocalProtocolError
from ingest.rtmp.message import Message

MAX_CSID = 65599


class ChunkWriter:
    """Writes each message as one chunk of type 0 and as many of type 3 as it takes."""

    def __init__(self) -> None:
        self._chunk_size_bytes = DEFAULT_CHUNK_SIZE_BYTES

    def set_chunk_size(self, chunk_size_bytes: int) -> None:
        """Write larger or smaller chunks, once the peer has been told with Set Chunk Size."""
        if not 1 <= chunk_size_bytes <= MAX_CHUNK_SIZE_BYTES:
            raise LocalProtocolError(
                f"chunk size: expected 1 to {MAX_CHUNK_SIZE_BYTES}, got {chunk_size_bytes}"
            )
        self._chunk_size_bytes = chunk_size_bytes

    def write(self, csid: int, message: Message) -> bytes:
        """Return the chunks of a message.

        OBS does not read the extended timestamps of type 3 chunks that 5.3.1.3 asks for: send it
        nothing longer than a chunk at 0xFFFFFF ms or later.
        """
        payload = message.payload
        if len(payload) > 0xFFFFFF:
            raise LocalProtocolError(f"payload: expected at most 16777215, got {len(payload)}")
        is_extended = message.timestamp_ms >= EXTENDED
        extension = message.timestamp_ms.to_bytes(4, "big") if is_extended else b""
        pieces = [
            _basic_header(0, csid),
            min(message.timestamp_ms, EXTENDED).to_bytes(3, "big"),
            len(payload).to_bytes(3, "big"),
            bytes((message.type_id,)),
            message.message_stream_id.to_bytes(4, "little"),
            extension,
        ]
        size = self._chunk_size_bytes
        pieces.append(payload[:size])
        continuation = _basic_header(3, csid) + extension
        for start in range(size, len(payload), size):
            pieces.append(continuation)
            pieces.append(payload[start : start + size])
        return b"".join(pieces)


def _basic_header(chunk_type: int, csid: int) -> bytes:
    """Write the shortest of the three forms (5.3.1.1)."""
    if not 2 <= csid <= MAX_CSID:
        raise LocalProtocolError(f"chunk stream id: expected 2 to {MAX_CSID}, got {csid}")
    first = chunk_type << 6
    if csid < 64:
        return bytes((first | csid,))
    if csid < 320:
        return bytes((first, csid - 64))
    return bytes((first | 1,)) + (csid - 64).to_bytes(2, "little")
