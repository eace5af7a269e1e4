"""VP9: vpcC and uncompressed frame headers (VP Codec ISO Media File Format Binding; VP9 6.2)."""

from dataclasses import dataclass

from ingest.media.codecs.bits import BitReader
from ingest.media.codecs.errors import BitstreamError
from ingest.media.codecs.picture_size import check_picture_size
from ingest.media.codecs.vui import UNSPECIFIED, specified_color
from ingest.media.track import ColorDescription

_RECORD_BYTES = 8
_FULL_BOX_HEADER = b"\x01\x00\x00\x00"
_SYNC_CODE = 0x498342
_HEADER_BYTES = 24
_RGB = 7
# VP9 7.2.2 color_space, as primaries, transfer and matrix of ISO/IEC 23091-2.
_COLOR_SPACES = {
    1: (6, 6, 6),
    2: (1, 1, 1),
    3: (6, 6, 6),
    4: (7, 7, 7),
    5: (9, 14, 9),
    _RGB: (1, 13, 0),
}
# Annex A: the largest luma picture (samples) and rate (samples a second) of each level.
_LEVELS = (
    (36_864, 10),
    (73_728, 11),
    (122_880, 20),
    (245_760, 21),
    (552_960, 30),
    (983_040, 31),
    (2_228_224, 40),
    (8_912_896, 50),
)
_HIGHEST_LEVEL = 60


@dataclass(frozen=True, slots=True)
class Vp9KeyFrame:
    """What the uncompressed header of a key frame says; `subsampling` is x and y."""

    profile: int
    width_px: int
    height_px: int
    bit_depth: int
    color: ColorDescription | None
    subsampling: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Vp9Configuration:
    """A VPCodecConfigurationRecord without FullBox header, and what it says."""

    record: bytes
    bit_depth: int
    color: ColorDescription | None


def parse_vp9_configuration(body: bytes) -> Vp9Configuration:
    """Read a VPCodecConfigurationRecord.

    The specification of Enhanced RTMP sends the bare record; some encoders leave the version and
    flags of the `vpcC` box before it.
    """
    record = body
    if len(body) >= _RECORD_BYTES + 4 and body.startswith(_FULL_BOX_HEADER):
        record = body[4:]
    if len(record) < _RECORD_BYTES:
        raise BitstreamError(f"vpcC: expected {_RECORD_BYTES} bytes or more, got {len(record)}")
    depth = record[2] >> 4
    if record[0] > 3 or depth not in (8, 10, 12):
        raise BitstreamError(f"vpcC: expected profile 0 to 3, got {record[0]} with {depth} bits")
    color = specified_color(record[3], record[4], record[5], full_range=bool(record[2] & 1))
    return Vp9Configuration(record, depth, color)


def write_vp9_configuration(key_frame: Vp9KeyFrame) -> bytes:
    """Write the record of an encoder that sent none; the level is the least for the picture."""
    color = key_frame.color
    points = (UNSPECIFIED,) * 3
    if color is not None:
        points = (color.primaries, color.transfer, color.matrix)
    # chromaSubsampling: 1 is 4:2:0 with chroma collocated with luma, 2 is 4:2:2, 3 is 4:4:4.
    chroma = {(1, 1): 1, (1, 0): 2}.get(key_frame.subsampling, 3)
    full_range = color is not None and color.full_range
    samples = key_frame.width_px * key_frame.height_px
    level = next((level for most, level in _LEVELS if samples <= most), _HIGHEST_LEVEL)
    formats = key_frame.bit_depth << 4 | chroma << 1 | full_range
    return bytes((key_frame.profile, level, formats, *points, 0, 0))


def parse_vp9_key_frame(unit: bytes, start: int = 0) -> Vp9KeyFrame | None:
    """Read the uncompressed header at `start` (6.2); None if it is of no key frame.

    In a superframe that is the header of the first frame.
    """
    reader = BitReader(unit[start : start + _HEADER_BYTES])
    if reader.bits(2) != 2:
        raise BitstreamError("VP9: expected frame_marker 2")
    profile = reader.bits(1) | reader.bits(1) << 1
    if profile == 3:
        reader.skip(1)
    if reader.flag() or reader.flag():
        return None  # show_existing_frame, or frame_type 1: NON_KEY_FRAME
    reader.skip(2)  # show_frame, error_resilient_mode
    if reader.bits(24) != _SYNC_CODE:
        raise BitstreamError("VP9: expected frame_sync_code 0x498342")
    depth = 8
    if profile >= 2:
        depth = 12 if reader.flag() else 10
    color_space = reader.bits(3)
    has_all_chroma = profile in (1, 3)
    if color_space == _RGB:
        full_range, subsampling = True, (0, 0)
        reader.skip(1 if has_all_chroma else 0)
    else:
        full_range, subsampling = reader.flag(), (1, 1)
        if has_all_chroma:
            subsampling = (reader.bits(1), reader.bits(1))
            reader.skip(1)
    width, height = reader.bits(16) + 1, reader.bits(16) + 1
    check_picture_size("VP9", width, height)
    points = _COLOR_SPACES.get(color_space, (UNSPECIFIED,) * 3)
    color = specified_color(*points, full_range=full_range)
    return Vp9KeyFrame(profile, width, height, depth, color, subsampling)
