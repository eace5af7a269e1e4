"""Frame: one checksummed record of an index, and how a torn end is told from a whole one.

An index is only ever appended to. A process that is killed leaves at most its last frame
incomplete, and that is no part of the index. Anything else that does not check is damage: what
follows it was written, too, and an index without it would say too little.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

# Payload length, then what the checksum covers: kind and Unix time in milliseconds, and behind
# the checksum itself the payload.
_HEAD = struct.Struct(">IBQI")
_COVERED = struct.Struct(">BQ")

# The largest is an initialisation segment with its decoder configuration: some kilobytes.
MAX_PAYLOAD_BYTES = 2**20


class Frame(NamedTuple):
    """A record as it lies in the file. `kind` is one byte, `unix_ms` is when it was written."""

    kind: int
    unix_ms: int
    payload: bytes


def pack_frame(kind: int, unix_ms: int, payload: bytes) -> bytes:
    """Write one frame."""
    checksum = crc32(payload, crc32(_COVERED.pack(kind, unix_ms)))
    return _HEAD.pack(len(payload), kind, unix_ms, checksum) + payload


def read_frames(index: bytes) -> Iterator[Frame]:
    """Read frames up to the end, or to the first one that is incomplete or does not check."""
    at = 0
    while (frame := _read_frame(index, at)) is not None:
        at += _HEAD.size + len(frame.payload)
        yield frame


def damaged_at(index: bytes) -> int | None:
    """Say where the index is damaged, in bytes; None if it is whole, or its last frame torn."""
    at = 0
    while (frame := _read_frame(index, at)) is not None:
        at += _HEAD.size + len(frame.payload)
    left = len(index) - at
    if left < _HEAD.size:
        return None
    length = _HEAD.unpack_from(index, at)[0]
    if length > MAX_PAYLOAD_BYTES or _HEAD.size + length <= left:
        return at
    # The length itself may be wrong: then the next frame begins before this one seems to end.
    is_followed = any(_read_frame(index, later) for later in range(at + 1, len(index)))
    return at if is_followed else None


def _read_frame(index: bytes, at: int) -> Frame | None:
    """Read the frame that begins there; None if it is incomplete or does not check."""
    start = at + _HEAD.size
    if start > len(index):
        return None
    length, kind, unix_ms, checksum = _HEAD.unpack_from(index, at)
    if length > MAX_PAYLOAD_BYTES or start + length > len(index):
        return None
    payload = index[start : start + length]
    if crc32(payload, crc32(_COVERED.pack(kind, unix_ms))) != checksum:
        return None
    return Frame(kind, unix_ms, payload)
