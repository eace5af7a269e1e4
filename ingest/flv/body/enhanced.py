"""What enhanced audio and video bodies share: ModEx prefixes and multitrack (Enhanced RTMP v2)."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ingest.flv.body.fourcc import fourcc_text
from ingest.flv.errors import RemoteProtocolError
from ingest.media import Codec

MULTICHANNEL_CONFIG_TYPE = 4
AUDIO_MULTITRACK_TYPE = 5
VIDEO_MULTITRACK_TYPE = 6
MODEX_TYPE = 7  # the same for audio and video

_TIMESTAMP_OFFSET_NANO = 0
_MAX_OFFSET_NS = 999_999
# OBS sends up to 10 video and 6 audio tracks; a message of empty tracks must not cost minutes.
_MAX_TRACKS_IN_MESSAGE = 64
_ONE_TRACK, _MANY_TRACKS, _MANY_TRACKS_MANY_CODECS = range(3)


class Prefix(NamedTuple):
    """What the ModEx loop leads to: the real packet type, and where its fields begin."""

    packet_type: int
    offset_ns: int
    position: int


class TrackBody(NamedTuple):
    """The share of one track in an enhanced body; its bytes run to the end of `payload`."""

    track_id: int
    codec: Codec | str
    fourcc: bytes
    packet_type: int
    payload: bytes
    position: int


def read_modex(payload: bytes, packet_type: int) -> Prefix:
    """Read ModEx prefixes, if any, from the second byte on (ExAudioTagHeader, ExVideoTagHeader)."""
    position = 1
    offset_ns = 0
    while packet_type == MODEX_TYPE:
        size = _byte(payload, position) + 1
        position += 1
        if size == 256:
            size = int.from_bytes(_take(payload, position, 2), "big") + 1
            position += 2
        content = _take(payload, position, size)
        position += size
        types = _byte(payload, position)
        position += 1
        packet_type = types & 0xF
        if types >> 4 == _TIMESTAMP_OFFSET_NANO and size >= 3:
            # "must not exceed 999999": a larger one would be another millisecond.
            offset_ns = min(int.from_bytes(content[:3], "big"), _MAX_OFFSET_NS)
    return Prefix(packet_type, offset_ns, position)


def read_tracks(
    payload: bytes,
    packet_type: int,
    position: int,
    *,
    multitrack_type: int,
    fourccs: Mapping[bytes, Codec | str],
) -> Iterator[TrackBody]:
    """Read the FourCC and, with multitrack, the tracks that share the message."""
    if packet_type != multitrack_type:
        fourcc = _take(payload, position, 4)
        yield TrackBody(0, _codec(fourccs, fourcc), fourcc, packet_type, payload, position + 4)
        return
    types = _byte(payload, position)
    position += 1
    packing, packet_type = types >> 4, types & 0xF
    if packet_type in (multitrack_type, MODEX_TYPE):
        raise RemoteProtocolError(f"multitrack: expected a media type, got {packet_type}")
    if packing > _MANY_TRACKS_MANY_CODECS:
        raise RemoteProtocolError(f"multitrack: expected a type 0 to 2, got {packing}")
    fourcc = b""
    if packing != _MANY_TRACKS_MANY_CODECS:
        fourcc = _take(payload, position, 4)
        position += 4
    if packing == _ONE_TRACK:
        track_id = _byte(payload, position)
        codec = _codec(fourccs, fourcc)
        yield TrackBody(track_id, codec, fourcc, packet_type, payload, position + 1)
        return
    track_count = 0
    while position < len(payload):
        track_count += 1
        if track_count > _MAX_TRACKS_IN_MESSAGE:
            raise RemoteProtocolError(
                f"multitrack: expected up to {_MAX_TRACKS_IN_MESSAGE} tracks in a message"
            )
        if packing == _MANY_TRACKS_MANY_CODECS:
            fourcc = _take(payload, position, 4)
            position += 4
        track_id = _byte(payload, position)
        size = int.from_bytes(_take(payload, position + 1, 3), "big")
        position += 4
        body = _take(payload, position, size)
        position += size
        yield TrackBody(track_id, _codec(fourccs, fourcc), fourcc, packet_type, body, 0)


def _codec(fourccs: Mapping[bytes, Codec | str], fourcc: bytes) -> Codec | str:
    """Look a FourCC up, or name it."""
    return fourccs.get(fourcc) or fourcc_text(fourcc)


def _byte(payload: bytes, position: int) -> int:
    """Read one byte within the message."""
    if position >= len(payload):
        raise RemoteProtocolError(f"enhanced body ends early: got {len(payload)} bytes")
    return payload[position]


def _take(payload: bytes, position: int, size: int) -> bytes:
    """Read `size` bytes within the message."""
    if position + size > len(payload):
        raise RemoteProtocolError(
            f"enhanced body ends early: expected {position + size} bytes, got {len(payload)}"
        )
    return payload[position : position + size]
