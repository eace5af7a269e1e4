"""Frames of a WebSocket as servers send them: whole messages, unmasked. Pure.

Source: RFC 6455, 5.2; RFC 7692, 6 (compressed messages have the bit RSV1).
"""

from enum import IntEnum
from typing import Final

FINAL: Final = 0x80
DEFLATED: Final = 0x40  # RSV1
LENGTH_IN_TWO_BYTES: Final = 126
LENGTH_IN_EIGHT_BYTES: Final = 127


class Opcode(IntEnum):
    """What a frame is; from CLOSE on control frames."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


def text_frame(text: bytes) -> bytes:
    """Write a message of UTF-8 text."""
    return _frame(FINAL | Opcode.TEXT, text)


def deflated_frame(payload: bytes) -> bytes:
    """Write a message of text that was compressed."""
    return _frame(FINAL | DEFLATED | Opcode.TEXT, payload)


def control_frame(opcode: Opcode, payload: bytes = b"") -> bytes:
    """Write a control frame; at most 125 bytes."""
    return _frame(FINAL | opcode, payload)


def _frame(first: int, payload: bytes) -> bytes:
    length = len(payload)
    if length < LENGTH_IN_TWO_BYTES:
        return bytes((first, length)) + payload
    if length < 2**16:
        return bytes((first, LENGTH_IN_TWO_BYTES)) + length.to_bytes(2, "big") + payload
    return bytes((first, LENGTH_IN_EIGHT_BYTES)) + length.to_bytes(8, "big") + payload
