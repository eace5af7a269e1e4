"""HEVC sequence parameter sets (H.265 7.3.2.2)."""

from dataclasses import dataclass

from ingest.media.codecs.bits import BitReader
from ingest.media.codecs.errors import BitstreamError
from ingest.media.codecs.nal_unit import unescape
from ingest.media.codecs.picture_size import check_picture_size
from ingest.media.codecs.vui import plausible_frame_rate, read_color, read_sample_aspect
from ingest.media.track import VideoFormat

_SPS = 33
_MAX_SHORT_TERM_SETS = 64  # 7.4.3.2.1
_MAX_PICTURES_IN_SET = 16  # 7.4.8: sps_max_dec_pic_buffering is at most 16


@dataclass(frozen=True, slots=True)
class HevcSequence:
    """What a sequence parameter set says."""

    video: VideoFormat
    parameter_set_id: int
    chroma_format: int
    bit_depth_chroma: int


def parse_hevc_sequence(nal_unit: bytes) -> HevcSequence:
    """Read a sequence parameter set NAL unit."""
    if len(nal_unit) < 2 or nal_unit[0] >> 1 & 0x3F != _SPS:
        raise BitstreamError("HEVC: expected a sequence parameter set (NAL unit type 33)")
    reader = BitReader(unescape(nal_unit)[2:])
    reader.skip(4)  # sps_video_parameter_set_id
    sub_layers_minus1 = reader.bits(3)
    reader.skip(1)  # sps_temporal_id_nesting_flag
    _skip_profile_tier_level(reader, sub_layers_minus1)
    parameter_set_id = reader.ue()
    chroma_format = reader.ue()
    if chroma_format > 3:
        raise BitstreamError(f"HEVC: expected chroma_format_idc 0 to 3, got {chroma_format}")
    has_separate_planes = chroma_format == 3 and reader.flag()
    width, height = reader.ue(), reader.ue()
    if reader.flag():
        # Table 6-1: the conformance window counts in chroma samples.
        unit_x = 2 if chroma_format in (1, 2) and not has_separate_planes else 1
        unit_y = 2 if chroma_format == 1 and not has_separate_planes else 1
        width -= (reader.ue() + reader.ue()) * unit_x
        height -= (reader.ue() + reader.ue()) * unit_y
    check_picture_size("HEVC", width, height)
    depth_luma, depth_chroma = 8 + reader.ue(), 8 + reader.ue()
    if max(depth_luma, depth_chroma) > 16:
        raise BitstreamError(f"HEVC: expected a bit depth up to 16, got {depth_luma}")
    _skip_coding_tools(reader, sub_layers_minus1)
    sample_aspect, color, frame_rate = (1, 1), None, None
    if reader.flag():
        sample_aspect = read_sample_aspect(reader)
        if reader.flag():
            reader.skip(1)  # overscan_appropriate_flag
        color = read_color(reader)
        if reader.flag():
            reader.ue()  # chroma_sample_loc_type_top_field
            reader.ue()  # chroma_sample_loc_type_bottom_field
        reader.skip(3)  # neutral chroma, field_seq, frame_field_info
        if reader.flag():
            for _ in range(4):
                reader.ue()  # default display window: a hint that players ignore
        if reader.flag():
            units_in_tick, ticks_per_second = reader.bits(32), reader.bits(32)
            frame_rate = plausible_frame_rate(ticks_per_second, units_in_tick)
    video = VideoFormat(width, height, sample_aspect, frame_rate, depth_luma, color)
    return HevcSequence(video, parameter_set_id, chroma_format, depth_chroma)


def _skip_profile_tier_level(reader: BitReader, sub_layers_minus1: int) -> None:
    """Pass over profile_tier_level with the general profile present (7.3.3)."""
    reader.skip(88 + 8)
    present = [(reader.flag(), reader.flag()) for _ in range(sub_layers_minus1)]
    if sub_layers_minus1:
        reader.skip(2 * (8 - sub_layers_minus1))
    for has_profile, has_level in present:
        reader.skip(88 * has_profile + 8 * has_level)


def _skip_coding_tools(reader: BitReader, sub_layers_minus1: int) -> None:
    """Pass over all that lies between the bit depths and the VUI (7.3.2.2.1)."""
    poc_lsb_bits = reader.ue() + 4
    has_each_sub_layer = reader.flag()
    for _ in range(sub_layers_minus1 + 1 if has_each_sub_layer else 1):
        for _ in range(3):
            reader.ue()
    for _ in range(6):
        reader.ue()  # block sizes and transform depths
    if reader.flag() and reader.flag():
        _skip_scaling_lists(reader)
    reader.skip(2)  # amp_enabled_flag, sample_adaptive_offset_enabled_flag
    if reader.flag():
        reader.skip(8)
        reader.ue()
        reader.ue()
        reader.skip(1)
    _skip_short_term_sets(reader)
    if reader.flag():
        count = reader.ue()
        if count > 32:
            raise BitstreamError(f"HEVC: expected up to 32 long-term pictures, got {count}")
        reader.skip(count * (poc_lsb_bits + 1))
    reader.skip(2)  # sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag


def _skip_scaling_lists(reader: BitReader) -> None:
    """Pass over scaling_list_data (7.3.4)."""
    for size_id in range(4):
        for _ in range(2 if size_id == 3 else 6):
            if not reader.flag():
                reader.ue()  # scaling_list_pred_matrix_id_delta
                continue
            if size_id > 1:
                reader.se()  # scaling_list_dc_coef_minus8
            for _ in range(min(64, 1 << 4 + 2 * size_id)):
                reader.se()


def _skip_short_term_sets(reader: BitReader) -> None:
    """Pass over the st_ref_pic_sets of an SPS (7.3.7), counting pictures as prediction needs."""
    set_count = reader.ue()
    if set_count > _MAX_SHORT_TERM_SETS:
        raise BitstreamError(f"HEVC: expected up to 64 short-term sets, got {set_count}")
    picture_count = 0
    for index in range(set_count):
        if index and reader.flag():
            reader.skip(1)  # delta_rps_sign
            reader.ue()  # abs_delta_rps_minus1
            # 7.4.8: each picture of the set before, and that set's own, is used, kept or dropped.
            kept = 0
            for _ in range(picture_count + 1):
                if reader.flag() or reader.flag():
                    kept += 1
            picture_count = kept
        else:
            picture_count = reader.ue() + reader.ue()
            if picture_count > _MAX_PICTURES_IN_SET:
                raise BitstreamError(f"HEVC: expected up to 16 pictures, got {picture_count}")
            for _ in range(picture_count):
                reader.ue()
                reader.skip(1)
