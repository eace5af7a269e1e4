"""IndexFile: one show's index on disk, which grows at its end and is sometimes written anew."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

INDEX: Final = "index"
_NEW_INDEX: Final = "index.new"


class IndexFile:
    """A file of records, each written with one write: a process that is killed tears the last.

    `size_bytes` is how much of it is whole, also after a write that failed. Owns its descriptor.
    All that writes or reads raises OSError.
    """

    def __init__(self, folder: Path) -> None:
        self.size_bytes = 0
        self._folder = folder
        self._file: int | None = None

    def append(self, records: bytes) -> None:
        """Write records behind those that are there; the first ones make the file."""
        if self._file is None:
            self._file = _open(self._folder / INDEX)
        _write(self._file, records)
        self.size_bytes += len(records)

    def replace(self, records: bytes) -> None:
        """Put these records in the place of all that are there, or leave those as they were."""
        new = self._folder / _NEW_INDEX
        new.unlink(missing_ok=True)
        file = _open(new)
        try:
            _write(file, records)
            new.replace(self._folder / INDEX)
        except OSError:
            os.close(file)
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise
        self.close()
        self._file = file
        self.size_bytes = len(records)

    def read(self) -> bytes:
        """Give all whole records."""
        return (self._folder / INDEX).read_bytes()[: self.size_bytes]

    def close(self) -> None:
        """Leave the file as it is."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def delete(self) -> None:
        """Close the file and delete it, if the disk lets us."""
        self.close()
        self.size_bytes = 0
        with suppress(OSError):
            (self._folder / INDEX).unlink(missing_ok=True)


def _open(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def _write(file: int, records: bytes) -> None:
    if os.write(file, records) != len(records):
        raise OSError(None, "the disk took a part of a record only")
