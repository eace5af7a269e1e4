"""FLV tag bodies, legacy and Enhanced RTMP v1 and v2: bytes in, BodyUnits out, no state.

What a sender signalled in `connect` is never asked: OBS sends HEVC, AV1 and multitrack without it.
"""

from ingest.flv.body.audio import (
    LEGACY_AUDIO_HEADER_BYTES,
    has_legacy_audio,
    parse_audio_body,
)
from ingest.flv.body.unit import BodyUnit, UnitRole
from ingest.flv.body.video import (
    LEGACY_VIDEO_HEADER_BYTES,
    has_legacy_video,
    parse_video_body,
)

__all__ = [
    "LEGACY_AUDIO_HEADER_BYTES",
    "LEGACY_VIDEO_HEADER_BYTES",
    "BodyUnit",
    "UnitRole",
    "has_legacy_audio",
    "has_legacy_video",
    "parse_audio_body",
    "parse_video_body",
]
