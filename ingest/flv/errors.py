"""What can be wrong with FLV message bodies.

FlvError
├── RemoteProtocolError   a body breaks FLV or Enhanced RTMP; one unit is lost, the track goes on
└── UnsupportedCodec      the publisher's main track is coded in a way that no player would get
"""

from ingest.media import Codec, MediaKind

# What a streamer should choose instead, in the order of how many devices play it.
_SUPPORTED = {
    MediaKind.VIDEO: (Codec.AVC, Codec.HEVC, Codec.AV1, Codec.VP9),
    MediaKind.AUDIO: (Codec.AAC, Codec.OPUS, Codec.FLAC, Codec.AC3, Codec.EAC3),
}


class FlvError(Exception):
    """Anything that this package says about a publisher's messages."""


class RemoteProtocolError(FlvError):
    """A message body is not what FLV or Enhanced RTMP say. Caught within this package."""


class UnsupportedCodec(FlvError):  # noqa: N818 - named for what the publisher is told
    """The main track of a kind is coded in a format that is not carried.

    `codec_name` is the format's name, or its FourCC. The text is meant for the streamer.
    """

    def __init__(self, kind: MediaKind, codec_name: str) -> None:
        super().__init__(unsupported_text(kind, codec_name))
        self.kind = kind
        self.codec_name = codec_name


def unsupported_text(kind: MediaKind, codec_name: str) -> str:
    """Say in a sentence that the format is not carried and which ones are."""
    supported = ", ".join(codec.value for codec in _SUPPORTED[kind])
    return f"{codec_name} {kind.value} is not supported; use one of {supported}"
