"""Images: pictures that people send, checked, made anew in our sizes, and kept as files."""

from accounts.images.picture import (
    ARTWORK,
    AVATAR,
    MEDIA_TYPE,
    PICTURE_BYTES,
    PICTURE_TYPES,
    PictureError,
    PictureShape,
)
from accounts.images.picture_folder import PictureFolder, PicturesBusyError, picture_file

__all__ = [
    "ARTWORK",
    "AVATAR",
    "MEDIA_TYPE",
    "PICTURE_BYTES",
    "PICTURE_TYPES",
    "PictureError",
    "PictureFolder",
    "PictureShape",
    "PicturesBusyError",
    "picture_file",
]
