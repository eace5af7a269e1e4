"""Control messages: their bodies, both ways (RTMP 1.0 sections 5.4 and 7.1.7).

Set Chunk Size and Abort are read by the chunk layer itself.
"""

from enum import IntEnum

from ingest.rtmp.errors import ErrorCode, RemoteProtocolError
from ingest.rtmp.message import Message, MessageType


class UserControl(IntEnum):
    """The user control events that a server sends or answers; all others are ignored."""

    STREAM_BEGIN = 0
    PING_REQUEST = 6
    PING_RESPONSE = 7


class LimitType(IntEnum):
    """How binding a Set Peer Bandwidth is (section 5.4.5)."""

    HARD = 0
    SOFT = 1
    DYNAMIC = 2


def set_chunk_size(size_bytes: int) -> Message:
    """Announce larger chunks."""
    return _control(MessageType.SET_CHUNK_SIZE, size_bytes.to_bytes(4, "big"))


def acknowledgement(received_bytes: int) -> Message:
    """Say how much has come so far; the number wraps at 32 bits."""
    return _control(MessageType.ACKNOWLEDGEMENT, (received_bytes & 0xFFFFFFFF).to_bytes(4, "big"))


def window_acknowledgement_size(window_bytes: int) -> Message:
    """Ask for an acknowledgement each time so much has been sent."""
    return _control(MessageType.WINDOW_ACKNOWLEDGEMENT_SIZE, window_bytes.to_bytes(4, "big"))


def set_peer_bandwidth(window_bytes: int, limit_type: LimitType) -> Message:
    """Bound what the peer may send unacknowledged."""
    body = window_bytes.to_bytes(4, "big") + bytes((limit_type,))
    return _control(MessageType.SET_PEER_BANDWIDTH, body)


def stream_begin(message_stream_id: int) -> Message:
    """Say that a message stream can be used now."""
    return _user_control(UserControl.STREAM_BEGIN, message_stream_id.to_bytes(4, "big"))


def ping_response(request: Message) -> Message:
    """Answer a ping with its own time stamp, or with 0 if it has none."""
    return _user_control(UserControl.PING_RESPONSE, request.payload[2:6].ljust(4, b"\0"))


def user_control_event(message: Message) -> int:
    """Read which event a user control message is about."""
    return _read(message, 2)


def window_bytes(message: Message) -> int:
    """Read the size from a Window Acknowledgement Size or Set Peer Bandwidth."""
    return _read(message, 4)


def _read(message: Message, byte_count: int) -> int:
    if len(message.payload) < byte_count:
        raise RemoteProtocolError(
            f"message of type {message.type_id}: expected {byte_count} bytes, "
            f"got {len(message.payload)}",
            ErrorCode.BAD_MESSAGE,
        )
    return int.from_bytes(message.payload[:byte_count], "big")


def _user_control(event: UserControl, body: bytes) -> Message:
    return _control(MessageType.USER_CONTROL, event.to_bytes(2, "big") + body)


def _control(message_type: MessageType, body: bytes) -> Message:
    # Time 0 and message stream 0: section 5.4 says that both are ignored.
    return Message(message_type, 0, 0, body)
