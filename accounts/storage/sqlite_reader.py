"""SqliteReader: short reads of SQLite on the event loop itself.

A row that is found by an index takes 20 microseconds, and a trip to a thread and back ten times
as much of the same processor. So such reads are made at once, for as long as that is short: what
takes more than some steps, or finds the file locked, is begun anew in a thread.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final

from accounts.storage.sqlite_connection import STATEMENTS_KEPT

# SQLite's virtual machine takes 10 to 50 million steps a second: a millisecond or two.
_STEPS_LIMIT: Final = 40_000

ReadInThread = Callable[[str, Sequence[Any]], Awaitable[Sequence[Any]]]
"""Runs a statement with its arguments in a thread and returns the rows. Raises BusyError."""


class SqliteReader:
    """Runs single statements. `in_thread` takes over what cannot be done shortly."""

    def __init__(self, file: Path, pragmas: Sequence[str], in_thread: ReadInThread) -> None:
        self._file = file
        self._pragmas = pragmas
        self._in_thread = in_thread
        self._connection: sqlite3.Connection | None = None
        self.handed_over_count = 0

    async def fetch(self, text: str, arguments: Sequence[Any]) -> Sequence[Any]:
        """Return all rows as they are at one moment. Raises BusyError."""
        try:
            return self._opened().execute(text, arguments).fetchall()
        except sqlite3.OperationalError:
            # Interrupted after its steps, or locked for a moment by whoever recovers the file.
            self.handed_over_count += 1
            return await self._in_thread(text, arguments)

    async def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(
                self._file, timeout=0, isolation_level=None, cached_statements=STATEMENTS_KEPT
            )
            for pragma in self._pragmas:
                connection.execute(pragma).close()
            connection.set_progress_handler(_give_up, _STEPS_LIMIT)
            self._connection = connection
        return self._connection


def _give_up() -> int:
    return 1
