"""Pictures as people send them: checked, and made anew in the sizes that pages show.

Nothing of the file that came is kept: what is served was written by our own encoder, without
EXIF (which says where it was taken), profiles, comments or a second file hidden behind the first.
"""

import io
import threading
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

PICTURE_BYTES: Final = 5 * 2**20
PICTURE_TYPES: Final = ("image/jpeg", "image/png", "image/webp", "image/gif")
MEDIA_TYPE: Final = "image/webp"

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")  # as Pillow calls them; nothing else is opened
_SIDE_MAX: Final = 12_000
_PIXELS_MAX: Final = 25_000_000  # 100 MB while it is worked on, one picture at a time
_QUALITY: Final = 85
# Decoding is memory and processor time that live streams would miss: one at a time.
_one_at_a_time: Final = threading.Lock()


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

    Takes up to a second: call it in a thread. The size is judged by the header, before any pixel
    is decoded. Of moving pictures the first frame is taken.
    """
    if len(content) > PICTURE_BYTES:
        raise PictureError(f"expected at most {PICTURE_BYTES // 2**20} MiB")
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which is dropped anyway
        try:
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
                return _redrawn(picture, shape)
        except PictureError:
            raise
        except Image.DecompressionBombError:
            raise PictureError(_TOO_MANY_PIXELS) from None
        # Decoders of broken files raise nearly anything; whatever it is, it is the sender's fault.
        except Exception:  # noqa: BLE001
            raise PictureError("expected a whole JPEG, PNG, WebP or GIF picture") from None


_TOO_MANY_PIXELS: Final = (
    f"expected at most {_PIXELS_MAX // 1_000_000} million pixels and {_SIDE_MAX} on a side"
)


def _redrawn(picture: Image.Image, shape: PictureShape) -> dict[int, bytes]:
    if max(picture.size) > _SIDE_MAX or picture.size[0] * picture.size[1] > _PIXELS_MAX:
        raise PictureError(_TOO_MANY_PIXELS)
    largest = shape.size(shape.widths[-1])
    # JPEG can be decoded at a fraction of its size; nothing else heeds this.
    picture.draft("RGB", (largest[0] * 2, largest[1] * 2))
    upright = ImageOps.exif_transpose(picture)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    pixels = upright.convert("RGBA" if has_alpha else "RGB")
    made = {}
    for width in reversed(shape.widths):
        pixels = ImageOps.fit(pixels, shape.size(width), Image.Resampling.LANCZOS)
        pixels.info.clear()
        encoded = io.BytesIO()
        pixels.save(encoded, "WEBP", quality=_QUALITY, method=4, exif=b"", icc_profile=b"")
        made[width] = encoded.getvalue()
    return dict(sorted(made.items()))
