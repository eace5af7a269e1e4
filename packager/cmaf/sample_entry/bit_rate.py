"""The bit rate that a publisher claims, and its box `btrt` (ISO/IEC 14496-12, 8.5.2.2)."""

from struct import pack

from ingest.media import Track
from packager.cmaf.box import box

_HIGHEST_EXPRESSIBLE_BPS = 2**32 - 1


def claimed_bitrate_bps(track: Track) -> int:
    """Give the claim, or 0, which means unknown, where there is none or it has no room."""
    claim_bps = track.bitrate_bps or 0
    return claim_bps if 0 < claim_bps <= _HIGHEST_EXPRESSIBLE_BPS else 0


def maybe_write_btrt(track: Track) -> bytes:
    """Write the claim as the largest and the mean rate, or nothing for a track without one."""
    bitrate_bps = claimed_bitrate_bps(track)
    return box(b"btrt", pack(">III", 0, bitrate_bps, bitrate_bps)) if bitrate_bps else b""
