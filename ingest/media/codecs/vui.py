"""The parts of video usability information that AVC and HEVC share (annex E of both)."""

from fractions import Fraction

from ingest.media.codecs.bits import BitReader
from ingest.media.track import ColorDescription

UNSPECIFIED = 2  # the code point "unspecified" of primaries, transfer and matrix (23091-2)

_EXTENDED_SAR = 255
# H.264 table E-1 and H.265 table E-1, by aspect_ratio_idc.
_SAMPLE_ASPECTS = (
    (1, 1),  # unspecified
    (1, 1),
    (12, 11),
    (10, 11),
    (16, 11),
    (40, 33),
    (24, 11),
    (20, 11),
    (32, 11),
    (80, 33),
    (18, 11),
    (15, 11),
    (64, 33),
    (160, 99),
    (4, 3),
    (3, 2),
    (2, 1),
)
# Outside of this a claim is a mistake (ticks of 1 us, still pictures) and says nothing.
_SLOWEST_FPS, _FASTEST_FPS = Fraction(1, 2), Fraction(300)
_MAX_FPS_DENOMINATOR = 1_000_000


def read_sample_aspect(reader: BitReader) -> tuple[int, int]:
    """Read aspect_ratio_info_present_flag and what follows; unknown or absent means square."""
    if not reader.flag():
        return (1, 1)
    code = reader.bits(8)
    if code == _EXTENDED_SAR:
        width, height = reader.bits(16), reader.bits(16)
        return (width, height) if width and height else (1, 1)
    return _SAMPLE_ASPECTS[code] if code < len(_SAMPLE_ASPECTS) else (1, 1)


def read_color(reader: BitReader) -> ColorDescription | None:
    """Read video_signal_type_present_flag and what follows."""
    if not reader.flag():
        return None
    reader.skip(3)  # video_format
    full_range = reader.flag()
    if not reader.flag():
        if full_range:
            return ColorDescription(UNSPECIFIED, UNSPECIFIED, UNSPECIFIED, full_range=True)
        return None
    primaries, transfer, matrix = reader.bits(8), reader.bits(8), reader.bits(8)
    return specified_color(primaries, transfer, matrix, full_range=full_range)


def specified_color(
    primaries: int, transfer: int, matrix: int, *, full_range: bool
) -> ColorDescription | None:
    """Make a description, or None if all it says is that nothing is known."""
    known = {primaries, transfer, matrix} != {UNSPECIFIED}
    if not known and not full_range:
        return None
    return ColorDescription(primaries, transfer, matrix, full_range=full_range)


def plausible_frame_rate(frames: int, seconds: int) -> Fraction | None:
    """Give frames / seconds as a frame rate, or None where no camera makes such a one."""
    if frames <= 0 or seconds <= 0:
        return None
    rate = Fraction(frames, seconds).limit_denominator(_MAX_FPS_DENOMINATOR)
    return rate if _SLOWEST_FPS <= rate <= _FASTEST_FPS else None
