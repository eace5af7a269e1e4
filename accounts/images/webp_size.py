"""The size of a WebP picture, read before anything is decoded (RFC 9649). Pure.

libwebp takes eight bytes a pixel as soon as it sees the canvas's size, and Pillow opens none
without it.
"""

from typing import Final

_HEAD_BYTES: Final = 30
_LOSSY_BITS: Final = 0x3FFF  # above them: how to scale, for who shows it (RFC 6386, 9.1)


def webp_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height as the header says, or None if it is no WebP header."""
    head = content[:_HEAD_BYTES]
    if len(head) < _HEAD_BYTES or head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    match head[12:16]:
        case b"VP8X":
            return _little(head[24:27]) + 1, _little(head[27:30]) + 1
        case b"VP8L":
            sizes = _little(head[21:25])
            return (sizes & 0x3FFF) + 1, (sizes >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return _little(head[26:28]) & _LOSSY_BITS, _little(head[28:30]) & _LOSSY_BITS
        case _:
            return None


def _little(content: bytes) -> int:
    return int.from_bytes(content, "little")
