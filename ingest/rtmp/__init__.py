"""The server's side of RTMP, without sockets: bytes in, events and bytes out.

Speaks RTMP 1.0 with the simple handshake, AMF0 and AMF3, and answers Enhanced RTMP's connect.
Knows messages and who wants to publish; not codecs, channels, sockets or clocks.
"""

from ingest.rtmp.amf import UNDEFINED, AmfDate, AmfValue, Undefined
from ingest.rtmp.connection import ServerConnection
from ingest.rtmp.errors import ErrorCode, LocalProtocolError, RemoteProtocolError, RtmpError
from ingest.rtmp.event import (
    Connected,
    Event,
    MediaMessage,
    MediaMessageKind,
    MetadataReceived,
    PublishEnded,
    PublishRequested,
)
from ingest.rtmp.handshake import HANDSHAKE_RANDOM_BYTES
from ingest.rtmp.limits import RtmpLimits
from ingest.rtmp.phase import Phase
from ingest.rtmp.status import StatusCode

__all__ = [
    "HANDSHAKE_RANDOM_BYTES",
    "UNDEFINED",
    "AmfDate",
    "AmfValue",
    "Connected",
    "ErrorCode",
    "Event",
    "LocalProtocolError",
    "MediaMessage",
    "MediaMessageKind",
    "MetadataReceived",
    "Phase",
    "PublishEnded",
    "PublishRequested",
    "RemoteProtocolError",
    "RtmpError",
    "RtmpLimits",
    "ServerConnection",
    "StatusCode",
    "Undefined",
]
