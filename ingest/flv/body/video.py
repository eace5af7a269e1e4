"""Video tag bodies (FLV E.4.3.1; Enhanced RTMP v2 "Enhanced Video")."""

from ingest.flv.body.enhanced import VIDEO_MULTITRACK_TYPE, TrackBody, read_modex, read_tracks
from ingest.flv.body.fourcc import LEGACY_VIDEO, VIDEO_FOURCC
from ingest.flv.body.unit import BodyUnit, UnitRole
from ingest.flv.errors import RemoteProtocolError

_IS_EX_HEADER = 0x80
_COMMAND_FRAME = 5
# VideoPacketType. MPEG2TSSequenceStart (5) carries AV1 descriptors of a format that no MP4 holds;
# encoders send a usual sequence start beside it.
_SEQUENCE_START, _CODED, _SEQUENCE_END, _CODED_X, _METADATA = range(5)
_ROLES = {
    _SEQUENCE_START: UnitRole.SEQUENCE_START,
    _CODED: UnitRole.CODED,
    _SEQUENCE_END: UnitRole.SEQUENCE_END,
    _CODED_X: UnitRole.CODED,
    _METADATA: UnitRole.METADATA,
}
# "CompositionTime Offset" stands in CodedFrames of these alone.
_FOURCC_WITH_COMPOSITION_TIME = frozenset({b"avc1", b"hvc1", b"vvc1"})
_LEGACY_ROLES = {
    0: UnitRole.SEQUENCE_START,
    1: UnitRole.CODED,
    2: UnitRole.SEQUENCE_END,
}
LEGACY_VIDEO_HEADER_BYTES = 5


def has_legacy_video(unit: BodyUnit) -> bool:
    """Whether two bytes say all but the composition time, which follows them."""
    return unit.start == LEGACY_VIDEO_HEADER_BYTES and not unit.payload[0] & _IS_EX_HEADER


def parse_video_body(payload: bytes) -> list[BodyUnit]:
    """Read a video message; commands, unknown packet types and empty bodies give nothing."""
    if not payload:
        return []
    first = payload[0]
    if not first & _IS_EX_HEADER:
        return _parse_legacy(payload)
    packet_type, offset_ns, position = read_modex(payload, first & 0xF)
    if first >> 4 & 7 == _COMMAND_FRAME and packet_type != _METADATA:
        return []  # one byte of a seek command, no FourCC
    tracks = read_tracks(
        payload,
        packet_type,
        position,
        multitrack_type=VIDEO_MULTITRACK_TYPE,
        fourccs=VIDEO_FOURCC,
    )
    return [unit for track in tracks if (unit := _enhanced_unit(track, offset_ns))]


def _enhanced_unit(track: TrackBody, offset_ns: int) -> BodyUnit | None:
    """Read the rest of one track's header."""
    role = _ROLES.get(track.packet_type)
    if role is None:
        return None
    position, composition_ms = track.position, 0
    if track.packet_type == _CODED and track.fourcc in _FOURCC_WITH_COMPOSITION_TIME:
        if position + 3 > len(track.payload):
            raise RemoteProtocolError("coded frames end within the composition time")
        # SI24: negative where B-frames were muxed that way.
        composition_ms = int.from_bytes(track.payload[position : position + 3], "big", signed=True)
        position += 3
    return BodyUnit(
        role, track.track_id, track.codec, composition_ms, offset_ns, track.payload, position
    )


def _parse_legacy(payload: bytes) -> list[BodyUnit]:
    """Read a body with a FLV codec id (E.4.3.1), AVC's layout serving HEVC as well."""
    first = payload[0]
    if first >> 4 == _COMMAND_FRAME:
        return []
    codec = LEGACY_VIDEO[first & 0xF]
    if isinstance(codec, str):
        return [BodyUnit(UnitRole.CODED, 0, codec, 0, 0, payload, 1)]
    if len(payload) <= LEGACY_VIDEO_HEADER_BYTES:
        if len(payload) == LEGACY_VIDEO_HEADER_BYTES and payload[1] == 2:
            return [BodyUnit(UnitRole.SEQUENCE_END, 0, codec, 0, 0, payload, len(payload))]
        return []
    role = _LEGACY_ROLES.get(payload[1])
    if role is None:
        return []
    composition_ms = int.from_bytes(payload[2:5], "big", signed=True)
    fields = (role, 0, codec, composition_ms, 0, payload, LEGACY_VIDEO_HEADER_BYTES)
    return [tuple.__new__(BodyUnit, fields)]
