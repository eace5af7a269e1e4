"""AV1 in CMAF: `av01` and `av1C` (AV1 Codec ISO Media File Format Binding, 2.2 and 2.3)."""

from ingest.media import Track
from packager.cmaf.box import box
from packager.cmaf.sample_entry.color_suffix import is_default_color
from packager.cmaf.sample_entry.record import decoder_record
from packager.cmaf.sample_entry.visual import video_format, write_visual_entry

_FIXED_PART_BYTES = 4
_MONOCHROME_4_2_0 = "0.110"


def write_av1_entry(track: Track) -> bytes:
    """Write `av01` with the record as it came, sequence header OBU included."""
    record = decoder_record(track, _FIXED_PART_BYTES)
    return write_visual_entry(b"av01", track, b"AOM Coding", box(b"av1C", record))


def av1_codec_string(track: Track) -> str:
    """Name profile, level, tier and depth, and colour where it is not the default (section 5).

    For example `av01.0.08M.08`, `av01.0.13M.10.0.112.09.16.09.0`. The optional part is all there
    or not at all.
    """
    record = decoder_record(track, _FIXED_PART_BYTES)
    profile = record[1] >> 5
    level = record[1] & 0x1F
    tier = "H" if record[2] & 0x80 else "M"
    high_bit_depth, twelve_bit = record[2] & 0x40, record[2] & 0x20
    # AV1 5.5.2: twelve_bit is read in profile 2 alone, where high_bitdepth is set.
    depth = (12 if profile == 2 and twelve_bit else 10) if high_bit_depth else 8
    required = f"av01.{profile}.{level:02}{tier}.{depth:02}"

    is_monochrome = record[2] >> 4 & 1
    subsampling_x, subsampling_y = record[2] >> 3 & 1, record[2] >> 2 & 1
    position = record[2] & 3 if subsampling_x and subsampling_y else 0
    sampling = f"{is_monochrome}.{subsampling_x}{subsampling_y}{position}"
    color = video_format(track).color
    if color is None or (is_default_color(color) and sampling == _MONOCHROME_4_2_0):
        return required
    return (
        f"{required}.{sampling}.{color.primaries:02}.{color.transfer:02}.{color.matrix:02}"
        f".{color.full_range:d}"
    )
