"""Coding: what a track's decoder configuration says of profile and level, by name. Pure."""

from dataclasses import dataclass
from typing import Final

from ingest.media import Codec, Track

# ITU-T H.264 table A-1: macroblocks a second, macroblocks of a picture, kbit/s up to Main profile.
_AVC_LEVELS: Final = {
    10: (1_485, 99, 64),
    11: (3_000, 396, 192),
    12: (6_000, 396, 384),
    13: (11_880, 396, 768),
    20: (11_880, 396, 2_000),
    21: (19_800, 792, 4_000),
    22: (20_250, 1_620, 4_000),
    30: (40_500, 1_620, 10_000),
    31: (108_000, 3_600, 14_000),
    32: (216_000, 5_120, 20_000),
    40: (245_760, 8_192, 20_000),
    41: (245_760, 8_192, 50_000),
    42: (522_240, 8_704, 50_000),
    50: (589_824, 22_080, 135_000),
    51: (983_040, 36_864, 240_000),
    52: (2_073_600, 36_864, 240_000),
    60: (4_177_920, 139_264, 240_000),
    61: (8_355_840, 139_264, 480_000),
    62: (16_711_680, 139_264, 800_000),
}
_AVC_PROFILES: Final = {
    66: "Baseline",
    77: "Main",
    88: "Extended",
    100: "High",
    110: "High 10",
    122: "High 4:2:2",
    244: "High 4:4:4",
}
_HEVC_PROFILES: Final = {1: "Main", 2: "Main 10", 3: "Main Still Picture", 4: "Range Extensions"}
_AV1_PROFILES: Final = {0: "Main", 1: "High", 2: "Professional"}
_AAC_TYPES: Final = {1: "Main", 2: "LC", 5: "HE-AAC", 29: "HE-AAC v2", 42: "xHE-AAC"}
_HIGH_FACTOR: Final = 1.25  # H.264 A.3.3: bits that High profile may have more


@dataclass(frozen=True, slots=True)
class Coding:
    """Names as encoders show them; None where the configuration does not say."""

    profile: str | None
    level: str | None
    level_limits: tuple[int, int, float] | None = None
    """Of H.264: macroblocks a second and of a picture, bits a second."""


def coding_of(track: Track) -> Coding:
    """Read a track's configuration; whatever is in it, nothing is raised."""
    record = track.decoder_configuration
    match track.codec:
        case Codec.AVC if len(record) > 3:
            return _avc(record)
        case Codec.HEVC if len(record) > 12:
            return Coding(_HEVC_PROFILES.get(record[1] & 31), f"{record[12] / 30:.1f}")
        case Codec.AV1 if len(record) > 1:
            level = record[1] & 31
            name = None if level == 31 else f"{2 + (level >> 2)}.{level & 3}"
            return Coding(_AV1_PROFILES.get(record[1] >> 5), name)
        case Codec.VP9 if len(record) > 1:
            return Coding(f"Profile {record[0]}", f"{record[1] / 10:.1f}" if record[1] else None)
        case Codec.AAC if len(record) > 1:
            kind = record[0] >> 3
            if kind == 31:
                kind = 32 + ((record[0] & 7) << 3 | record[1] >> 5)
            return Coding(_AAC_TYPES.get(kind), None)
    return Coding(None, None)


def _avc(record: bytes) -> Coding:
    profile, constraints, level = record[1:4]
    if profile <= 88 and (level == 9 or (level == 11 and constraints & 0x10)):
        return Coding(_AVC_PROFILES.get(profile), "1b", (1_485, 99, 128_000.0))
    limits = _AVC_LEVELS.get(level)
    factor = _HIGH_FACTOR if profile >= 100 else 1.0
    return Coding(
        _AVC_PROFILES.get(profile),
        f"{level // 10}.{level % 10}",
        None if limits is None else (limits[0], limits[1], limits[2] * 1000 * factor),
    )
