"""HeldRequests: what came on one connection and is not answered yet, cut into plain requests.

Knows bytes; neither sockets nor what is answered. Requests may come in any pieces, or many at once.
"""

from enum import Enum
from typing import Final, NamedTuple

from distribution.live.target import LiveTarget, read_live_target
from distribution.request_head import (
    MAX_HEAD_BYTES,
    Fields,
    head_length,
    may_become_plain,
    read_fields,
    read_request_line,
    split_head,
)

# Longer ones are read anew each time: ten thousand connections remember one each.
_MAX_KNOWN_BYTES: Final = 2048
_NO_BLOCK: Final = b"\0"  # no plain head ends with it
_NO_FIELDS: Final = Fields(
    has_host=False, wants_close=False, accepts_gzip=False, origin=None, range=None
)


class PlainRequest(NamedTuple):
    """A plain request; `target` is None where it is not of live media."""

    head: bytes
    target: LiveTarget | None
    fields: Fields


class NotPlain(Enum):
    """What is found instead of a request that is for another parser, with all that follows."""

    NOT_PLAIN = "not plain"


NOT_PLAIN: Final = NotPlain.NOT_PLAIN


class HeldRequests:
    """The bytes of one connection, from the first that is not answered.

    `known_fields` are those of the request before: a viewer sends the same with every request, so
    that they are compared rather than read.
    """

    __slots__ = ("_bytes", "_known_block", "known_fields")

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._known_block = _NO_BLOCK
        self.known_fields = _NO_FIELDS

    def __len__(self) -> int:
        """Count the bytes."""
        return len(self._bytes)

    def recognise(self, received: bytes) -> LiveTarget | None:
        """Return what these bytes ask for, if they are one request with the known fields.

        They are not kept then. None otherwise: keep them.
        """
        block = self._known_block
        if self._bytes or not received.endswith(block):
            return None
        target = read_live_target(received[: -len(block)])
        return target if target is not None and target.is_http_1_1 else None

    def keep(self, received: bytes) -> None:
        """Put bytes behind those that are here."""
        self._bytes += received

    def take(self) -> PlainRequest | NotPlain | None:
        """Take out the first request; None if more of it has to come. Never raises.

        NOT_PLAIN leaves everything here, for `take_all`.
        """
        held = self._bytes
        length = head_length(held)
        if not length:
            return None if may_become_plain(held) else NOT_PLAIN
        if length > MAX_HEAD_BYTES:
            return NOT_PLAIN
        head = bytes(held[:length])
        line, block = split_head(head)
        fields = self._read_fields(block)
        target = read_live_target(line)
        plain_line = target or read_request_line(line)
        if fields is None or plain_line is None:
            return NOT_PLAIN
        if plain_line.is_http_1_1 and not fields.has_host:
            return NOT_PLAIN
        del held[:length]
        return PlainRequest(head, target, fields)

    def take_all(self) -> bytes:
        """Take out everything."""
        held = bytes(self._bytes)
        self._bytes.clear()
        return held

    def _read_fields(self, block: bytes) -> Fields | None:
        if block == self._known_block:
            return self.known_fields
        fields = read_fields(block)
        if fields is not None and fields.has_host and len(block) <= _MAX_KNOWN_BYTES:
            self._known_block, self.known_fields = block, fields
        return fields
