"""FrameReader: what a client sends on a WebSocket, from bytes to whole messages. Pure.

Source: RFC 6455, 5; RFC 7692, 7.2.2 (messages that are compressed, each by itself).
"""

import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from notify.close_code import CloseCode
from notify.frame import DEFLATED, FINAL, LENGTH_IN_EIGHT_BYTES, LENGTH_IN_TWO_BYTES, Opcode

_RESERVED: Final = 0x70
_MASKED: Final = 0x80
_MASK_BYTES: Final = 4
_CONTROL_LIMIT_BYTES: Final = 125
_NO_MASK: Final = bytes(_MASK_BYTES)
# What a sender leaves out of each message (RFC 7692, 7.2.1).
_FLUSHED: Final = b"\x00\x00\xff\xff"


class FrameError(ValueError):
    """The client broke the rules; `code` is what it is told."""

    def __init__(self, code: CloseCode, text: str) -> None:
        super().__init__(text)
        self.code = code


class Message(NamedTuple):
    """One message, whole, or a control frame; `opcode` is never CONTINUATION."""

    opcode: Opcode
    payload: bytes


class _Head(NamedTuple):
    opcode: Opcode
    is_final: bool
    is_deflated: bool
    begin: int  # of the mask
    length: int


class FrameReader:
    """Reads one client's frames; of no use any more once it has raised.

    `limit_bytes` bounds a message, as it is sent and as it is meant. `inflates`: whether
    compressed messages were agreed upon.
    """

    __slots__ = ("_held", "_inflates", "_is_deflated", "_limit_bytes", "_opcode", "_said")

    def __init__(self, limit_bytes: int, *, inflates: bool) -> None:
        self._limit_bytes = limit_bytes
        self._inflates = inflates
        self._held = b""  # the beginning of a frame
        self._opcode: Opcode | None = None  # of the message whose fragments come
        self._is_deflated = False
        self._said = b""

    def feed(self, received: bytes) -> Iterator[Message]:
        """Read what came; iterate to the end. Raises FrameError behind what could be read."""
        held = self._held + received if self._held else received
        place = 0
        while (head := self._head_at(held, place)) is not None:
            begin = head.begin + _MASK_BYTES
            if len(held) < begin + head.length:
                break
            place = begin + head.length
            payload = _unmasked(held[begin:place], held[head.begin : begin])
            message = self._take(head, payload)
            if message is not None:
                yield message
        self._held = held[place:]

    def _head_at(self, held: bytes, place: int) -> _Head | None:
        """Read the head of a frame; None if not all of it has come."""
        if len(held) - place < 2:
            return None
        first, second = held[place], held[place + 1]
        length, begin = second & ~_MASKED, place + 2
        if length >= LENGTH_IN_TWO_BYTES:
            size = 8 if length == LENGTH_IN_EIGHT_BYTES else 2
            if len(held) < begin + size:
                return None
            length, begin = int.from_bytes(held[begin : begin + size], "big"), begin + size
        if not second & _MASKED:
            raise FrameError(CloseCode.PROTOCOL, "expected a masked frame")
        try:
            opcode = Opcode(first & 15)
        except ValueError:
            raise FrameError(CloseCode.PROTOCOL, "a frame of a reserved kind") from None
        head = _Head(opcode, bool(first & FINAL), bool(first & DEFLATED), begin, length)
        self._check(head, first & _RESERVED & ~DEFLATED)
        return head

    def _check(self, head: _Head, reserved: int) -> None:
        """Judge a frame by its head, before its payload has come."""
        is_begin = head.opcode in {Opcode.TEXT, Opcode.BINARY}
        if reserved or (head.is_deflated and not (is_begin and self._inflates)):
            raise FrameError(CloseCode.PROTOCOL, "reserved bits that mean nothing here")
        if head.opcode >= Opcode.CLOSE:
            if not head.is_final or head.length > _CONTROL_LIMIT_BYTES:
                raise FrameError(CloseCode.PROTOCOL, "a control frame that is cut or too long")
            return
        if is_begin != (self._opcode is None):
            raise FrameError(CloseCode.PROTOCOL, "a message within another, or the end of none")
        if len(self._said) + head.length > self._limit_bytes:
            raise FrameError(CloseCode.TOO_LARGE, "a message that is too large")

    def _take(self, head: _Head, payload: bytes) -> Message | None:
        """Return the message that a frame completes."""
        if head.opcode >= Opcode.CLOSE:
            return Message(head.opcode, payload)
        if self._opcode is None:
            self._opcode, self._is_deflated = head.opcode, head.is_deflated
        self._said += payload
        if not head.is_final:
            return None
        opcode, said = self._opcode, self._said
        self._opcode, self._said = None, b""
        return Message(opcode, self._inflated(said) if self._is_deflated else said)

    def _inflated(self, said: bytes) -> bytes:
        """Return what a compressed message means; nothing is left of it for the next one."""
        try:
            meant = zlib.decompressobj(-zlib.MAX_WBITS).decompress(
                said + _FLUSHED, self._limit_bytes + 1
            )
        except zlib.error:
            raise FrameError(CloseCode.NOT_TEXT, "expected a compressed message") from None
        if len(meant) > self._limit_bytes:
            raise FrameError(CloseCode.TOO_LARGE, "a message that is too large")
        return meant


def _unmasked(payload: bytes, mask: bytes) -> bytes:
    if mask == _NO_MASK:
        return payload
    count = len(payload)
    masks = (mask * (count // _MASK_BYTES + 1))[:count]
    meant = int.from_bytes(payload, "little") ^ int.from_bytes(masks, "little")
    return meant.to_bytes(count, "little")
