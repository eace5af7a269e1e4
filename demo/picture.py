"""The demo's picture: a test card whose clock shows when each frame was drawn."""

from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageDraw, ImageFont

_INK = (236, 241, 247)
_FAINT = (131, 148, 170)
_ACCENT = (56, 217, 169)
_TOP = (20, 28, 43)
_BOTTOM = (9, 12, 20)
_SWATCHES = (
    (235, 235, 235),
    (232, 217, 60),
    (60, 205, 215),
    (68, 190, 80),
    (197, 78, 190),
    (208, 62, 62),
    (62, 84, 208),
)
CLOCK_BITS = 48  # unix milliseconds fit for 8,900 years


@dataclass(frozen=True, slots=True)
class PictureSize:
    """Width and height in pixels; both even, as 4:2:0 sampling demands, 320x180 to 3840x2160."""

    width_px: int
    height_px: int

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn or encoded."""
        if not (320 <= self.width_px <= 3840 and 180 <= self.height_px <= 2160):
            raise ValueError(f"picture size: expected 320x180 to 3840x2160, got {self}")
        if self.width_px % 2 or self.height_px % 2:
            raise ValueError(f"picture size: expected even numbers, got {self}")

    @classmethod
    def parse(cls, text: str) -> "PictureSize":
        """Read `1280x720`. Raises ValueError."""
        width, separator, height = text.partition("x")
        if not (separator and width.isdecimal() and height.isdecimal()):
            raise ValueError(f"picture size: expected WIDTHxHEIGHT like 1280x720, got {text!r}")
        return cls(int(width), int(height))

    def __str__(self) -> str:
        return f"{self.width_px}x{self.height_px}"


class TestCard:
    """Draws frames: the background once, then only what moves.

    A row of black and white cells along the bottom edge holds the frame's wall-clock time in unix
    milliseconds as CLOCK_BITS bits, most significant first: a program that sees the picture can
    tell how old it is. The cells span the full width, each WIDTH / CLOCK_BITS wide, 1/30 high.
    """

    __test__ = False  # for pytest: a picture, no test

    def __init__(self, size: PictureSize, caption: str) -> None:
        self._size = size
        unit = size.height_px / 720
        self._unit = unit
        self._clock_font = ImageFont.load_default(150 * unit)
        self._label_font = ImageFont.load_default(28 * unit)
        self._background = _background(size, caption, unit)

    def draw(self, frame_number: int, unix_ms: int) -> Image.Image:
        """Return the RGB picture of one frame."""
        unit, width, height = self._unit, self._size.width_px, self._size.height_px
        image = self._background.copy()
        pen = ImageDraw.Draw(image)
        moment = datetime.fromtimestamp(unix_ms // 1000).astimezone()
        pen.text(
            (width / 2, 340 * unit),
            f"{moment:%H:%M:%S}.{unix_ms % 1000 // 10:02d}",
            font=self._clock_font,
            fill=_INK,
            anchor="mm",
        )
        pen.text(
            (width / 2, 450 * unit),
            f"{moment:%A, %d %B %Y}   ·   frame {frame_number:,}",
            font=self._label_font,
            fill=_FAINT,
            anchor="mm",
        )
        self._draw_second_hand(pen, unix_ms % 1000)
        cell = width / CLOCK_BITS
        for bit in range(CLOCK_BITS):
            shade = 255 if unix_ms >> (CLOCK_BITS - 1 - bit) & 1 else 0
            box = (round(bit * cell), height - height // 30, round((bit + 1) * cell), height)
            pen.rectangle(box, fill=(shade, shade, shade))
        return image

    def _draw_second_hand(self, pen: ImageDraw.ImageDraw, ms: int) -> None:
        # A bar that fills once a second: dropped and repeated frames show as jerks.
        unit, width = self._unit, self._size.width_px
        left, right, top, bottom = width * 0.2, width * 0.8, 500 * unit, 512 * unit
        pen.rectangle((left, top, right, bottom), fill=(35, 45, 63))
        pen.rectangle((left, top, left + (right - left) * ms / 1000, bottom), fill=_ACCENT)
        if ms < 100:  # with the beep, for lip-sync by eye
            radius = 26 * unit
            center = (width * 0.9, 110 * unit)
            pen.circle(center, radius, fill=_ACCENT)


def _background(size: PictureSize, caption: str, unit: float) -> Image.Image:
    mask = Image.linear_gradient("L").resize((size.width_px, size.height_px))
    bottom = Image.new("RGB", mask.size, _BOTTOM)
    image = Image.composite(bottom, Image.new("RGB", mask.size, _TOP), mask)
    pen = ImageDraw.Draw(image)
    title_font = ImageFont.load_default(54 * unit)
    label_font = ImageFont.load_default(28 * unit)
    left = size.width_px * 0.06
    pen.text((left, 84 * unit), "Rillcast", font=title_font, fill=_INK, anchor="lm")
    pen.text((left, 138 * unit), caption, font=label_font, fill=_FAINT, anchor="lm")
    swatch = size.width_px / len(_SWATCHES)
    for index, color in enumerate(_SWATCHES):
        box = (round(index * swatch), 600 * unit, round((index + 1) * swatch), 690 * unit)
        pen.rectangle(box, fill=color)
    return image
