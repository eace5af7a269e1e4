"""Attribute lists: `NAME=value,NAME="value"` after a tag (rfc8216bis 4.2)."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from conformance.check import Check
from conformance.errors import PlaylistSyntaxError

_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s]+)')
_INTEGER = re.compile(r"[0-9]{1,20}")
_DECIMAL = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?")
_RESOLUTION = re.compile(r"([0-9]{1,9})x([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class AttributeList:
    """The attributes of one tag, with the line they stand on for messages.

    Every getter raises PlaylistSyntaxError if the value is not of the type that the draft gives
    the attribute, or if it is missing and has no default.
    """

    tag: str
    line_number: int
    values: dict[str, str]

    def quoted(self, name: str) -> str:
        """Read a required quoted-string, without its quotes."""
        value = self._required(name)
        if not value.startswith('"'):
            raise self._wrong(name, "a quoted string", value)
        return value[1:-1]

    def maybe_quoted(self, name: str) -> str | None:
        """Read an optional quoted-string."""
        return self.quoted(name) if name in self.values else None

    def integer(self, name: str) -> int:
        """Read a required decimal-integer."""
        value = self._required(name)
        if not _INTEGER.fullmatch(value):
            raise self._wrong(name, "a decimal integer", value)
        return int(value)

    def maybe_integer(self, name: str) -> int | None:
        """Read an optional decimal-integer."""
        return self.integer(name) if name in self.values else None

    def duration_us(self, name: str) -> int:
        """Read a required decimal-floating-point number of seconds, in microseconds."""
        value = self._required(name)
        if not _DECIMAL.fullmatch(value):
            raise self._wrong(name, "a decimal number of seconds", value)
        return decimal_us(value)

    def maybe_duration_us(self, name: str) -> int | None:
        """Read an optional decimal-floating-point number of seconds, in microseconds."""
        return self.duration_us(name) if name in self.values else None

    def maybe_decimal(self, name: str) -> Decimal | None:
        """Read an optional decimal-floating-point number as it is written."""
        value = self.values.get(name)
        if value is None:
            return None
        if not _DECIMAL.fullmatch(value):
            raise self._wrong(name, "a decimal number", value)
        return Decimal(value)

    def maybe_enumerated(self, name: str) -> str | None:
        """Read an optional enumerated-string, which is never quoted."""
        value = self.values.get(name)
        if value is not None and value.startswith('"'):
            raise self._wrong(name, "an enumerated string without quotes", value)
        return value

    def enumerated(self, name: str) -> str:
        """Read a required enumerated-string."""
        self._required(name)
        return self.maybe_enumerated(name) or ""

    def yes(self, name: str) -> bool:
        """Read an optional YES or NO; missing means NO."""
        value = self.maybe_enumerated(name)
        if value not in (None, "YES", "NO"):
            raise self._wrong(name, "YES or NO", str(value))
        return value == "YES"

    def maybe_resolution(self, name: str) -> tuple[int, int] | None:
        """Read an optional decimal-resolution as width and height in pixels."""
        value = self.values.get(name)
        if value is None:
            return None
        match = _RESOLUTION.fullmatch(value)
        if match is None:
            raise self._wrong(name, "WIDTHxHEIGHT", value)
        return int(match[1]), int(match[2])

    def _required(self, name: str) -> str:
        value = self.values.get(name)
        if value is None:
            raise PlaylistSyntaxError(
                Check.ATTRIBUTE_SYNTAX, self.line_number, f"{self.tag}: expected {name}, got none"
            )
        return value

    def _wrong(self, name: str, expected: str, got: str) -> PlaylistSyntaxError:
        return PlaylistSyntaxError(
            Check.ATTRIBUTE_SYNTAX,
            self.line_number,
            f"{self.tag}: expected {name} to be {expected}, got {got}",
        )


def read_attributes(tag: str, line_number: int, text: str) -> AttributeList:
    """Split an attribute list; raise PlaylistSyntaxError for whitespace, repetition or junk."""
    values: dict[str, str] = {}
    position = 0
    while True:
        match = _ATTRIBUTE.match(text, position)
        if match is None:
            raise PlaylistSyntaxError(
                Check.ATTRIBUTE_SYNTAX,
                line_number,
                f"{tag}: expected NAME=value, got {text[position : position + 40]!r}",
            )
        name = match[1]
        # "A given AttributeName MUST NOT appear more than once" (rfc8216bis 4.2).
        if name in values:
            raise PlaylistSyntaxError(
                Check.ATTRIBUTE_SYNTAX, line_number, f"{tag}: expected {name} once, got it twice"
            )
        values[name] = match[2]
        position = match.end()
        if position == len(text):
            return AttributeList(tag, line_number, values)
        if text[position] != ",":
            raise PlaylistSyntaxError(
                Check.ATTRIBUTE_SYNTAX,
                line_number,
                f"{tag}: expected a comma after {name}, got {text[position : position + 40]!r}",
            )
        position += 1


def decimal_us(text: str) -> int:
    """Turn a decimal number of seconds into microseconds, rounding half up."""
    return int((Decimal(text) * 1_000_000).to_integral_value(rounding=ROUND_HALF_UP))
