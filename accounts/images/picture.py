"""Pictures as people send them: checked, and made anew in the sizes that pages show.

Nothing of the file that came is kept: what is served was written by our own encoder, without
EXIF (which says where it was taken), profiles, comments or a second file hidden behind the first.
"""

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from accounts.images.webp_size import webp_size

if TYPE_CHECKING:
    from PIL import Image

PICTURE_BYTES: Final = 5 * 2**20
PICTURE_TYPES: Final = ("image/jpeg", "image/png", "image/webp", "image/gif")
MEDIA_TYPE: Final = "image/webp"

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")  # as Pillow calls them; nothing else is opened
_SIDE_MAX: Final = 12_000
# What takes most memory is not the file: five kilobytes may be a white wall of any size.
_PIXELS_MAX: Final = 8_000_000
_JPEG_PIXELS_MAX: Final = 16_000_000  # decoded at a fraction, and what telephones make
_QUALITY: Final = 85


class PictureError(ValueError):
    """The bytes are no picture that can be shown; the text says what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureShape:
    """How a kind of picture is shown: widths in pixels, rising, and the height for 100 of width.

    What is too long or too wide is cut around the middle.
    """

    widths: tuple[int, ...]
    height_percent: int

    def size(self, width: int) -> tuple[int, int]:
        """Return width and height in pixels."""
        return width, max(1, width * self.height_percent // 100)


AVATAR: Final = PictureShape(widths=(64, 256), height_percent=100)
ARTWORK: Final = PictureShape(widths=(480, 1280), height_percent=56)  # 16:9


def make_pictures(content: bytes, shape: PictureShape) -> dict[int, bytes]:
    """Return the picture as WebP in every width of the shape. Raises PictureError.

    Takes up to a second and 140 MB: call it in a thread, one at a time. The size is judged by the
    header, before any pixel is decoded. Of moving pictures the first frame is taken.
    """
    from PIL import Image  # noqa: PLC0415 - see accounts/later.py

    if len(content) > PICTURE_BYTES:
        raise PictureError(f"expected at most {PICTURE_BYTES // 2**20} MiB")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which is dropped anyway
        try:
            _require_fit(webp_size(content) or (1, 1), _PIXELS_MAX)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
                return _redrawn(picture, shape)
        except PictureError:
            raise
        except Image.DecompressionBombError:
            raise _too_many(_PIXELS_MAX) from None
        # Decoders of broken files raise nearly anything; whatever it is, it is the sender's fault.
        except Exception:  # noqa: BLE001
            raise PictureError("expected a whole JPEG, PNG, WebP or GIF picture") from None


def _require_fit(size: tuple[int, int], pixels_max: int) -> None:
    if max(size) > _SIDE_MAX or size[0] * size[1] > pixels_max:
        raise _too_many(pixels_max)


def _too_many(pixels_max: int) -> PictureError:
    millions = pixels_max // 1_000_000
    return PictureError(f"expected at most {millions} million pixels and {_SIDE_MAX} on a side")


def _redrawn(picture: "Image.Image", shape: PictureShape) -> dict[int, bytes]:
    from PIL import Image, ImageOps  # noqa: PLC0415 - see accounts/later.py

    _require_fit(picture.size, _JPEG_PIXELS_MAX if picture.format == "JPEG" else _PIXELS_MAX)
    largest = shape.size(shape.widths[-1])
    # JPEG can be decoded at a fraction of its size; nothing else heeds this.
    picture.draft("RGB", largest)
    ImageOps.exif_transpose(picture, in_place=True)
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if has_alpha else "RGB"
    pixels = picture if picture.mode == mode else picture.convert(mode)
    made = {}
    for width in reversed(shape.widths):
        pixels = ImageOps.fit(pixels, shape.size(width), Image.Resampling.LANCZOS)
        pixels.info.clear()
        encoded = io.BytesIO()
        pixels.save(encoded, "WEBP", quality=_QUALITY, method=4, exif=b"", icc_profile=b"")
        made[width] = encoded.getvalue()
    return dict(sorted(made.items()))
