"""The built web UI, read into memory at start: only what was there then is ever served.

A request never touches the file system, so no path in it can leave the folder.
"""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from distribution import caching

_CONTENT_TYPES: Final = {
    ".css": b"text/css; charset=utf-8",
    ".html": b"text/html; charset=utf-8",
    ".ico": b"image/x-icon",
    ".jpg": b"image/jpeg",
    ".js": b"text/javascript; charset=utf-8",
    ".json": b"application/json",
    ".map": b"application/json",
    ".png": b"image/png",
    ".svg": b"image/svg+xml",
    ".txt": b"text/plain; charset=utf-8",
    ".wasm": b"application/wasm",
    ".webmanifest": b"application/manifest+json",
    ".webp": b"image/webp",
    ".woff2": b"font/woff2",
}
_ALREADY_COMPRESSED: Final = frozenset({".jpg", ".png", ".webp", ".woff2"})

# Scripts and styles come from our own files alone. Lit's constructed style sheets need no
# permission; hls.js runs its demuxer in a worker made of a blob, and feeds media through one.
_CONTENT_SECURITY_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    b"media-src 'self' blob:; img-src 'self' data:; font-src 'self'; "
    b"worker-src 'self' blob:; manifest-src 'self'; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors "
)
_EVERYWHERE: Final = (
    b"X-Content-Type-Options: nosniff\r\n"
    b"Referrer-Policy: no-referrer\r\n"
    b"Permissions-Policy: camera=(), microphone=(), geolocation=(), payment=(), usb=()\r\n"
)
_SECURITY_HEADERS: Final = (
    b"Content-Security-Policy: " + _CONTENT_SECURITY_POLICY + b"'none'\r\n"
    b"X-Frame-Options: DENY\r\n"
    b"Cross-Origin-Opener-Policy: same-origin\r\n"
    b"Cross-Origin-Resource-Policy: same-origin\r\n" + _EVERYWHERE
)
# The player for other sites: a page of its own, which knows nothing of accounts, so that who frames
# it can lead nobody's clicks to anything but a player.
_EMBED_HEADERS: Final = (
    b"Content-Security-Policy: " + _CONTENT_SECURITY_POLICY + b"*\r\n" + _EVERYWHERE
)
EMBED_PAGE: Final = "embed.html"


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file with its headers; `gzipped` is None where compressing it gains nothing."""

    body: bytes
    gzipped: bytes | None
    etag: str
    header_block: bytes


def read_page_files(folder: Path) -> dict[str, PageFile]:
    """Read all files of a known type below `folder`, named by their path with `/` from there.

    Empty if the folder does not exist. Hidden files, and links that lead out of the folder, are
    left out. Raises OSError if a file cannot be read.
    """
    root = folder.resolve()
    files: dict[str, PageFile] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if (
            path.suffix in _CONTENT_TYPES
            and not any(part.startswith(".") for part in name.parts)
            and path.is_file()
            and path.resolve().is_relative_to(root)
        ):
            files[name.as_posix()] = _read_file(path, name.as_posix())
    return files


def _read_file(path: Path, name: str) -> PageFile:
    body = path.read_bytes()
    gzipped = None
    if path.suffix not in _ALREADY_COMPRESSED:
        smaller = gzip.compress(body, mtime=0)
        gzipped = smaller if len(smaller) < len(body) else None
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return PageFile(
        body,
        gzipped,
        etag,
        b"Content-Type: %b\r\nCache-Control: %b\r\nETag: %b\r\nVary: Accept-Encoding\r\n%b"
        % (
            _CONTENT_TYPES[path.suffix],
            # The bundler puts a hash of the content into the names below assets/.
            caching.IMMUTABLE_ASSET if name.startswith("assets/") else caching.REVALIDATE,
            etag.encode(),
            _EMBED_HEADERS if name == EMBED_PAGE else _SECURITY_HEADERS,
        ),
    )
