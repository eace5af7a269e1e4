"""ServerProbe: asks the database how long it takes, and the disk how much there is."""

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from analytics.operations.state import DatabaseState, StorageState

# Of a folder with more files than this only so many are counted: a look takes a tenth of a second.
_ENTRIES_LIMIT: Final = 20_000


class DatabaseProbe(Protocol):
    """Asks a database. Raises nothing."""

    async def ask(self) -> DatabaseState:
        """Time a small question, with the wait for a connection."""
        ...

    async def size_bytes(self) -> int | None:
        """Return how large it is; None where it does not say."""
        ...


class ServerProbe:
    """Implements OperationsProbe. `database` is set where there is one."""

    def __init__(self, data: Path, clock: Callable[[], int]) -> None:
        self.database: DatabaseProbe | None = None
        self._data = data
        self._clock = clock

    async def ask_database(self) -> DatabaseState | None:
        """Ask it, if there is one."""
        return None if self.database is None else await self.database.ask()

    async def measure_storage(self) -> StorageState | None:
        """Measure the data folder, in a thread, and its disk."""
        try:
            total_bytes, free_bytes, data_bytes = await asyncio.to_thread(_measure, self._data)
        except OSError:
            return None
        return StorageState(
            at_ms=self._clock(),
            database_bytes=None if self.database is None else await self.database.size_bytes(),
            data_bytes=data_bytes,
            free_bytes=free_bytes,
            total_bytes=total_bytes,
        )


def folder_bytes(folder: Path, limit: int = _ENTRIES_LIMIT) -> int:
    """Return how large the files of a folder are together; of the first so many, if there are more.

    What goes away meanwhile, as shows do, counts as nothing. No link is followed.
    """
    total = seen = 0
    waiting = [os.fspath(folder)]
    while waiting and seen < limit:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    seen += 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_size
                    if seen >= limit:
                        break
        except OSError:
            continue
    return total


def _measure(folder: Path) -> tuple[int, int, int]:
    """Return total and free bytes of the folder's disk, and what the folder holds."""
    usage = shutil.disk_usage(folder)
    return usage.total, usage.free, folder_bytes(folder)
