"""Codec strings: what RFC 6381 and the codec bindings write for a decoder configuration."""

import re
from dataclasses import dataclass

from conformance.errors import Mp4Error
from conformance.mp4.aac import audio_object_type

_LC, _PS = 2, 29
# An av1C says nothing of colour, so that the last four of the optional fields cannot be held
# against it: primaries, transfer, matrix and range (AV1 ISOBMFF binding, section 5).
_AV1_COLOR = re.compile(r"^(.+\.[01]\.[0-9]{3})(?:\.[0-9]{2,3}){3}\.[01]$")


@dataclass(frozen=True, slots=True)
class CodecStrings:
    """The strings that name a configuration rightly; the first is the one to recommend."""

    accepted: tuple[str, ...]

    @property
    def preferred(self) -> str:
        """The string to write into CODECS."""
        return self.accepted[0]

    def accept(self, declared: str) -> bool:
        """Tell whether a declared string names this configuration.

        Hexadecimal digits compare without case: avc1.64001F and avc1.64001f are one.
        """
        if declared.startswith("av01."):
            declared = _AV1_COLOR.sub(r"\1", declared)
        return declared.lower() in {each.lower() for each in self.accepted}


def codec_strings(sample_format: str, record: bytes) -> CodecStrings:
    """Derive the codec strings of a sample entry.

    `record` is the configuration box's payload, for mp4a the AudioSpecificConfig. Raises Mp4Error
    if the record is too short to say.
    """
    match sample_format:
        case "avc1" | "avc3":
            _expect(sample_format, record, 4)
            return CodecStrings((f"{sample_format}.{record[1:4].hex().upper()}",))
        case "hvc1" | "hev1":
            return CodecStrings((_hevc(sample_format, record),))
        case "av01":
            return CodecStrings(_av1(record))
        case "vp09":
            return CodecStrings(_vp9(record))
        case "mp4a":
            return CodecStrings(_aac(record))
        case "Opus":
            return CodecStrings(("Opus", "opus"))
        case "fLaC":
            return CodecStrings(("fLaC", "flac"))
        case _:
            return CodecStrings((sample_format,))


def _hevc(sample_format: str, record: bytes) -> str:
    """Write ISO/IEC 14496-15 E.3: space and profile, compatibility, tier and level, constraints."""
    _expect(sample_format, record, 13)
    space = ("", "A", "B", "C")[record[1] >> 6]
    profile = record[1] & 0x1F
    tier = "H" if record[1] & 0x20 else "L"
    # "the 32 bits of the general_profile_compatibility_flags, but in reverse bit order".
    compatibility = int(f"{int.from_bytes(record[2:6], 'big'):032b}"[::-1], 2)
    constraints = record[6:12].rstrip(b"\0")
    pieces = [f"{sample_format}.{space}{profile}", f"{compatibility:X}", f"{tier}{record[12]}"]
    pieces += [f"{byte:X}" for byte in constraints]
    return ".".join(pieces)


def _av1(record: bytes) -> tuple[str, ...]:
    """Write the AV1 ISOBMFF binding, section 5: P.LLT.DD and, if one likes, .M.CCC."""
    _expect("av01", record, 4)
    profile, level = record[1] >> 5, record[1] & 0x1F
    tier = "H" if record[2] & 0x80 else "M"
    high_bit_depth, twelve_bit = record[2] & 0x40, record[2] & 0x20
    bit_depth = (
        12 if profile == 2 and high_bit_depth and twelve_bit else 10 if high_bit_depth else 8
    )
    monochrome = record[2] >> 4 & 1
    x, y, position = record[2] >> 3 & 1, record[2] >> 2 & 1, record[2] & 3
    short = f"av01.{profile}.{level:02d}{tier}.{bit_depth:02d}"
    chroma = f"{x}{y}{position if x and y else 0}"
    return short, f"{short}.{monochrome}.{chroma}"


def _vp9(record: bytes) -> tuple[str, ...]:
    """Write the VP codec binding: profile, level, bit depth and, if one likes, the colour."""
    _expect("vp09", record, 10)
    profile, level, depth = record[4], record[5], record[6]
    short = f"vp09.{profile:02d}.{level:02d}.{depth >> 4:02d}"
    primaries, transfer, matrix = record[7:10]
    color = f"{primaries:02d}.{transfer:02d}.{matrix:02d}.{depth & 1:02d}"
    return short, f"{short}.{depth >> 1 & 7:02d}.{color}"


def _aac(config: bytes) -> tuple[str, ...]:
    object_type = audio_object_type(config)
    # HE-AAC may be signalled so that an AAC-LC decoder reads it (14496-3 1.6.5.2): the
    # configuration then says LC, and ends in the sync extension 0x2B7 with type 5.
    backward = object_type == _LC and len(config) >= 5 and config[2] == 0x56 and config[3] >= 0xE0
    if backward and config[4] & 0x80:
        return "mp4a.40.5", "mp4a.40.2", "mp4a.40.29"
    if object_type == _PS:
        return "mp4a.40.29", "mp4a.40.5"
    return (f"mp4a.40.{object_type}",)


def _expect(what: str, record: bytes, least: int) -> None:
    if len(record) < least:
        raise Mp4Error(0, f"{what}: expected a record of {least} bytes or more, got {len(record)}")
