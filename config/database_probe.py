"""AccountsDatabaseProbe: how long the accounts' database takes, and how large it is."""

from pathlib import Path
from time import perf_counter
from typing import Final

from sqlalchemy import func, literal, select

from accounts.storage import Database, PreparedRead, StorageError
from analytics.operations.state import DatabaseState
from config.data_folder import DATABASE_NAME

_ANYTHING: Final = PreparedRead(select(literal(1).label("one")))
_SIZE: Final = PreparedRead(
    select(func.pg_database_size(func.current_database()).label("size_bytes"))
)
_SQLITE_FILES: Final = ("", "-wal", "-shm")


class AccountsDatabaseProbe:
    """Implements DatabaseProbe. What fails is told by who works with the database."""

    def __init__(self, database: Database, data: Path) -> None:
        self._database = database
        self._data = data

    async def ask(self) -> DatabaseState:
        """Time a small question, with the wait for a connection."""
        database, latency_s = self._database, None
        began_s = perf_counter()
        try:
            await database.fetch(_ANYTHING)
        except StorageError:
            pass
        else:
            latency_s = perf_counter() - began_s
        return DatabaseState(
            kind="sqlite" if database.is_sqlite else "postgresql",
            latency_s=latency_s,
            is_away=latency_s is None,
            outages=database.outage_count,
        )

    async def size_bytes(self) -> int | None:
        """Return how large it is; None where it does not say."""
        if self._database.is_sqlite:
            return sum(_file_bytes(self._data / f"{DATABASE_NAME}{end}") for end in _SQLITE_FILES)
        try:
            (row,) = await self._database.fetch(_SIZE)
        except StorageError:
            return None
        return int(row.size_bytes)


def _file_bytes(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
