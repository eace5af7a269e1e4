"""Bodies of audio and video messages: legacy FLV and Enhanced RTMP v1 and v2.

Source: Adobe FLV 10.1, E.4; Enhanced RTMP v2 (Veovera), "Enhanced Audio" and "Enhanced Video".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

KEY_FRAME, INTER_FRAME = 1, 2
AVC_CODEC_ID = 7
HEVC_CODEC_ID = 12  # never in Adobe's list, but what Chinese encoders and CDNs agreed on
_AAC_44_KHZ_16_BIT_STEREO = 0xAF  # the only byte that Adobe allows before AAC
_EX_AUDIO_FORMAT = 9 << 4
_EX_VIDEO = 0x80
_MOD_EX = 7  # in both kinds


class VideoPacketType(IntEnum):
    """What an ExVideoTagHeader announces."""

    SEQUENCE_START = 0
    CODED_FRAMES = 1
    SEQUENCE_END = 2
    CODED_FRAMES_X = 3  # without composition time
    METADATA = 4
    MULTITRACK = 6
    MOD_EX = 7


class AudioPacketType(IntEnum):
    """What an ExAudioTagHeader announces."""

    SEQUENCE_START = 0
    CODED_FRAMES = 1
    SEQUENCE_END = 2
    MULTICHANNEL_CONFIG = 4
    MULTITRACK = 5
    MOD_EX = 7


class MultitrackType(IntEnum):
    """AvMultitrackType."""

    ONE_TRACK = 0
    MANY_TRACKS = 1
    MANY_TRACKS_MANY_CODECS = 2


@dataclass(frozen=True, slots=True)
class TrackBody:
    """What one track contributes to a multitrack message."""

    track_id: int
    four_cc: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class ModEx:
    """One modifier before the real packet; type 0 is TimestampOffsetNano."""

    data: bytes
    mod_type: int = 0


def composition_time(offset_ms: int) -> bytes:
    """Write a composition time offset: SI24."""
    return (offset_ms & 0xFFFFFF).to_bytes(3, "big")


def legacy_video(
    frame_type: int, packet_type: int, offset_ms: int, content: bytes, codec_id: int = AVC_CODEC_ID
) -> bytes:
    """Write VIDEODATA of AVC: packet type 0 avcC, 1 NAL units, 2 end of sequence."""
    head = bytes((frame_type << 4 | codec_id, packet_type))
    return head + composition_time(offset_ms) + content


def legacy_audio(packet_type: int, content: bytes) -> bytes:
    """Write AUDIODATA of AAC: packet type 0 AudioSpecificConfig, 1 raw AAC."""
    return bytes((_AAC_44_KHZ_16_BIT_STEREO, packet_type)) + content


def enhanced_video(
    frame_type: int,
    packet_type: int,
    four_cc: bytes,
    content: bytes,
    *,
    mod_ex: Sequence[ModEx] = (),
) -> bytes:
    """Write an ExVideoTagHeader and what follows it."""
    first = _EX_VIDEO | frame_type << 4
    return _with_mod_ex(first, packet_type, mod_ex) + four_cc + content


def enhanced_audio(
    packet_type: int, four_cc: bytes, content: bytes, *, mod_ex: Sequence[ModEx] = ()
) -> bytes:
    """Write an ExAudioTagHeader and what follows it."""
    return _with_mod_ex(_EX_AUDIO_FORMAT, packet_type, mod_ex) + four_cc + content


def multitrack_video(
    frame_type: int, packet_type: int, kind: MultitrackType, tracks: Sequence[TrackBody]
) -> bytes:
    """Write one video message with the bodies of several tracks."""
    first = bytes((_EX_VIDEO | frame_type << 4 | VideoPacketType.MULTITRACK,))
    return first + _multitrack(packet_type, kind, tracks)


def multitrack_audio(packet_type: int, kind: MultitrackType, tracks: Sequence[TrackBody]) -> bytes:
    """Write one audio message with the bodies of several tracks."""
    first = bytes((_EX_AUDIO_FORMAT | AudioPacketType.MULTITRACK,))
    return first + _multitrack(packet_type, kind, tracks)


def _with_mod_ex(first: int, packet_type: int, mod_ex: Sequence[ModEx]) -> bytes:
    """Write the first byte, each modifier, and the type of what comes after it."""
    types = [_MOD_EX] * len(mod_ex) + [packet_type]
    written = bytearray((first | types[0],))
    for modifier, next_type in zip(mod_ex, types[1:], strict=True):
        size = len(modifier.data)
        # UI8 + 1, where 256 means that UI16 + 1 follows.
        written += bytes((size - 1,)) if size < 256 else b"\xff" + (size - 1).to_bytes(2, "big")
        written += modifier.data
        written.append(modifier.mod_type << 4 | next_type)
    return bytes(written)


def _multitrack(packet_type: int, kind: MultitrackType, tracks: Sequence[TrackBody]) -> bytes:
    written = bytearray((kind << 4 | packet_type,))
    has_own_codecs = kind is MultitrackType.MANY_TRACKS_MANY_CODECS
    if not has_own_codecs:
        written += tracks[0].four_cc
    for track in tracks:
        if has_own_codecs:
            written += track.four_cc
        written.append(track.track_id)
        if kind is not MultitrackType.ONE_TRACK:
            written += len(track.body).to_bytes(3, "big")
        written += track.body
    return bytes(written)
