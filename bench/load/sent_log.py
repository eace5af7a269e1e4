"""SentLog: when which message of which publisher left, for measuring how soon it can be watched."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_RECORD = struct.Struct("<IId")


@dataclass(frozen=True, slots=True)
class Sent:
    """One message: the publisher's number, its place in the loop, and CLOCK_MONOTONIC then."""

    publisher: int
    index: int
    at_s: float


class SentLog:
    """Appends to a file, through a buffer that `close` empties."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=1 << 20)
        self._pack, self._write = _RECORD.pack, self._file.write

    def add(self, publisher: int, index: int, at_s: float) -> None:
        """Note that the last byte of a message went into the socket."""
        self._write(self._pack(publisher, index, at_s))

    def close(self) -> None:
        """Write what is left."""
        self._file.close()


def read_sent_log(path: Path) -> Iterator[Sent]:
    """Give the records in the order in which they were written."""
    content = path.read_bytes()
    whole = len(content) - len(content) % _RECORD.size
    for values in _RECORD.iter_unpack(content[:whole]):
        yield Sent(*values)
