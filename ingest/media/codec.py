"""The codecs that Rillcast carries from a publisher to a player without touching the samples."""

from enum import Enum


class MediaKind(Enum):
    """What a track is for a viewer."""

    VIDEO = "video"
    AUDIO = "audio"


class Codec(Enum):
    """A coded format. The value is the name that people read in messages and on pages."""

    AVC = "H.264"
    HEVC = "HEVC"
    AV1 = "AV1"
    VP9 = "VP9"
    AAC = "AAC"
    OPUS = "Opus"
    FLAC = "FLAC"
    AC3 = "AC-3"
    EAC3 = "E-AC-3"

    @property
    def kind(self) -> MediaKind:
        """Whether the format carries pictures or sound."""
        return MediaKind.VIDEO if self in _VIDEO_CODECS else MediaKind.AUDIO


_VIDEO_CODECS = frozenset({Codec.AVC, Codec.HEVC, Codec.AV1, Codec.VP9})
