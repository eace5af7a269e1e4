"""A publisher for tests: RTMP and Enhanced RTMP from the encoder's side, an independent witness.

Shares no protocol code with `ingest`; of the product it knows only the names of codecs.
"""

from tests.support.rtmp_publisher.behaviour import ClientBehaviour, Step
from tests.support.rtmp_publisher.coded_track import AudioSettings, CodedTrack, VideoSettings
from tests.support.rtmp_publisher.errors import (
    PublisherError,
    PublishRefusedError,
    ServerClosedError,
)
from tests.support.rtmp_publisher.flv_body import ModEx
from tests.support.rtmp_publisher.message import Message, MessageType
from tests.support.rtmp_publisher.publisher import RtmpPublisher
from tests.support.rtmp_publisher.show import Form, Show, make_show

__all__ = [
    "AudioSettings",
    "ClientBehaviour",
    "CodedTrack",
    "Form",
    "Message",
    "MessageType",
    "ModEx",
    "PublishRefusedError",
    "PublisherError",
    "RtmpPublisher",
    "ServerClosedError",
    "Show",
    "Step",
    "VideoSettings",
    "make_show",
]
