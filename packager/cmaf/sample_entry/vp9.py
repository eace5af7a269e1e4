"""VP9 in CMAF: `vp09` and `vpcC` (VP Codec ISO Media File Format Binding 1.0)."""

from ingest.media import ColorDescription, Track
from packager.cmaf.box import full_box
from packager.cmaf.sample_entry.color_suffix import is_default_color
from packager.cmaf.sample_entry.record import decoder_record
from packager.cmaf.sample_entry.visual import write_visual_entry

_FIXED_PART_BYTES = 8
_CHROMA_4_2_0_COLOCATED = 1


def write_vp9_entry(track: Track) -> bytes:
    """Write `vp09`; `vpcC` is a FullBox of version 1, unlike the other codecs' records."""
    record = decoder_record(track, _FIXED_PART_BYTES)
    return write_visual_entry(b"vp09", track, b"VPC Coding", full_box(b"vpcC", 1, 0, record))


def vp9_codec_string(track: Track) -> str:
    """Name profile, level and depth, and chroma and colour where they are not the default.

    For example `vp09.00.41.08`, `vp09.02.10.10.01.09.16.09.01`. The optional part is all there or
    not at all.
    """
    record = decoder_record(track, _FIXED_PART_BYTES)
    profile, level = record[0], record[1]
    depth, chroma, full_range = record[2] >> 4, record[2] >> 1 & 7, record[2] & 1
    color = ColorDescription(record[3], record[4], record[5], full_range=bool(full_range))
    required = f"vp09.{profile:02}.{level:02}.{depth:02}"
    if is_default_color(color) and chroma == _CHROMA_4_2_0_COLOCATED:
        return required
    return (
        f"{required}.{chroma:02}.{color.primaries:02}.{color.transfer:02}.{color.matrix:02}"
        f".{full_range:02}"
    )
