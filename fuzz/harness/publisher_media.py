"""A publisher's whole media: any FLV messages give events as `ingest.media` promises them."""

from fuzz.entry_reader import EntryReader
from fuzz.harness.flv_messages import read_messages
from fuzz.harness.media_promises import MediaPromises
from ingest.flv import PublisherMedia, UnsupportedCodec
from ingest.rtmp import MediaMessageKind, MetadataReceived, RtmpLimits
from ingest.rtmp.data_message import read_data_message
from ingest.rtmp.message import Message, MessageType

_LIMITS = RtmpLimits()


def check(entry: bytes) -> None:
    """Publish the messages of the entry."""
    media, promises = PublisherMedia(), MediaPromises()
    now = 0.0
    for message, step_ms in read_messages(EntryReader(entry)):
        now += step_ms / 1000
        if message.kind is MediaMessageKind.DATA:
            event = read_data_message(
                Message(MessageType.DATA_AMF0, 0, 1, message.payload), _LIMITS
            )
            if isinstance(event, MetadataReceived):
                promises.check(media.receive_metadata(event.values))
            continue
        try:
            promises.check(media.receive(message, now))
        except UnsupportedCodec:
            continue  # the session would end here; what comes after must not break either
    promises.check(media.flush())
