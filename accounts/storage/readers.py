"""Readers and drivers: what is different of the two databases, and loaded for the one in use."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from sqlalchemy import URL, Dialect

from accounts.storage.connections import MakeDriver
from accounts.storage.driver import Driver
from accounts.storage.engine import POSTGRESQL_OPTIONS, SQLITE_PRAGMAS, SQLITE_READ_ONLY
from accounts.storage.sqlite_reader import ReadInThread, SqliteReader


class Reader(Protocol):
    """Runs statements in the database's own terms."""

    async def fetch(self, text: str, arguments: Sequence[Any]) -> Sequence[Any]:
        """Return all rows as they are at one moment. Raises BusyError."""
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...


def make_reader(
    url: URL, dialect: Dialect, connections: int, wait_s: float, in_thread: ReadInThread
) -> Reader:
    """Return the reader for a database; nothing connects yet."""
    if dialect.name == "sqlite":
        return SqliteReader(
            Path(url.database or ""), (*SQLITE_PRAGMAS, SQLITE_READ_ONLY), in_thread
        )
    import asyncpg  # noqa: PLC0415 - where SQLite is used a start need not wait for it

    from accounts.storage.postgresql_reader import PostgresqlReader  # noqa: PLC0415 - as above

    _, where = dialect.create_connect_args(url)

    async def connect() -> Any:
        return await asyncpg.connect(**where, **POSTGRESQL_OPTIONS)

    return PostgresqlReader(connect, connections, wait_s)


def driver_maker(dialect: Dialect) -> MakeDriver:
    """Return what makes a Driver of a connection of aiosqlite or asyncpg."""
    if dialect.name == "sqlite":
        return lambda connection: cast("Driver", connection)
    from accounts.storage.postgresql_driver import PostgresqlDriver  # noqa: PLC0415 - as above

    return PostgresqlDriver
