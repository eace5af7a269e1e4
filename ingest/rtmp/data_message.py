"""Data messages: what a publisher says of its media (RTMP 1.0 section 7.1.2)."""

from ingest.rtmp.amf0 import decode_values
from ingest.rtmp.command import amf0_body
from ingest.rtmp.errors import RemoteProtocolError
from ingest.rtmp.event import MediaMessage, MediaMessageKind, MetadataReceived
from ingest.rtmp.limits import RtmpLimits
from ingest.rtmp.message import Message


def read_data_message(message: Message, limits: RtmpLimits) -> MetadataReceived | MediaMessage:
    """Read onMetaData, with or without "@setDataFrame"; pass other data on as it came.

    Data that is no AMF ends no broadcast: nothing depends on it.
    """
    body = amf0_body(message)
    try:
        values = decode_values(body, limits)
    except RemoteProtocolError:
        values = []
    if values[:1] == ["@setDataFrame"]:
        values = values[1:]
    if values[:1] == ["onMetaData"] and len(values) > 1 and isinstance(values[1], dict):
        return MetadataReceived(values[1])
    return MediaMessage(MediaMessageKind.DATA, message.timestamp_ms, body)
