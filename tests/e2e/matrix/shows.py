"""The shows of the matrix: small pictures and tones that between them have every value of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from ingest.media import Codec
from tests.support.rtmp_publisher import (
    AudioSettings,
    CodedTrack,
    Message,
    MessageType,
    Show,
    VideoSettings,
    make_show,
)
from tests.support.rtmp_publisher.coded_track import encode_audio, encode_video

# AudioSpecificConfig with explicit hierarchical signalling (ISO/IEC 14496-3 1.6.5.2): object type 5
# (SBR), 24 kHz, stereo; extension 48 kHz; object type 2 (LC), three zero flags.
_HE_AAC_24_TO_48_KHZ = (0b00101_0110_0010_0011_00010_000 << 7).to_bytes(4, "big")
_KEY_FRAME = 1
HOLE_MS = (6_200, 6_700)  # between two keyframes
SPARSE_MS = (9_000, 12_000)


class HoledShow(Show):
    """A screen capture: half a second without a picture, later only every fourth frame."""

    __slots__ = ()

    def media(self, duration_s: float | None = None) -> Iterator[Message]:
        """Give what is left."""
        for number, message in enumerate(super().media(duration_s)):
            if message.type_id != MessageType.VIDEO:
                yield message
                continue
            at_ms, is_key = message.timestamp_ms, message.payload[0] >> 4 == _KEY_FRAME
            in_hole = HOLE_MS[0] <= at_ms < HOLE_MS[1]
            is_sparse = SPARSE_MS[0] <= at_ms < SPARSE_MS[1]
            if not in_hole and (is_key or not is_sparse or number % 4 == 0):
                yield message


def _video(rate: str, codec: Codec = Codec.AVC, *, b_frames: int = 0) -> CodedTrack:
    """Encode two closed GOPs of about two seconds."""
    frame_rate = Fraction(rate)
    gop_frames = round(2 * frame_rate)
    return encode_video(
        VideoSettings(
            codec,
            width_px=192,
            height_px=108,
            frame_rate=frame_rate,
            gop_frames=gop_frames,
            b_frames=b_frames,
            duration_s=float(2 * gop_frames / frame_rate),
            bitrate_bps=150_000,
        )
    )


def _audio(rate_hz: int, codec: Codec = Codec.AAC) -> CodedTrack:
    return encode_audio(AudioSettings(codec, sample_rate_hz=rate_hz, duration_s=4.0))


def he_aac() -> CodedTrack:
    """Make HE-AAC without a HE-AAC encoder: none is free to be installed everywhere.

    It is an AAC-LC core at 24 kHz, announced with SBR to 48 kHz, whose frames carry no SBR data.
    Decoders take that for frames of 2048 samples at 48 kHz with an empty upper half (ISO/IEC
    14496-3 4.6.18.2.2); all that a server sees of HE-AAC is as with a real encoder.
    """
    return replace(_audio(24_000), configuration=_HE_AAC_24_TO_48_KHZ)


def _long_gop() -> CodedTrack:
    """Encode one GOP as OBS makes them when nobody tells it: 250 frames."""
    return encode_video(
        VideoSettings(
            width_px=192,
            height_px=108,
            gop_frames=250,
            duration_s=250 / 30,
            bitrate_bps=150_000,
        )
    )


def make_shows() -> Mapping[str, Show]:
    """Encode all shows, by their names. About ten seconds of one core."""
    holed = make_show(
        VideoSettings(width_px=192, height_px=108, gop_frames=60, duration_s=4.0),
        AudioSettings(duration_s=4.0),
    )
    return {
        "avc-b-frames": Show((_video("30", b_frames=2),), (_audio(48_000),)),
        "hevc-film": Show((_video("24000/1001", Codec.HEVC),), (_audio(44_100),)),
        "av1-pal": Show((_video("25", Codec.AV1),), (_audio(48_000, Codec.OPUS),)),
        "vp9-ntsc": Show((_video("30000/1001", Codec.VP9),), (he_aac(),)),
        "avc-59-94": Show((_video("60000/1001", b_frames=2),), (_audio(44_100),)),
        "hevc-60": Show((_video("60", Codec.HEVC),), (_audio(48_000, Codec.OPUS),)),
        "audio-only": Show((), (_audio(48_000),)),
        "video-only": Show((_video("30"),), ()),
        "long-gop": Show((_long_gop(),), (_audio(48_000),)),
        "holed": HoledShow(holed.video, holed.audio),
    }


# Each value of the matrix, and the show that has it.
VALUES: Mapping[str, str] = {
    "H.264 with B-frames": "avc-b-frames",
    "HEVC": "hevc-film",
    "AV1": "av1-pal",
    "VP9": "vp9-ntsc",
    "AAC at 44.1 kHz": "hevc-film",
    "AAC at 48 kHz": "avc-b-frames",
    "HE-AAC": "vp9-ntsc",
    "Opus": "av1-pal",
    "23.976 fps": "hevc-film",
    "25 fps": "av1-pal",
    "29.97 fps": "vp9-ntsc",
    "30 fps": "avc-b-frames",
    "59.94 fps": "avc-59-94",
    "60 fps": "hevc-60",
    "audio alone": "audio-only",
    "video alone": "video-only",
    "a keyframe every 8 s, as OBS": "long-gop",
    "a variable frame rate with a hole of 500 ms": "holed",
}
