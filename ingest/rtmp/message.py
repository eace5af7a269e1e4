"""Messages: what chunks are pieces of (RTMP 1.0 section 6.1.1)."""

from enum import IntEnum
from typing import NamedTuple


class MessageType(IntEnum):
    """Message type ids (RTMP 1.0 sections 5.4 and 7.1)."""

    SET_CHUNK_SIZE = 1
    ABORT = 2
    ACKNOWLEDGEMENT = 3
    USER_CONTROL = 4
    WINDOW_ACKNOWLEDGEMENT_SIZE = 5
    SET_PEER_BANDWIDTH = 6
    AUDIO = 8
    VIDEO = 9
    DATA_AMF3 = 15
    SHARED_OBJECT_AMF3 = 16
    COMMAND_AMF3 = 17
    DATA_AMF0 = 18
    SHARED_OBJECT_AMF0 = 19
    COMMAND_AMF0 = 20
    AGGREGATE = 22


class Message(NamedTuple):
    """One whole message. `timestamp_ms` is the absolute 32-bit value; `type_id` may be unknown."""

    type_id: int
    timestamp_ms: int
    message_stream_id: int
    payload: bytes
