"""Action Message Format 3 (AMF 3 specification, 2013), reading only.

Reached through the AMF0 marker 0x11 (AMF0 3.1), which says that one value follows in AMF3.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum

from ingest.rtmp.amf import UNDEFINED, AmfBudget, AmfCursor, AmfDate, AmfValue
from ingest.rtmp.errors import ErrorCode, RemoteProtocolError

_NUMBER = struct.Struct(">d")


class Marker(IntEnum):
    """Type markers (section 3.1)."""

    UNDEFINED = 0x00
    NULL = 0x01
    FALSE = 0x02
    TRUE = 0x03
    INTEGER = 0x04
    DOUBLE = 0x05
    STRING = 0x06
    XML_DOCUMENT = 0x07
    DATE = 0x08
    ARRAY = 0x09
    OBJECT = 0x0A
    XML = 0x0B
    BYTE_ARRAY = 0x0C


@dataclass(frozen=True, slots=True)
class _Traits:
    """The names that an object's sealed members have, sent once and referred to later."""

    names: tuple[str, ...]
    is_dynamic: bool


class Amf3Decoder:
    """Reads one value, with reference tables that live as long as it (section 2.2).

    Integers become floats, as AMF0 knows no others. References to objects become UNDEFINED, for
    the reason that `amf0.decode_values` gives; those to strings and traits are followed.
    """

    def __init__(self, cursor: AmfCursor, budget: AmfBudget) -> None:
        self._cursor = cursor
        self._budget = budget
        self._strings: list[str] = []
        self._traits: list[_Traits] = []

    def read_value(self) -> AmfValue:
        """Read a marker and what it announces; raise RemoteProtocolError if that is not AMF3."""
        self._budget.spend()
        match self._cursor.take_byte():
            case Marker.UNDEFINED:
                return UNDEFINED
            case Marker.NULL:
                return None
            case Marker.FALSE:
                return False
            case Marker.TRUE:
                return True
            case Marker.INTEGER:
                value = self._read_u29()
                return float(value - (1 << 29) if value & (1 << 28) else value)
            case Marker.DOUBLE:
                return self._read_double()
            case Marker.STRING:
                return self._read_string()
            case Marker.XML_DOCUMENT | Marker.XML:
                byte_count = self._read_length()
                return UNDEFINED if byte_count is None else self._cursor.take_text(byte_count)
            case Marker.DATE:
                is_here = self._read_length() is not None
                return AmfDate(self._read_double()) if is_here else UNDEFINED
            case Marker.ARRAY:
                return self._read_array()
            case Marker.OBJECT:
                return self._read_object()
            case Marker.BYTE_ARRAY:
                byte_count = self._read_length()
                return UNDEFINED if byte_count is None else self._cursor.take(byte_count)
            case marker:
                raise RemoteProtocolError(
                    f"AMF3: unsupported marker {marker:#04x}", ErrorCode.BAD_AMF
                )

    def _read_u29(self) -> int:
        """Read 7 bits from each of up to three bytes and 8 from a fourth (section 1.3.1)."""
        value = 0
        for _ in range(3):
            byte = self._cursor.take_byte()
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value
        return value << 8 | self._cursor.take_byte()

    def _read_length(self) -> int | None:
        """Read a length, or None where the low bit says that it is an object reference."""
        header = self._read_u29()
        return header >> 1 if header & 1 else None

    def _read_double(self) -> float:
        number: float = _NUMBER.unpack(self._cursor.take(8))[0]
        return number

    def _read_string(self) -> str:
        header = self._read_u29()
        if header & 1:
            text = self._cursor.take_text(header >> 1)
            if text:  # 1.3.2: the empty string is never sent by reference
                self._strings.append(text)
            return text
        try:
            return self._strings[header >> 1]
        except IndexError:
            raise RemoteProtocolError(
                f"AMF3: no string number {header >> 1}", ErrorCode.BAD_AMF
            ) from None

    def _read_array(self) -> AmfValue:
        """Read named members and then numbered ones; either kind alone is the usual case."""
        count = self._read_length()
        if count is None:
            return UNDEFINED
        self._budget.enter()
        named: dict[str, AmfValue] = {}
        self._read_members(named)
        dense: list[AmfValue] = []
        while len(dense) < count:
            dense.append(self.read_value())
        self._budget.leave()
        if not named:
            return dense
        named.update((str(index), value) for index, value in enumerate(dense))
        return named

    def _read_object(self) -> AmfValue:
        header = self._read_u29()
        if not header & 1:
            return UNDEFINED
        self._budget.enter()
        traits = self._read_traits(header)
        members: dict[str, AmfValue] = {}
        for name in traits.names:
            members[name] = self.read_value()
        if traits.is_dynamic:
            self._read_members(members)
        self._budget.leave()
        return members

    def _read_traits(self, header: int) -> _Traits:
        if not header & 2:
            try:
                return self._traits[header >> 2]
            except IndexError:
                raise RemoteProtocolError(
                    f"AMF3: no traits number {header >> 2}", ErrorCode.BAD_AMF
                ) from None
        self._read_string()  # the class name means nothing here
        if header & 4:
            raise RemoteProtocolError("AMF3: externalizable object", ErrorCode.BAD_AMF)
        names: list[str] = []
        for _ in range(header >> 4):
            self._budget.spend()
            names.append(self._read_string())
        traits = _Traits(tuple(names), bool(header & 8))
        self._traits.append(traits)
        return traits

    def _read_members(self, members: dict[str, AmfValue]) -> None:
        """Read names and values up to the empty name."""
        while name := self._read_string():
            members[name] = self.read_value()
