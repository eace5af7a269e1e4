"""Cursor: where a page ended, as opaque text that clients send back to get the next one.

A cursor holds the sort key of the last row of a page. It needs no signature: whoever forges one
only begins to read elsewhere in a list that they may read anyway.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Tuple, tuple_

PAGE_LIMIT_DEFAULT: Final = 25
PAGE_LIMIT_MAX: Final = 100
CURSOR_LENGTH_LIMIT: Final = 512
_INTEGER_LIMIT: Final = 2**63  # what a BigInteger column can be compared with

Row = TypeVar("Row")
Item = TypeVar("Item")


class CursorError(ValueError):
    """The text is no cursor of this list."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The sort key of the last row seen; ends with an id, so that no two rows share it."""

    key: tuple[str | int, ...]

    def encode(self) -> str:
        """Write it as URL-safe text."""
        raw = json.dumps(self.key, ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str, shape: Sequence[type[str] | type[int]]) -> "Cursor":
        """Read a cursor whose key has these types, in this order. Raises CursorError."""
        if len(text) > CURSOR_LENGTH_LIMIT:
            raise CursorError(f"expected at most {CURSOR_LENGTH_LIMIT} characters, got {len(text)}")
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        except (ValueError, RecursionError, binascii.Error):
            raise CursorError("expected a cursor from an earlier page") from None
        if not isinstance(key, list) or len(key) != len(shape):
            raise CursorError("expected a cursor from an earlier page of this list")
        for value, expected in zip(key, shape, strict=True):
            if type(value) is not expected or not _is_comparable(value):
                raise CursorError("expected a cursor from an earlier page of this list")
        return cls(tuple(key))

    def after(self, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
        """Rows that come later in ascending order of these columns."""
        return tuple_(*columns) > self._values(columns)

    def before(self, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
        """Rows that come later in descending order of these columns (newest first)."""
        return tuple_(*columns) < self._values(columns)

    def _values(self, columns: Sequence[ColumnElement[Any]]) -> Tuple:
        return tuple_(*self.key, types=[column.type for column in columns])


def _is_comparable(value: str | int) -> bool:
    if isinstance(value, str):
        # PostgreSQL takes no U+0000, and neither takes half of a surrogate pair.
        return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    return -_INTEGER_LIMIT <= value < _INTEGER_LIMIT


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items of a list, and where to go on, if there is more."""

    items: tuple[Item, ...]
    next: Cursor | None


def page_of(
    rows: Sequence[Row],
    limit: int,
    item_of: Callable[[Row], Item],
    key_of: Callable[[Row], tuple[str | int, ...]],
) -> Page[Item]:
    """Make a page of rows that were read with `limit + 1`: one too many says that more follow."""
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(tuple(map(item_of, shown)), Cursor(key_of(shown[-1])) if more else None)
