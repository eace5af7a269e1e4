"""EntryReader: the choices that the bytes of one entry make.

Reads from the front, so that a byte that a fuzzer inserts or removes moves the rest along with
it; never raises, and gives zeros after the end.
"""

from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")


class EntryReader:
    """A place in an entry that only moves forward."""

    __slots__ = ("_entry", "_position")

    def __init__(self, entry: bytes) -> None:
        self._entry = entry
        self._position = 0

    @property
    def is_at_end(self) -> bool:
        """Whether all bytes have been read."""
        return self._position >= len(self._entry)

    def byte(self) -> int:
        """Read 0 to 255."""
        return self.integer(1)

    def integer(self, size_bytes: int) -> int:
        """Read an unsigned big-endian integer."""
        return int.from_bytes(self.take(size_bytes).ljust(size_bytes, b"\0"), "big")

    def pick(self, choices: Sequence[_T]) -> _T:
        """Read a byte and let it choose."""
        return choices[self.byte() % len(choices)]

    def take(self, size_bytes: int) -> bytes:
        """Read so many bytes, or what is left."""
        start = self._position
        self._position = min(start + size_bytes, len(self._entry))
        return self._entry[start : self._position]

    def sized(self) -> bytes:
        """Read two bytes of length, and as many bytes or what is left."""
        return self.take(self.integer(2))

    def rest(self) -> bytes:
        """Read all that is left."""
        return self.take(len(self._entry))
