"""Action Message Format 0 ("AMF0 file format", 2007): the values of commands and metadata."""

import struct
from enum import IntEnum

from ingest.rtmp.amf import UNDEFINED, AmfBudget, AmfCursor, AmfDate, AmfValue
from ingest.rtmp.amf3 import Amf3Decoder
from ingest.rtmp.errors import ErrorCode, LocalProtocolError, RemoteProtocolError
from ingest.rtmp.limits import RtmpLimits

_NUMBER = struct.Struct(">d")
_DATE = struct.Struct(">dh")


class Marker(IntEnum):
    """Type markers (section 2.1)."""

    NUMBER = 0x00
    BOOLEAN = 0x01
    STRING = 0x02
    OBJECT = 0x03
    NULL = 0x05
    UNDEFINED = 0x06
    REFERENCE = 0x07
    ECMA_ARRAY = 0x08
    OBJECT_END = 0x09
    STRICT_ARRAY = 0x0A
    DATE = 0x0B
    LONG_STRING = 0x0C
    UNSUPPORTED = 0x0D
    XML = 0x0F
    TYPED_OBJECT = 0x10
    AMF3 = 0x11


def decode_values(body: bytes, limits: RtmpLimits) -> list[AmfValue]:
    """Read all values of a message's body.

    Objects, ECMA arrays and typed objects all become dicts. References become UNDEFINED: no
    publisher sends them, and following them could make a value that contains itself.
    Raises RemoteProtocolError for what is not AMF0, and beyond the limits.
    """
    decoder = _Amf0Decoder(AmfCursor(body), AmfBudget(limits))
    return decoder.read_all()


class _Amf0Decoder:
    def __init__(self, cursor: AmfCursor, budget: AmfBudget) -> None:
        self._cursor = cursor
        self._budget = budget

    def read_all(self) -> list[AmfValue]:
        values: list[AmfValue] = []
        while not self._cursor.is_at_end:
            values.append(self._read_value())
        return values

    def _read_value(self) -> AmfValue:
        cursor = self._cursor
        self._budget.spend()
        match cursor.take_byte():
            case Marker.NUMBER:
                return _read_number(cursor)
            case Marker.BOOLEAN:
                return cursor.take_byte() != 0
            case Marker.STRING:
                return self._read_string()
            case Marker.OBJECT:
                return self._read_properties()
            case Marker.NULL:
                return None
            case Marker.UNDEFINED | Marker.UNSUPPORTED:
                return UNDEFINED
            case Marker.REFERENCE:
                cursor.take(2)
                return UNDEFINED
            case Marker.ECMA_ARRAY:
                cursor.take(4)  # a hint: OBS writes 20, whatever follows
                return self._read_properties()
            case Marker.STRICT_ARRAY:
                return self._read_strict_array()
            case Marker.DATE:
                return AmfDate(*_DATE.unpack(cursor.take(_DATE.size)))
            case Marker.LONG_STRING | Marker.XML:
                return cursor.take_text(int.from_bytes(cursor.take(4), "big"))
            case Marker.TYPED_OBJECT:
                self._read_string()  # the class name means nothing here
                return self._read_properties()
            case Marker.AMF3:
                return Amf3Decoder(cursor, self._budget).read_value()
            case marker:
                raise RemoteProtocolError(f"AMF0: unknown marker {marker:#04x}", ErrorCode.BAD_AMF)

    def _read_string(self) -> str:
        return self._cursor.take_text(int.from_bytes(self._cursor.take(2), "big"))

    def _read_strict_array(self) -> list[AmfValue]:
        self._budget.enter()
        # The count is not trusted with an allocation; the body ends first, or the budget.
        count = int.from_bytes(self._cursor.take(4), "big")
        values: list[AmfValue] = []
        while len(values) < count:
            values.append(self._read_value())
        self._budget.leave()
        return values

    def _read_properties(self) -> dict[str, AmfValue]:
        """Read names and values up to the end marker, which some encoders leave out at the end."""
        self._budget.enter()
        cursor = self._cursor
        values: dict[str, AmfValue] = {}
        while not cursor.is_at_end:
            name = self._read_string()
            if not name:
                if cursor.is_at_end:
                    break
                if cursor.body[cursor.position] == Marker.OBJECT_END:
                    cursor.take_byte()
                    break
            values[name] = self._read_value()
        self._budget.leave()
        return values


def _read_number(cursor: AmfCursor) -> float:
    number: float = _NUMBER.unpack(cursor.take(8))[0]
    return number


def encode_values(*values: AmfValue) -> bytes:
    """Write values one after another. Dicts become objects.

    Raises LocalProtocolError for bytes, which AMF0 has no type for, and names over 65,535 bytes.
    """
    pieces: list[bytes] = []
    for value in values:
        _append_value(pieces, value)
    return b"".join(pieces)


def _append_value(pieces: list[bytes], value: AmfValue) -> None:
    match value:
        case bool():
            pieces.append(bytes((Marker.BOOLEAN, value)))
        case float() | int():
            pieces.append(bytes((Marker.NUMBER,)) + _NUMBER.pack(value))
        case str():
            encoded = value.encode("utf-8", "replace")
            if len(encoded) <= 0xFFFF:
                pieces.append(bytes((Marker.STRING,)) + len(encoded).to_bytes(2, "big"))
            else:
                pieces.append(bytes((Marker.LONG_STRING,)) + len(encoded).to_bytes(4, "big"))
            pieces.append(encoded)
        case None:
            pieces.append(bytes((Marker.NULL,)))
        case AmfDate():
            pieces.append(bytes((Marker.DATE,)) + _DATE.pack(*value))
        case dict():
            pieces.append(bytes((Marker.OBJECT,)))
            for name, member in value.items():
                pieces.append(_encode_name(name))
                _append_value(pieces, member)
            pieces.append(bytes((0, 0, Marker.OBJECT_END)))
        case list():
            pieces.append(bytes((Marker.STRICT_ARRAY,)) + len(value).to_bytes(4, "big"))
            for member in value:
                _append_value(pieces, member)
        case bytes():
            raise LocalProtocolError("AMF0 has no type for bytes")
        case _:
            pieces.append(bytes((Marker.UNDEFINED,)))


def _encode_name(name: str) -> bytes:
    encoded = name.encode("utf-8", "replace")
    if len(encoded) > 0xFFFF:
        raise LocalProtocolError(f"AMF0 name: expected at most 65535 bytes, got {len(encoded)}")
    return len(encoded).to_bytes(2, "big") + encoded
