"""AV1: OBUs, sequence headers and av1C (AV1 specification 5.3 to 5.9; AV1 in ISOBMFF 2.3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from ingest.media.codecs.bits import BitReader
from ingest.media.codecs.errors import BitstreamError
from ingest.media.codecs.picture_size import check_picture_size
from ingest.media.codecs.vui import plausible_frame_rate, specified_color
from ingest.media.track import ColorDescription, VideoFormat

OBU_SEQUENCE_HEADER, OBU_TEMPORAL_DELIMITER, OBU_FRAME_HEADER = 1, 2, 3
OBU_FRAME, OBU_PADDING = 6, 15

_RECORD_BYTES = 4
_MAX_LEB128_BYTES = 8
# A frame has up to 512 tiles (A.3), each of which may be a tile group OBU of its own; a temporal
# unit of nothing but tiny OBUs must not hold up other publishers.
_MAX_OBUS = 2048
# A sequence header takes some tens of bytes; more is not read.
_MAX_SEQUENCE_HEADER_BYTES = 512
_SELECT_SCREEN_CONTENT_TOOLS = 2
_BT709, _SRGB, _IDENTITY = 1, 13, 0


class Obu(NamedTuple):
    """Where an OBU lies: from its header to its end, and where its content begins."""

    kind: int
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class Av1Sequence:
    """What a sequence header says, and what of it an av1C repeats."""

    video: VideoFormat
    profile: int
    level: int
    tier: int
    is_monochrome: bool
    subsampling: tuple[int, int, int]  # x, y, chroma sample position
    is_still: bool  # reduced_still_picture_header: frames have no type


def split_obus(data: bytes, start: int = 0) -> Iterator[Obu]:
    """Find the OBUs of low-overhead data from `start` on (5.3.1); the last may have no size."""
    position = start
    end_of_data = len(data)
    for _ in range(_MAX_OBUS):
        if position >= end_of_data:
            return
        header = data[position]
        if header & 0x80:
            raise BitstreamError("AV1: expected an OBU, got a forbidden bit")
        body = position + (2 if header & 4 else 1)
        if header & 2:  # obu_has_size_field
            size, body = _leb128(data, body)
            end = body + size
        else:
            end = end_of_data
        if body > end_of_data or end > end_of_data:
            raise BitstreamError(f"AV1: expected an OBU up to byte {end}, got {end_of_data}")
        yield Obu(header >> 3 & 0xF, position, body, end)
        position = end
    raise BitstreamError(f"AV1: expected up to {_MAX_OBUS} OBUs in a temporal unit")


def parse_av1_configuration(record: bytes) -> bytes:
    """Read an AV1CodecConfigurationRecord and give its configOBUs, which may be empty."""
    if len(record) < _RECORD_BYTES:
        raise BitstreamError(f"av1C: expected {_RECORD_BYTES} bytes or more, got {len(record)}")
    if record[0] != 0x81:
        raise BitstreamError(f"av1C: expected marker and version 0x81, got {record[0]:#04x}")
    return record[_RECORD_BYTES:]


def write_av1_configuration(sequence: Av1Sequence, sequence_header: bytes) -> bytes:
    """Write the AV1CodecConfigurationRecord of a sequence header OBU that came in-band."""
    depth = sequence.video.bit_depth
    flags = sequence.tier << 7 | (depth > 8) << 6 | (depth > 10) << 5
    x, y, position = sequence.subsampling
    flags |= sequence.is_monochrome << 4 | x << 3 | y << 2 | position
    return bytes((0x81, sequence.profile << 5 | sequence.level, flags, 0)) + sequence_header


def is_shown_key_frame(data: bytes, obu: Obu) -> bool:
    """Whether a frame or frame header OBU begins a shown key frame (5.9.2).

    The sequence must not have reduced still picture headers.
    """
    if obu.body >= obu.end:
        raise BitstreamError("AV1: empty frame header")
    # show_existing_frame 0, frame_type 0 (KEY_FRAME), show_frame 1
    return data[obu.body] >> 4 == 0b0001


def parse_av1_sequence(body: bytes) -> Av1Sequence:
    """Read the content of a sequence header OBU (5.5)."""
    reader = BitReader(body[:_MAX_SEQUENCE_HEADER_BYTES])
    profile = reader.bits(3)
    if profile > 2:
        raise BitstreamError(f"AV1: expected seq_profile 0 to 2, got {profile}")
    reader.skip(1)  # still_picture
    is_reduced = reader.flag()
    frame_rate = None
    if is_reduced:
        level, tier = reader.bits(5), 0
    else:
        frame_rate, level, tier = _read_operating_points(reader)
    width_bits, height_bits = reader.bits(4) + 1, reader.bits(4) + 1
    width, height = reader.bits(width_bits) + 1, reader.bits(height_bits) + 1
    check_picture_size("AV1", width, height)
    if not is_reduced and reader.flag():
        reader.skip(4 + 3)  # frame id lengths
    reader.skip(3)  # superblock size, filter intra, intra edge filter
    if not is_reduced:
        _skip_tools(reader)
    reader.skip(3)  # superres, cdef, restoration
    depth, is_monochrome, color, subsampling = _read_color_config(reader, profile)
    video = VideoFormat(width, height, (1, 1), frame_rate, depth, color)
    return Av1Sequence(video, profile, level, tier, is_monochrome, subsampling, is_reduced)


def _read_operating_points(reader: BitReader) -> tuple[Fraction | None, int, int]:
    """Read timing and operating points (5.5.1): frame rate, and level and tier of the first."""
    frame_rate = None
    has_decoder_model, delay_bits = False, 0
    if reader.flag():
        units_in_tick, ticks_per_second = reader.bits(32), reader.bits(32)
        if reader.flag():
            # 5.5.3: only an equal interval says a rate.
            frame_rate = plausible_frame_rate(ticks_per_second, units_in_tick * (reader.ue() + 1))
        has_decoder_model = reader.flag()
        if has_decoder_model:
            delay_bits = reader.bits(5) + 1
            reader.skip(32 + 5 + 5)
    has_display_delay = reader.flag()
    first: tuple[int, int] | None = None
    for _ in range(reader.bits(5) + 1):
        reader.skip(12)  # operating_point_idc
        level = reader.bits(5)
        tier = reader.bits(1) if level > 7 else 0
        first = first or (level, tier)
        if has_decoder_model and reader.flag():
            reader.skip(2 * delay_bits + 1)
        if has_display_delay and reader.flag():
            reader.skip(4)
    level, tier = first or (0, 0)
    return frame_rate, level, tier


def _skip_tools(reader: BitReader) -> None:
    """Pass over the coding tools that stand between sizes and colours (5.5.1)."""
    reader.skip(4)  # interintra, masked compound, warped motion, dual filter
    has_order_hint = reader.flag()
    if has_order_hint:
        reader.skip(2)  # jnt_comp, ref_frame_mvs
    screen_content = _SELECT_SCREEN_CONTENT_TOOLS if reader.flag() else reader.bits(1)
    if screen_content and not reader.flag():
        reader.skip(1)  # seq_force_integer_mv
    if has_order_hint:
        reader.skip(3)


def _read_color_config(
    reader: BitReader, profile: int
) -> tuple[int, bool, ColorDescription | None, tuple[int, int, int]]:
    """Read color_config (5.5.2): bit depth, monochrome, colours, subsampling."""
    depth = 10 if reader.flag() else 8
    if profile == 2 and depth == 10:
        depth = 12 if reader.flag() else 10
    is_monochrome = profile != 1 and reader.flag()
    primaries = transfer = matrix = 2
    if reader.flag():
        primaries, transfer, matrix = reader.bits(8), reader.bits(8), reader.bits(8)
    if not is_monochrome and (primaries, transfer, matrix) == (_BT709, _SRGB, _IDENTITY):
        color = ColorDescription(primaries, transfer, matrix, full_range=True)
        return depth, False, color, (0, 0, 0)
    full_range = reader.flag()
    color_or_none = specified_color(primaries, transfer, matrix, full_range=full_range)
    if is_monochrome:
        return depth, True, color_or_none, (1, 1, 0)
    x, y = {0: (1, 1), 1: (0, 0)}.get(profile, (1, 0))
    if profile == 2 and depth == 12:
        x = reader.bits(1)
        y = reader.bits(1) if x else 0
    position = reader.bits(2) if x and y else 0
    return depth, False, color_or_none, (x, y, position)


def _leb128(data: bytes, position: int) -> tuple[int, int]:
    """Read leb128() (4.10.5): the value, and the position after it."""
    value = 0
    for index, byte in enumerate(data[position : position + _MAX_LEB128_BYTES]):
        value |= (byte & 0x7F) << 7 * index
        if not byte & 0x80:
            return value, position + index + 1
    raise BitstreamError("AV1: an OBU's size does not end")
