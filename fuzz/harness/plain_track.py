"""Tracks with real decoder configurations, made by x264 and FFmpeg's AAC encoder."""

from ingest.media import Codec, Track, VideoFormat

AVC_RECORDS = tuple(
    bytes.fromhex(record)
    for record in (
        "0164000dffe100176764000dacb40a0cfcf080000003008000001e078a155001000468ef3cb0fdf8f800",
        "0164000dffe100156764000dacb4213420000003002000000641e2855401000468ef3cb0fdf8f800",
    )
)
AAC_CONFIGS = (bytes.fromhex("1190"), bytes.fromhex("1210"))  # stereo, 48 and 44.1 kHz


def plain_track() -> Track:
    """Give a video track."""
    return Track("video", 0, Codec.AVC, 90_000, AVC_RECORDS[0], video=VideoFormat(320, 180))
