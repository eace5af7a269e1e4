"""Codec strings against vectors that were published by others."""

from itertools import pairwise

import pytest

from ingest.media import AudioFormat, Codec, ColorDescription, Track, VideoFormat
from packager.cmaf import DecoderConfigurationError, codec_string, mime_type
from tests.packager.cmaf.tracks import bare_track


def _hevc_record(profile: str, compatibility: str, constraints: str, level_idc: int) -> bytes:
    head = bytes.fromhex("01" + profile + compatibility + constraints) + bytes((level_idc,))
    return head + bytes(10)


def _av1_record(*, profile: int, level: int, tier_depth_sampling: int) -> bytes:
    return bytes((0x81, profile << 5 | level, tier_depth_sampling, 0))


def _vp9_record(profile: int, level: int, depth: int, chroma: int, *color: int) -> bytes:
    primaries, transfer, matrix, full_range = color
    packed = depth << 4 | chroma << 1 | full_range
    return bytes((profile, level, packed, primaries, transfer, matrix, 0, 0))


HDR10_PLANES = VideoFormat(3840, 2160, bit_depth=10, color=ColorDescription(9, 16, 9))
VECTORS: list[tuple[str, Track]] = [
    # RFC 6381, 3.3 and Apple's HLS authoring specification.
    ("avc1.42e01e", bare_track(Codec.AVC, bytes.fromhex("0142e01effe100"))),
    ("avc1.4d401f", bare_track(Codec.AVC, bytes.fromhex("014d401fffe100"))),
    ("avc1.64002a", bare_track(Codec.AVC, bytes.fromhex("0164002affe100"))),
    # ISO/IEC 14496-15, E.3; Apple's authoring specification, 1.10.
    ("hvc1.1.6.L93.B0", bare_track(Codec.HEVC, _hevc_record("01", "60000000", "b00000000000", 93))),
    (
        "hvc1.2.4.L153.B0",
        bare_track(Codec.HEVC, _hevc_record("02", "20000000", "b00000000000", 153)),
    ),
    (
        "hvc1.A4.41.H120.B0.23",
        bare_track(Codec.HEVC, _hevc_record("64", "82000000", "b02300000000", 120)),
    ),
    ("hvc1.1.6.L120", bare_track(Codec.HEVC, _hevc_record("01", "60000000", "000000000000", 120))),
    # AV1 binding, section 5.
    (
        "av01.0.04M.08",
        bare_track(Codec.AV1, _av1_record(profile=0, level=4, tier_depth_sampling=0x0C)),
    ),
    (
        "av01.0.04M.10.0.112.09.16.09.0",
        bare_track(
            Codec.AV1,
            _av1_record(profile=0, level=4, tier_depth_sampling=0x4E),
            video=HDR10_PLANES,
        ),
    ),
    (
        "av01.0.15H.10",
        bare_track(Codec.AV1, _av1_record(profile=0, level=15, tier_depth_sampling=0xEC)),
    ),
    (
        "av01.2.15H.12.1.000.09.16.09.0",
        bare_track(
            Codec.AV1,
            _av1_record(profile=2, level=15, tier_depth_sampling=0xF0),
            video=HDR10_PLANES,
        ),
    ),
    # VP binding 1.0, "Codecs Parameter String"; MDN.
    ("vp09.00.41.08", bare_track(Codec.VP9, _vp9_record(0, 41, 8, 1, 1, 1, 1, 0))),
    ("vp09.00.10.08", bare_track(Codec.VP9, _vp9_record(0, 10, 8, 1, 2, 2, 2, 0))),
    ("vp09.02.10.10.01.09.16.09.01", bare_track(Codec.VP9, _vp9_record(2, 10, 10, 1, 9, 16, 9, 1))),
    ("vp09.01.20.08.03.01.01.01.00", bare_track(Codec.VP9, _vp9_record(1, 20, 8, 3, 1, 1, 1, 0))),
    # ISO/IEC 14496-3, table 1.17; RFC 6381, 3.3.
    ("mp4a.40.2", bare_track(Codec.AAC, bytes.fromhex("1190"))),
    ("mp4a.40.2", bare_track(Codec.AAC, bytes.fromhex("119056e500"))),
    ("mp4a.40.5", bare_track(Codec.AAC, bytes.fromhex("2b118800"))),
    ("mp4a.40.29", bare_track(Codec.AAC, bytes.fromhex("eb098800"))),
    ("mp4a.40.42", bare_track(Codec.AAC, bytes.fromhex("f94643fc"))),
    ("Opus", bare_track(Codec.OPUS, b"")),
    ("fLaC", bare_track(Codec.FLAC, b"")),
    ("ac-3", bare_track(Codec.AC3, b"")),
    ("ec-3", bare_track(Codec.EAC3, b"")),
]


@pytest.mark.parametrize(("expected", "track"), VECTORS, ids=[text for text, _ in VECTORS])
def test_codec_string_is_the_published_one(expected: str, track: Track) -> None:
    assert codec_string(track) == expected


def test_spectral_band_replication_behind_a_low_complexity_core_is_named() -> None:
    config = bytes.fromhex("131056e598")  # AAC-LC 24 kHz stereo, SBR to 48 kHz
    assert codec_string(bare_track(Codec.AAC, config)) == "mp4a.40.5"


def test_parametric_stereo_behind_a_mono_core_is_named() -> None:
    config = bytes.fromhex("130856e59d4880")  # AAC-LC 24 kHz mono, SBR and PS
    assert codec_string(bare_track(Codec.AAC, config)) == "mp4a.40.29"


def test_an_explicit_sample_rate_is_passed_over() -> None:
    bits = f"{2:05b}{15:04b}{50_000:024b}{2:04b}000"
    config = int(bits, 2).to_bytes(5, "big")
    track = bare_track(Codec.AAC, config, audio=AudioFormat(50_000, 2, 1024))
    assert codec_string(track) == "mp4a.40.2"


@pytest.mark.parametrize("codec", [Codec.AVC, Codec.HEVC, Codec.AV1, Codec.VP9, Codec.AAC])
def test_a_cut_configuration_is_our_error(codec: Codec) -> None:
    with pytest.raises(DecoderConfigurationError, match=f"{codec.value} track"):
        codec_string(bare_track(codec, b"\x01"))


def test_a_reserved_sample_rate_is_our_error() -> None:
    with pytest.raises(DecoderConfigurationError, match="AudioSpecificConfig, got 1690"):
        codec_string(bare_track(Codec.AAC, bytes.fromhex("1690")))


def test_media_type_follows_the_kind() -> None:
    assert mime_type(bare_track(Codec.VP9, b"")) == "video/mp4"
    assert mime_type(bare_track(Codec.FLAC, b"")) == "audio/mp4"


def test_compatibility_flags_are_reversed_bit_by_bit() -> None:
    records = [_hevc_record("01", f"{1 << bit:08x}", "00" * 6, 90) for bit in range(31, -1, -1)]
    values = [
        int(codec_string(bare_track(Codec.HEVC, record)).split(".")[2], 16) for record in records
    ]
    assert values[0] == 1
    assert all(second == 2 * first for first, second in pairwise(values))
