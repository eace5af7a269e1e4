"""AMF0, the client's half: enough to speak to any server and to read what it answers."""

import struct
from collections.abc import Mapping, Sequence

AmfValue = None | bool | float | str | Mapping[str, "AmfValue"] | Sequence["AmfValue"]

_OBJECT_END = b"\0\0\x09"


class EcmaArray(dict[str, AmfValue]):
    """A mapping that is written as an ECMA array, as `onMetaData` is."""


def encode(*values: AmfValue) -> bytes:
    """Write values one after the other."""
    return b"".join(map(_encode_one, values))


def _encode_one(value: AmfValue) -> bytes:
    match value:
        case None:
            return b"\x05"
        case bool():
            return bytes((1, value))
        case int() | float():
            return b"\0" + struct.pack(">d", value)
        case str():
            text = value.encode()
            if len(text) < 2**16:
                return b"\x02" + len(text).to_bytes(2, "big") + text
            return b"\x0c" + len(text).to_bytes(4, "big") + text
        case EcmaArray():
            return b"\x08" + len(value).to_bytes(4, "big") + _encode_properties(value)
        case Mapping():
            return b"\x03" + _encode_properties(value)
        case _:
            return b"\x0a" + len(value).to_bytes(4, "big") + encode(*value)


def _encode_properties(properties: Mapping[str, AmfValue]) -> bytes:
    written = bytearray()
    for name, value in properties.items():
        key = name.encode()
        written += len(key).to_bytes(2, "big") + key + _encode_one(value)
    return bytes(written) + _OBJECT_END


def decode(content: bytes) -> list[AmfValue]:
    """Read all values. Fails on what a server has no reason to send."""
    values, at = [], 0
    while at < len(content):
        value, at = _decode_one(content, at)
        values.append(value)
    return values


def _decode_one(content: bytes, at: int) -> tuple[AmfValue, int]:
    marker, at = content[at], at + 1
    match marker:
        case 0x00:
            (number,) = struct.unpack_from(">d", content, at)
            return number, at + 8
        case 0x01:
            return bool(content[at]), at + 1
        case 0x02:
            return _decode_text(content, at, 2)
        case 0x03:
            return _decode_properties(content, at)
        case 0x05 | 0x06:
            return None, at
        case 0x08:
            return _decode_properties(content, at + 4)
        case 0x0A:
            count, at = int.from_bytes(content[at : at + 4], "big"), at + 4
            items: list[AmfValue] = []
            for _ in range(count):
                item, at = _decode_one(content, at)
                items.append(item)
            return items, at
        case 0x0C:
            return _decode_text(content, at, 4)
        case _:
            raise ValueError(f"AMF0 marker {marker:#04x} at {at - 1} of {content!r}")


def _decode_text(content: bytes, at: int, length_bytes: int) -> tuple[str, int]:
    start = at + length_bytes
    end = start + int.from_bytes(content[at:start], "big")
    assert end <= len(content), f"a string of {end - start} bytes at {at} of {content!r}"
    return content[start:end].decode(), end


def _decode_properties(content: bytes, at: int) -> tuple[dict[str, AmfValue], int]:
    properties: dict[str, AmfValue] = {}
    while content[at : at + 3] != _OBJECT_END:
        name, at = _decode_text(content, at, 2)
        properties[name], at = _decode_one(content, at)
    return properties, at + 3
