"""The two shapes of an ISO base media file box (ISO/IEC 14496-12, 4.2). Knows no box type."""

from struct import Struct

BOX_HEADER = Struct(">I4s")
FULL_BOX_HEADER = Struct(">I4sI")


def box(box_type: bytes, *contents: bytes) -> bytes:
    """Write a box: its size, its four-character type, then the contents in order."""
    body = b"".join(contents)
    return BOX_HEADER.pack(BOX_HEADER.size + len(body), box_type) + body


def full_box(box_type: bytes, version: int, flags: int, *contents: bytes) -> bytes:
    """Write a box with a version (8 bits) and flags (24 bits) before its contents."""
    body = b"".join(contents)
    return (
        FULL_BOX_HEADER.pack(FULL_BOX_HEADER.size + len(body), box_type, version << 24 | flags)
        + body
    )
