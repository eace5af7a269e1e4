"""HEVC decoder configuration (ISO/IEC 14496-15 8.3.3) and what lies in it."""

from dataclasses import dataclass

from ingest.media.codecs.bits import BitReader
from ingest.media.codecs.errors import BitstreamError
from ingest.media.codecs.hevc_sequence import parse_hevc_sequence
from ingest.media.codecs.nal_unit import read_sized_nal_units, unescape

VPS, SPS, PPS = 32, 33, 34  # H.265 table 7-1

_FIXED_BYTES = 23
_ARRAY_COMPLETENESS = 0x80
_MAX_ARRAYS = 8  # 14496-15 8.3.3.1.2: VPS, SPS, PPS, prefix and suffix SEI


@dataclass(frozen=True, slots=True)
class HevcConfiguration:
    """What a decoder must know before the first picture.

    `length_size` is how many bytes (1, 2 or 4) hold the length of each NAL unit in a sample.
    `arrays` holds NAL units by type in the record's order; it may be empty where an encoder
    sends its parameter sets in-band.
    """

    length_size: int
    arrays: tuple[tuple[int, tuple[bytes, ...]], ...]


def nal_unit_type(nal_unit: bytes) -> int:
    """Read nal_unit_type (H.265 7.3.1.2)."""
    return nal_unit[0] >> 1 & 0x3F


def parse_hevc_configuration(record: bytes) -> HevcConfiguration:
    """Read an HEVCDecoderConfigurationRecord."""
    if len(record) < _FIXED_BYTES:
        raise BitstreamError(f"hvcC: expected {_FIXED_BYTES} bytes or more, got {len(record)}")
    # Drafts of the format, and encoders of that time, wrote configurationVersion 0.
    if record[0] > 1:
        raise BitstreamError(f"hvcC: expected configurationVersion 1, got {record[0]}")
    length_size = (record[21] & 3) + 1
    if length_size == 3:
        raise BitstreamError("hvcC: expected NAL unit lengths of 1, 2 or 4 bytes, got 3")
    if record[22] > _MAX_ARRAYS:
        raise BitstreamError(f"hvcC: expected up to {_MAX_ARRAYS} arrays, got {record[22]}")
    arrays = []
    position = _FIXED_BYTES
    for _ in range(record[22]):
        if position + 3 > len(record):
            raise BitstreamError("hvcC: ends within the arrays of NAL units")
        kind = record[position] & 0x3F
        count = int.from_bytes(record[position + 1 : position + 3], "big")
        units, position = read_sized_nal_units(record, position + 3, count)
        arrays.append((kind, units))
    return HevcConfiguration(length_size, tuple(arrays))


def write_hevc_configuration(configuration: HevcConfiguration) -> bytes:
    """Write an HEVCDecoderConfigurationRecord with complete arrays, as `hvc1` wants them.

    Needs at least one sequence parameter set; its profile, tier and level become the record's.
    """
    sps = next(units[0] for kind, units in configuration.arrays if kind == SPS and units)
    sequence = parse_hevc_sequence(sps)
    rbsp = unescape(sps)
    # The SPS begins: NAL header (2), VPS id, sub-layers and nesting (1), then the general
    # profile, tier and level in the very layout of the record (12).
    layers_byte, profile_tier_level = rbsp[2], rbsp[3:15]
    sub_layers = (layers_byte >> 1 & 7) + 1
    is_nested = layers_byte & 1
    fixed = (
        b"\x01"
        + profile_tier_level
        + b"\xf0\x00"  # min_spatial_segmentation_idc 0: no claim
        + b"\xfc"  # parallelismType 0: no claim
        + bytes(
            (
                0xFC | sequence.chroma_format,
                0xF8 | sequence.video.bit_depth - 8,
                0xF8 | sequence.bit_depth_chroma - 8,
            )
        )
        + b"\x00\x00"  # avgFrameRate: no claim
        + bytes(
            (
                sub_layers << 3 | is_nested << 2 | configuration.length_size - 1,
                len(configuration.arrays),
            )
        )
    )
    parts = [fixed]
    for kind, units in configuration.arrays:
        parts.append(bytes((_ARRAY_COMPLETENESS | kind,)) + len(units).to_bytes(2, "big"))
        parts.extend(len(unit).to_bytes(2, "big") + unit for unit in units)
    return b"".join(parts)


def complete_arrays(record: bytes) -> bytes:
    """Mark the parameter set arrays of a valid record as complete.

    `hvc1` requires it (14496-15 8.4.1.1), and it is true where in-band sets are taken out.
    """
    marked = bytearray(record)
    position = _FIXED_BYTES
    for _ in range(record[22]):
        if record[position] & 0x3F in (VPS, SPS, PPS):
            marked[position] |= _ARRAY_COMPLETENESS
        count = int.from_bytes(record[position + 1 : position + 3], "big")
        _, position = read_sized_nal_units(record, position + 3, count)
    return bytes(marked)


def parameter_set_id(nal_unit: bytes) -> int:
    """Read the id of a VPS, SPS or PPS (H.265 7.3.2.1 to 7.3.2.3)."""
    kind = nal_unit_type(nal_unit) if nal_unit else None
    if kind == SPS:
        return parse_hevc_sequence(nal_unit).parameter_set_id
    reader = BitReader(unescape(nal_unit[:16])[2:])
    return reader.bits(4) if kind == VPS else reader.ue()
