"""AVC decoder configuration (ISO/IEC 14496-15 5.3.3) and SPS (H.264 7.3.2.1)."""

from dataclasses import dataclass

from ingest.media.codecs.bits import BitReader
from ingest.media.codecs.errors import BitstreamError
from ingest.media.codecs.nal_unit import read_sized_nal_units, unescape
from ingest.media.codecs.picture_size import check_picture_size
from ingest.media.codecs.vui import plausible_frame_rate, read_color, read_sample_aspect
from ingest.media.track import VideoFormat

# H.264 7.3.2.1.1: the profiles whose SPS tells the chroma format and bit depth.
_HIGH_PROFILES = frozenset({44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244})
# ISO/IEC 14496-15 5.3.3.1.2: the profiles whose record ends with chroma format and bit depth.
_RECORD_EXTENSION_PROFILES = frozenset({100, 110, 122, 144})
_WHOLE_SPS_BYTES = 4  # NAL header, profile, constraints and level: all that the record repeats


@dataclass(frozen=True, slots=True)
class AvcConfiguration:
    """What a decoder must know before the first picture.

    `length_size` is how many bytes (1, 2 or 4) hold the length of each NAL unit in a sample.
    The parameter sets are whole NAL units; an encoder that sends them in-band may leave them out.
    """

    length_size: int
    sequence_parameter_sets: tuple[bytes, ...]
    picture_parameter_sets: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class AvcSequence:
    """What a sequence parameter set says."""

    video: VideoFormat
    parameter_set_id: int
    chroma_format: int
    bit_depth_chroma: int


def parse_avc_configuration(record: bytes) -> AvcConfiguration:
    """Read an AVCDecoderConfigurationRecord; what follows the parameter sets is ignored."""
    if len(record) < 7:
        raise BitstreamError(f"avcC: expected 7 bytes or more, got {len(record)}")
    if record[0] != 1:
        raise BitstreamError(f"avcC: expected configurationVersion 1, got {record[0]}")
    length_size = (record[4] & 3) + 1
    if length_size == 3:
        raise BitstreamError("avcC: expected NAL unit lengths of 1, 2 or 4 bytes, got 3")
    sps, position = read_sized_nal_units(record, 6, record[5] & 0x1F)
    if position >= len(record):
        raise BitstreamError("avcC: ends before the count of picture parameter sets")
    pps, _ = read_sized_nal_units(record, position + 1, record[position])
    return AvcConfiguration(length_size, sps, pps)


def write_avc_configuration(configuration: AvcConfiguration) -> bytes:
    """Write the AVCDecoderConfigurationRecord of parameter sets that came in-band.

    Needs at least one sequence parameter set.
    """
    sps = configuration.sequence_parameter_sets
    pps = configuration.picture_parameter_sets
    sequence = parse_avc_sequence(sps[0])
    parts = [
        b"\x01" + sps[0][1:4] + bytes((0xFC | configuration.length_size - 1, 0xE0 | len(sps))),
        *(len(unit).to_bytes(2, "big") + unit for unit in sps),
        bytes((len(pps),)),
        *(len(unit).to_bytes(2, "big") + unit for unit in pps),
    ]
    if sps[0][1] in _RECORD_EXTENSION_PROFILES:
        parts.append(
            bytes(
                (
                    0xFC | sequence.chroma_format,
                    0xF8 | sequence.video.bit_depth - 8,
                    0xF8 | sequence.bit_depth_chroma - 8,
                    0,
                )
            )
        )
    return b"".join(parts)


def parse_avc_sequence(nal_unit: bytes) -> AvcSequence:
    """Read a sequence parameter set NAL unit (H.264 7.3.2.1.1)."""
    if len(nal_unit) < _WHOLE_SPS_BYTES or nal_unit[0] & 0x1F != 7:
        raise BitstreamError("AVC: expected a sequence parameter set (NAL unit type 7)")
    reader = BitReader(unescape(nal_unit)[1:])
    profile = reader.bits(8)
    reader.skip(16)  # constraint flags, level
    parameter_set_id = reader.ue()
    chroma_format, depth_luma, depth_chroma, has_separate_planes = 1, 8, 8, False
    if profile in _HIGH_PROFILES:
        chroma_format = reader.ue()
        if chroma_format > 3:
            raise BitstreamError(f"AVC: expected chroma_format_idc 0 to 3, got {chroma_format}")
        if chroma_format == 3:
            has_separate_planes = reader.flag()
        depth_luma, depth_chroma = 8 + reader.ue(), 8 + reader.ue()
        if max(depth_luma, depth_chroma) > 14:
            raise BitstreamError(f"AVC: expected a bit depth up to 14, got {depth_luma}")
        reader.skip(1)  # qpprime_y_zero_transform_bypass_flag
        if reader.flag():
            _skip_scaling_matrix(reader, 12 if chroma_format == 3 else 8)
    reader.ue()  # log2_max_frame_num_minus4
    _skip_picture_order(reader)
    reader.ue()  # max_num_ref_frames
    reader.skip(1)  # gaps_in_frame_num_value_allowed_flag
    width = (reader.ue() + 1) * 16
    height_map_units = reader.ue() + 1
    is_progressive = reader.flag()
    height = height_map_units * (16 if is_progressive else 32)
    if not is_progressive:
        reader.skip(1)  # mb_adaptive_frame_field_flag
    reader.skip(1)  # direct_8x8_inference_flag
    if reader.flag():
        # H.264 7.4.2.1.1: offsets count in crop units, which are one luma sample without chroma.
        has_chroma = chroma_format != 0 and not has_separate_planes
        unit_x = 2 if has_chroma and chroma_format in (1, 2) else 1
        unit_y = (2 if has_chroma and chroma_format == 1 else 1) * (1 if is_progressive else 2)
        width -= (reader.ue() + reader.ue()) * unit_x
        height -= (reader.ue() + reader.ue()) * unit_y
    check_picture_size("AVC", width, height)
    sample_aspect, color, frame_rate = (1, 1), None, None
    if reader.flag():
        sample_aspect = read_sample_aspect(reader)
        if reader.flag():
            reader.skip(1)  # overscan_appropriate_flag
        color = read_color(reader)
        if reader.flag():
            reader.ue()  # chroma_sample_loc_type_top_field
            reader.ue()  # chroma_sample_loc_type_bottom_field
        if reader.flag():
            units_in_tick, ticks_per_second = reader.bits(32), reader.bits(32)
            # H.264 E.2.1: a frame lasts two ticks.
            frame_rate = plausible_frame_rate(ticks_per_second, 2 * units_in_tick)
    video = VideoFormat(width, height, sample_aspect, frame_rate, depth_luma, color)
    return AvcSequence(video, parameter_set_id, chroma_format, depth_chroma)


def _skip_scaling_matrix(reader: BitReader, list_count: int) -> None:
    """Pass over the scaling lists (H.264 7.3.2.1.1.1)."""
    for index in range(list_count):
        if not reader.flag():
            continue
        last_scale = next_scale = 8
        for _ in range(16 if index < 6 else 64):
            if next_scale:
                next_scale = (last_scale + reader.se()) % 256
            last_scale = next_scale or last_scale


def _skip_picture_order(reader: BitReader) -> None:
    """Pass over the picture order count fields (H.264 7.3.2.1.1)."""
    kind = reader.ue()
    if kind == 0:
        reader.ue()  # log2_max_pic_order_cnt_lsb_minus4
    elif kind == 1:
        reader.skip(1)  # delta_pic_order_always_zero_flag
        reader.se()
        reader.se()
        count = reader.ue()
        if count > 255:
            raise BitstreamError(f"AVC: expected up to 255 reference frame offsets, got {count}")
        for _ in range(count):
            reader.se()
