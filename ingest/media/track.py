"""Track: one elementary stream of a publisher, with all that a container needs to describe it."""

from dataclasses import dataclass
from fractions import Fraction

from ingest.media.codec import Codec, MediaKind

VIDEO_TIMESCALE = 90_000  # exact for 24, 25, 30, 50, 60 fps; 29.97 fps is 3003 ticks


@dataclass(frozen=True, slots=True)
class ColorDescription:
    """How sample values map to light: the code points of ISO/IEC 23091-2 (CICP)."""

    primaries: int
    transfer: int
    matrix: int
    full_range: bool = False


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """The picture as displayed.

    `width_px` and `height_px` are the luma samples after cropping, before the sample aspect ratio
    is applied. `frame_rate` is what the bitstream or the publisher's metadata claims, or None.
    `mastering_display` is the 24-byte body of an `mdcv` box and `content_light_level` the 4-byte
    body of a `clli` box (ISO/IEC 14496-12, 12.1.5), or None.
    """

    width_px: int
    height_px: int
    sample_aspect: tuple[int, int] = (1, 1)
    frame_rate: Fraction | None = None
    bit_depth: int = 8
    color: ColorDescription | None = None
    mastering_display: bytes | None = None
    content_light_level: bytes | None = None


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """The sound as decoded.

    `sample_rate_hz` is the rate in which sample times count: for HE-AAC the output (SBR) rate.
    `samples_per_frame` is how many of them one access unit lasts (AAC-LC 1024, HE-AAC 2048,
    AC-3 1536), or 0 where it varies from unit to unit (Opus, FLAC).
    """

    sample_rate_hz: int
    channel_count: int
    samples_per_frame: int


@dataclass(frozen=True, slots=True)
class Track:
    """One elementary stream: its codec, clock and decoder configuration.

    `name` identifies the track within its publisher and names the rendition made of it:
    `video`, `audio`, and `video-1`, `audio-2` for Enhanced RTMP track ids above 0.
    `timescale` is ticks a second: 90,000 for video, the sample rate for audio.
    `decoder_configuration` is, per codec: AVC the AVCDecoderConfigurationRecord, HEVC the
    HEVCDecoderConfigurationRecord, AV1 the AV1CodecConfigurationRecord, VP9 the
    VPCodecConfigurationRecord (8 bytes or more, no FullBox header), AAC the AudioSpecificConfig,
    Opus the whole OpusHead (RFC 7845 5.1, never empty), FLAC the 34-byte STREAMINFO block,
    AC-3 the 3-byte dac3 body, E-AC-3 the dec3 body.
    Exactly one of `video` and `audio` is set. `bitrate_bps` is the publisher's claim, or None.
    """

    name: str
    track_id: int
    codec: Codec
    timescale: int
    decoder_configuration: bytes
    video: VideoFormat | None = None
    audio: AudioFormat | None = None
    bitrate_bps: int | None = None
    language: str = "und"

    @property
    def kind(self) -> MediaKind:
        """Whether the track carries pictures or sound."""
        return self.codec.kind


def track_name(kind: MediaKind, track_id: int) -> str:
    """Name the track with this Enhanced RTMP track id: `video`, `video-1`, `audio`, `audio-1`."""
    return kind.value if track_id == 0 else f"{kind.value}-{track_id}"
