"""RTMP messages as a client makes and reads them (RTMP 1.0, 5.4 and 7.1)."""

from dataclasses import dataclass
from enum import IntEnum


class MessageType(IntEnum):
    """The message type ids that a publisher meets."""

    SET_CHUNK_SIZE = 1
    ABORT = 2
    ACKNOWLEDGEMENT = 3
    USER_CONTROL = 4
    WINDOW_ACKNOWLEDGEMENT_SIZE = 5
    SET_PEER_BANDWIDTH = 6
    AUDIO = 8
    VIDEO = 9
    DATA_AMF3 = 15
    COMMAND_AMF3 = 17
    DATA_AMF0 = 18
    COMMAND_AMF0 = 20
    AGGREGATE = 22


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `timestamp_ms` is what goes on the wire: 32 bits, absolute."""

    type_id: int
    timestamp_ms: int
    payload: bytes
    message_stream_id: int = 0


def aggregate(messages: list[Message]) -> Message:
    """Put messages into one aggregate message: FLV tags with back pointers (RTMP 1.0, 7.1.6)."""
    tags = bytearray()
    for message in messages:
        timestamp = message.timestamp_ms
        tag = (
            bytes((message.type_id,))
            + len(message.payload).to_bytes(3, "big")
            + (timestamp & 0xFFFFFF).to_bytes(3, "big")
            + bytes((timestamp >> 24, 0, 0, 0))
            + message.payload
        )
        tags += tag + len(tag).to_bytes(4, "big")
    first = messages[0]
    return Message(MessageType.AGGREGATE, first.timestamp_ms, bytes(tags), first.message_stream_id)
