"""The server's side of a whole RTMP connection, from the first byte or after the handshake.

The first byte of an entry chooses how the rest, what the peer sends, is read.
"""

from dataclasses import replace

from ingest.rtmp import (
    HANDSHAKE_RANDOM_BYTES,
    Event,
    MediaMessage,
    MetadataReceived,
    Phase,
    PublishRequested,
    RemoteProtocolError,
    RtmpLimits,
    ServerConnection,
    StatusCode,
)

_SKIPS_HANDSHAKE, _HAS_LOW_LIMITS, _REJECTS, _STOPS = 1, 2, 4, 8
_HANDSHAKE = b"\x03" + bytes(2 * 1536)
_USUAL = RtmpLimits()
_LOW = RtmpLimits(
    max_bytes_before_publish=8192,  # more than an entry: it counts bytes read at once as one
    max_message_bytes=600,
    max_command_bytes=500,
    max_partial_bytes=900,
    max_chunk_streams=4,
    max_dropped_messages=2,
    max_aggregate_tags=4,
    max_amf_depth=3,
    max_amf_values=12,
)
_LOWEST = replace(_LOW, max_bytes_before_publish=len(_HANDSHAKE) + 400)
# A ping of 12 bytes is answered with 18, a byte of a chunk that continues a command with none;
# the greeting after connect is the longest thing that a server says at once.
_GREETING_BYTES = 4096
_ANSWER_FACTOR = 64


def check(entry: bytes) -> None:
    """Feed the connection as a whole and in pieces: the same events, or the same refusal."""
    flags, sent = entry[:1], entry[1:]
    mode = flags[0] if flags else 0
    if mode & _SKIPS_HANDSHAKE:
        sent = _HANDSHAKE + sent
    limits = _LOW if mode & _HAS_LOW_LIMITS else _USUAL
    if mode & (_REJECTS | _STOPS):
        _Session(_LOWEST if limits is _LOW else limits, mode).receive([sent])
        return
    piece = 1 + (mode >> 4) * 7
    start = len(_HANDSHAKE) if mode & _SKIPS_HANDSHAKE else 0
    pieces = [sent[:start], *(sent[at : at + piece] for at in range(start, len(sent), piece))]
    whole, split = _Session(limits, mode), _Session(limits, mode)
    has_read_all = whole.receive([sent])
    assert has_read_all == split.receive(pieces), "how bytes are cut decides nothing"
    if has_read_all:
        assert list(map(_comparable, whole.events)) == list(map(_comparable, split.events))
        assert whole.phase is split.phase


def _comparable(event: Event) -> Event | str:
    """Give metadata as text: a NaN in it is not equal to itself."""
    return repr(event.values) if isinstance(event, MetadataReceived) else event


class _Session:
    """An owner that lets every publisher in, unless the mode says otherwise."""

    def __init__(self, limits: RtmpLimits, mode: int) -> None:
        self._limits = limits
        self._mode = mode
        self._connection = ServerConnection(
            limits, handshake_random=bytes(HANDSHAKE_RANDOM_BYTES), opened_at=0.0
        )
        self.events: list[Event] = []

    @property
    def phase(self) -> Phase:
        return self._connection.phase

    def receive(self, pieces: list[bytes]) -> bool:
        """Read all pieces; return whether the peer kept to the protocol."""
        connection = self._connection
        received_bytes = said_bytes = 0
        try:
            for number, piece in enumerate(pieces):
                now = number * 1e-6
                received_bytes += len(piece)
                for event in connection.receive_data(piece, now):
                    self.events.append(event)
                    if isinstance(event, PublishRequested):
                        self._answer(event.request_id)
                said_bytes += len(connection.data_to_send())
                connection.handle_deadline(now)
        except RemoteProtocolError:
            return False
        finally:
            said_bytes += len(connection.data_to_send())
            assert said_bytes <= _GREETING_BYTES + _ANSWER_FACTOR * received_bytes
        assert connection.received_bytes == received_bytes
        media = [event for event in self.events if isinstance(event, MediaMessage)]
        assert all(0 <= message.timestamp_ms < 2**32 for message in media)
        assert sum(len(message.payload) for message in media) <= received_bytes
        return True

    def _answer(self, request_id: int) -> None:
        connection = self._connection
        if self._mode & _REJECTS:
            connection.reject_publish(request_id, StatusCode.BAD_NAME, "not this one")
        elif self._mode & _STOPS:
            connection.accept_publish(request_id)
            connection.stop(StatusCode.BAD_NAME, "the show is over")
        else:
            connection.accept_publish(request_id)
