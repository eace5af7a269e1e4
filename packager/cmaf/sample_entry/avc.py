"""H.264 in CMAF: `avc1` and `avcC` (ISO/IEC 14496-15, 5.3.3 and 5.4.2)."""

from ingest.media import Track
from packager.cmaf.box import box
from packager.cmaf.sample_entry.record import decoder_record
from packager.cmaf.sample_entry.visual import write_visual_entry

_SHORTEST_RECORD_BYTES = 7


def write_avc_entry(track: Track) -> bytes:
    """Write `avc1`: the parameter sets stand in the record (Apple asks for that over `avc3`)."""
    record = decoder_record(track, _SHORTEST_RECORD_BYTES)
    return write_visual_entry(b"avc1", track, b"AVC Coding", box(b"avcC", record))


def avc_codec_string(track: Track) -> str:
    """Name profile, constraints and level: `avc1.PPCCLL` (RFC 6381, 3.3)."""
    record = decoder_record(track, _SHORTEST_RECORD_BYTES)
    return f"avc1.{record[1:4].hex()}"
