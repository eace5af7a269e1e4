"""Text frames of a WebSocket as servers send them: whole messages, unmasked. Pure.

Source: RFC 6455, 5.2.
"""

from typing import Final

_FINAL_TEXT: Final = 0x81
_TWO_BYTES: Final = 126
_EIGHT_BYTES: Final = 127


def text_frame(text: bytes) -> bytes:
    """Write a message of UTF-8 text."""
    length = len(text)
    if length < _TWO_BYTES:
        return bytes((_FINAL_TEXT, length)) + text
    if length < 2**16:
        return bytes((_FINAL_TEXT, _TWO_BYTES)) + length.to_bytes(2, "big") + text
    return bytes((_FINAL_TEXT, _EIGHT_BYTES)) + length.to_bytes(8, "big") + text
