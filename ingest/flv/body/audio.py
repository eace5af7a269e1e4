"""Audio tag bodies (FLV E.4.2.1; Enhanced RTMP v2 "Enhanced Audio")."""

from ingest.flv.body.enhanced import (
    AUDIO_MULTITRACK_TYPE,
    MULTICHANNEL_CONFIG_TYPE,
    read_modex,
    read_tracks,
)
from ingest.flv.body.fourcc import AUDIO_FOURCC, LEGACY_AUDIO
from ingest.flv.body.unit import BodyUnit, UnitRole

_EX_HEADER = 9  # SoundFormat
_ROLES = {
    0: UnitRole.SEQUENCE_START,
    1: UnitRole.CODED,
    2: UnitRole.SEQUENCE_END,
    MULTICHANNEL_CONFIG_TYPE: UnitRole.MULTICHANNEL_CONFIG,
}
LEGACY_AUDIO_HEADER_BYTES = 2


def has_legacy_audio(unit: BodyUnit) -> bool:
    """Whether the first two bytes say all that there is to say."""
    return unit.start == LEGACY_AUDIO_HEADER_BYTES


def parse_audio_body(payload: bytes) -> list[BodyUnit]:
    """Read an audio message; unknown packet types and empty bodies give nothing.

    The rate, size and type bits of legacy AAC mean nothing (E.4.2.1).
    """
    if not payload:
        return []  # some encoders say silence so
    sound_format = payload[0] >> 4
    if sound_format == _EX_HEADER:
        packet_type, offset_ns, position = read_modex(payload, payload[0] & 0xF)
        tracks = read_tracks(
            payload,
            packet_type,
            position,
            multitrack_type=AUDIO_MULTITRACK_TYPE,
            fourccs=AUDIO_FOURCC,
        )
        return [
            BodyUnit(role, track.track_id, track.codec, 0, offset_ns, track.payload, track.position)
            for track in tracks
            if (role := _ROLES.get(track.packet_type))
        ]
    codec = LEGACY_AUDIO[sound_format]
    if isinstance(codec, str):
        return [BodyUnit(UnitRole.CODED, 0, codec, 0, 0, payload, 1)]
    if len(payload) <= LEGACY_AUDIO_HEADER_BYTES or payload[1] > 1:
        return []
    fields = (_ROLES[payload[1]], 0, codec, 0, 0, payload, LEGACY_AUDIO_HEADER_BYTES)
    return [tuple.__new__(BodyUnit, fields)]
