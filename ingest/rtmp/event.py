"""What a connection tells its owner, in the order in which the peer said it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from ingest.rtmp.amf import AmfValue
from ingest.rtmp.message import MessageType


class MediaMessageKind(IntEnum):
    """What a media message carries. The values are the message types."""

    AUDIO = MessageType.AUDIO
    VIDEO = MessageType.VIDEO
    DATA = MessageType.DATA_AMF0


class MediaMessage(NamedTuple):
    """One FLV tag body of the publisher; `timestamp_ms` is the absolute 32-bit value of the wire.

    A NamedTuple, not a dataclass: hundreds of publishers make tens of thousands a second.
    """

    kind: MediaMessageKind
    timestamp_ms: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Connected:
    """The peer has introduced itself. Where it wants to go is told when it asks to publish."""

    encoder: str
    is_enhanced: bool


@dataclass(frozen=True, slots=True)
class PublishRequested:
    """The peer wants to publish; answer with `accept_publish` or `reject_publish`."""

    request_id: int
    app: str
    key: str = field(repr=False)
    query: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class MetadataReceived:
    """The publisher describes its media (onMetaData). Claims, never facts."""

    values: Mapping[str, AmfValue]


@dataclass(frozen=True, slots=True)
class PublishEnded:
    """The peer has said goodbye to the publication that it requested last."""

    request_id: int


Event = MediaMessage | Connected | PublishRequested | MetadataReceived | PublishEnded
