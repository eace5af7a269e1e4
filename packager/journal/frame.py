"""Frame: one checksummed record of an index, and how a torn end is told from a whole one.

An index is only ever appended to. A process that is killed leaves at most its last frame
incomplete, and whatever follows the first frame that does not check is no part of the index.
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
    while at + _HEAD.size <= len(index):
        length, kind, unix_ms, checksum = _HEAD.unpack_from(index, at)
        at += _HEAD.size
        if length > MAX_PAYLOAD_BYTES or at + length > len(index):
            return
        payload = index[at : at + length]
        at += length
        if crc32(payload, crc32(_COVERED.pack(kind, unix_ms))) != checksum:
            return
        yield Frame(kind, unix_ms, payload)
