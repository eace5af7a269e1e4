"""The head of a beacon: POST /api/beacon, with a small body whose length is said before. Pure.

A beacon is what a page's player tells of how it plays. Read here, so that the connection stays one
on which media is answered without aiohttp: what is posted in any other way is for that.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from distribution.request_head import Fields, read_fields, split_head

BEACON_PATH: Final = "/api/beacon"
MAX_BEACON_BYTES: Final = 2048
_MAX_KNOWN_BYTES: Final = 2048  # strangers' longer ones would fill the memory
_LINE: Final = f"POST {BEACON_PATH} HTTP/1.1".encode()
_LENGTH: Final = re.compile(rb"\r\nContent-Length:[ \t]*([0-9]{1,4})[ \t]*(?=\r\n)", re.IGNORECASE)


class BeaconHead(NamedTuple):
    """How long the body is, and the other fields, from the CRLF before the first to the end."""

    body_bytes: int
    block: bytes


def may_become_beacon(received: bytes | bytearray) -> bool:
    """Whether the beginning of a head, which has no end yet, can be that of a beacon."""
    return received.startswith(_LINE[: len(received)]) and received.count(b"\n") == received.count(
        b"\r\n"
    )


def is_beacon(head: bytes | bytearray) -> bool:
    """Whether a whole head begins as a beacon's does."""
    return head.startswith(_LINE + b"\r\n")


def read_beacon_head(head: bytes) -> BeaconHead | None:
    """Read the head; None where all of HTTP is needed to do it. Never raises.

    The length is named once and in digits alone: every other parser sees the same end.
    """
    return _read_known(head) if len(head) <= _MAX_KNOWN_BYTES else _read(head)


def _read(head: bytes) -> BeaconHead | None:
    _, block = split_head(head)
    lengths = _LENGTH.findall(block)
    if len(lengths) != 1 or int(lengths[0]) > MAX_BEACON_BYTES:
        return None
    rest = _LENGTH.sub(b"", block)
    known = _read_block(rest)
    return None if known is None else BeaconHead(int(lengths[0]), known)


# Browsers of one kind send the same for one channel, and bodies of a few lengths.
_read_known = lru_cache(maxsize=2048)(_read)


@lru_cache(maxsize=1024)
def _read_block(block: bytes) -> bytes | None:
    """Return the block itself, the same object for all who send it, if it is a plain one."""
    fields: Fields | None = read_fields(block)
    if fields is None or fields.wants_close or not fields.has_host:
        return None
    return block
