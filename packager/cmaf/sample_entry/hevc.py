"""HEVC in CMAF: `hvc1` and `hvcC` (ISO/IEC 14496-15, 8.3.3 and 8.4.1).

Never `hev1`: Safari and AVPlayer play `hvc1` only, and tolerate parameter sets that samples
repeat.
"""

from ingest.media import Track
from packager.cmaf.box import box
from packager.cmaf.errors import DecoderConfigurationError
from packager.cmaf.sample_entry.record import decoder_record
from packager.cmaf.sample_entry.visual import write_visual_entry

_FIXED_PART_BYTES = 23  # the last of them is numOfArrays
_ARRAY_COMPLETENESS = 0x80
_NAL_TYPE_MASK = 0x3F
_PARAMETER_SET_NAL_TYPES = frozenset({32, 33, 34})  # VPS, SPS, PPS


def write_hevc_entry(track: Track) -> bytes:
    """Write `hvc1` with the track's record, its parameter sets declared complete."""
    record = decoder_record(track, _FIXED_PART_BYTES)
    return write_visual_entry(
        b"hvc1", track, b"HEVC Coding", box(b"hvcC", _declare_complete(track, record))
    )


def hevc_codec_string(track: Track) -> str:
    """Name profile, compatibility, tier, level and constraints (ISO/IEC 14496-15, E.3).

    For example `hvc1.1.6.L93.B0`: the compatibility flags in reverse bit order as hexadecimal
    without leading zeros, the constraint bytes without trailing zero bytes.
    """
    record = decoder_record(track, _FIXED_PART_BYTES)
    profile_space = ("", "A", "B", "C")[record[1] >> 6]
    tier = "H" if record[1] & 0x20 else "L"
    profile_idc = record[1] & 0x1F
    compatibility = int(f"{int.from_bytes(record[2:6]):032b}"[::-1], 2)
    level_idc = record[12]
    constraints = "".join(f".{byte:X}" for byte in record[6:12].rstrip(b"\0"))
    return f"hvc1.{profile_space}{profile_idc}.{compatibility:X}.{tier}{level_idc}{constraints}"


def _declare_complete(track: Track, record: bytes) -> bytes:
    """Set array_completeness of the parameter sets, which `hvc1` requires (8.4.1.1).

    Encoders copy it from Annex B configurations as 0.
    """
    complete = bytearray(record)
    position = _FIXED_PART_BYTES
    try:
        for _ in range(record[_FIXED_PART_BYTES - 1]):
            if record[position] & _NAL_TYPE_MASK in _PARAMETER_SET_NAL_TYPES:
                complete[position] |= _ARRAY_COMPLETENESS
            nal_count = int.from_bytes(record[position + 1 : position + 3])
            position += 3
            for _ in range(nal_count):
                position += 2 + int.from_bytes(record[position : position + 2])
    except IndexError:
        position = len(record) + 1
    if position > len(record):
        raise DecoderConfigurationError(
            f"decoder configuration of HEVC track {track.name}: expected "
            f"{record[_FIXED_PART_BYTES - 1]} arrays of NAL units, got {len(record)} bytes"
        )
    return bytes(complete)
