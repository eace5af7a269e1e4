"""The largest picture that is carried."""

from ingest.media.codecs.errors import BitstreamError

# More than any encoder makes (8K is 7680); sample entries end at 65,535 (ISO/IEC 14496-12 12.1.3).
_MAX_SIDE_PX = 16_384


def check_picture_size(codec: str, width_px: int, height_px: int) -> None:
    """Raise BitstreamError for a picture without samples, or one that nobody could show."""
    if not (0 < width_px <= _MAX_SIDE_PX and 0 < height_px <= _MAX_SIDE_PX):
        raise BitstreamError(
            f"{codec}: expected a picture up to {_MAX_SIDE_PX} px a side, "
            f"got {width_px}x{height_px}"
        )
