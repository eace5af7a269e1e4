"""ChunkStream: what the chunks of one chunk stream have in common (RTMP 1.0 section 5.3.1)."""

# Small pieces are joined when so many have gathered: a Python object of its own for each byte of
# a peer that trickles would take fifty times what the limits count.
_LOOSE_PIECES = 256


class ChunkStream:
    """The header that later chunks of one chunk stream refer to, and its unfinished message."""

    __slots__ = (
        "csid",
        "is_extended",
        "join_at_pieces",
        "length_bytes",
        "message_stream_id",
        "missing_bytes",
        "pieces",
        "timestamp_ms",
        "type_id",
        "wire_time_ms",
    )

    def __init__(self, csid: int) -> None:
        self.csid = csid
        self.timestamp_ms = 0
        self.wire_time_ms = 0  # as sent: absolute after type 0, a delta after types 1 and 2
        self.is_extended = False
        self.length_bytes = 0
        self.type_id = 0
        self.message_stream_id = 0
        self.missing_bytes = 0  # in chunks that have not begun
        self.pieces: list[bytes] = []
        self.join_at_pieces = _LOOSE_PIECES

    def keep(self, piece: bytes) -> None:
        """Add payload to the unfinished message."""
        pieces = self.pieces
        pieces.append(piece)
        if len(pieces) >= self.join_at_pieces:
            start = self.join_at_pieces - _LOOSE_PIECES
            pieces[start:] = [b"".join(pieces[start:])]
            self.join_at_pieces += 1

    def clear(self) -> int:
        """Forget the unfinished message; return how many bytes of it were counted as held."""
        held_bytes = self.length_bytes - self.missing_bytes if self.pieces else 0
        self.pieces = []
        self.join_at_pieces = _LOOSE_PIECES
        self.missing_bytes = 0
        return held_bytes
