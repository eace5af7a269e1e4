"""Engines: how connections to SQLite and PostgreSQL are made and how each transaction begins.

Both databases are made to promise the same: a reader sees one moment, a writer sees what it
changes as nobody else changes it.
"""

import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from accounts.storage.errors import SchemaError
from accounts.storage.sqlite_connection import PromptSqliteConnection, SqliteConnection

_DRIVERS: Final = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_PARAMETERS: Final = {
    "host": "host",  # also the folder of a socket
    "port": "port",
    "user": "user",
    "sslmode": "ssl",  # libpq's name, as hosters write it, and asyncpg's
    "ssl": "ssl",
    "target_session_attrs": "target_session_attrs",
}

# Another process (the command line) may hold the lock of SQLite's one writer for a moment.
_SQLITE_BUSY_MS: Final = 10_000
POSTGRESQL_OPTIONS: Final[dict[str, Any]] = {
    "command_timeout": 30.0,
    "server_settings": {"application_name": "rillcast", "timezone": "UTC"},
}
SQLITE_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",  # readers and the writer do not wait for each other
    "PRAGMA synchronous = NORMAL",  # WAL keeps the file whole; a power cut may cost a moment
    "PRAGMA foreign_keys = ON",
)
SQLITE_READ_ONLY: Final = "PRAGMA query_only = ON"
# What is copied from the log into the file is forced to disk: never on the event loop.
_SQLITE_NO_CHECKPOINTS: Final = "PRAGMA wal_autocheckpoint = 0"
# What states of PostgreSQL begin with (its manual, appendix A).
_AWAY: Final = ("08", "57P")  # the connection is lost; the server shuts down, crashed or starts
_BUSY: Final = ("53", "57")  # too many connections, or too much else; a statement was cancelled
_SQLITE_DISK_TROUBLE: Final = ("database or disk is full", "disk I/O error")


def unreachable() -> tuple[type[Exception], ...]:
    """Return what making a connection may raise; asyncpg's errors come through as they are."""
    if "asyncpg" not in sys.modules:  # not loaded for SQLite: a start would wait 29 ms for it
        return OSError, DBAPIError
    import asyncpg  # noqa: PLC0415 - is loaded

    return OSError, asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError


def parse_url(url: str) -> URL:
    """Return the URL with the driver that we use. Raises SchemaError, without the password."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SchemaError("database: expected a URL such as postgresql://USER@HOST/NAME") from None
    driver = _DRIVERS.get(parsed.get_backend_name())
    if driver is None:
        raise SchemaError(f"database: expected {' or '.join(_DRIVERS)}, got {parsed.drivername}")
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(query=_parameters(parsed))
    return parsed.set(drivername=driver)


def _parameters(url: URL) -> dict[str, str | tuple[str, ...]]:
    """Return what stands behind `?` as the driver names it."""
    unknown = sorted(url.query.keys() - _PARAMETERS)
    if unknown:
        known = ", ".join(sorted(_PARAMETERS.keys() - {"ssl"}))
        raise SchemaError(f"database: expected no {unknown[0]!r} in the URL; known are {known}")
    return {_PARAMETERS[name]: value for name, value in url.query.items()}


class Engines(NamedTuple):
    """The engines of a database; nothing connects before it is used.

    `prompt_writer` is for short transactions alone; it works on the event loop, and does not wait
    for the lock of another process. On PostgreSQL all three are one.
    """

    reader: AsyncEngine
    writer: AsyncEngine
    prompt_writer: AsyncEngine


def make_engines(url: URL, connections: int, wait_s: float) -> Engines:
    """Make the engines for a database."""
    if url.get_backend_name() == "sqlite":
        return Engines(
            _sqlite(url, connections, wait_s, SqliteConnection, SQLITE_READ_ONLY),
            _sqlite(url, 1, wait_s, SqliteConnection),
            _sqlite(url, 1, wait_s, PromptSqliteConnection, _SQLITE_NO_CHECKPOINTS, busy_ms=0),
        )
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=wait_s,
        isolation_level="AUTOCOMMIT",  # transactions are begun and ended by `Connections`
        connect_args=POSTGRESQL_OPTIONS,
    )
    return Engines(engine, engine, engine)


def _sqlite(
    url: URL,
    connections: int,
    wait_s: float,
    kind: type[SqliteConnection],
    *pragmas: str,
    busy_ms: int = _SQLITE_BUSY_MS,
) -> AsyncEngine:
    file = Path(url.database or "")
    is_writer = SQLITE_READ_ONLY not in pragmas

    def connect(*_: object, **__: object) -> SqliteConnection:
        return kind(
            file,
            begin="BEGIN IMMEDIATE" if is_writer else "BEGIN",
            is_writer=is_writer,
            pragmas=[*SQLITE_PRAGMAS, *pragmas],
            busy_ms=busy_ms,
        )

    return create_async_engine(
        url,
        hide_parameters=True,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=wait_s,
        async_creator=connect,
    )


def is_conflict(error: BaseException) -> bool:
    """Whether the error means that another transaction came first, and trying again may help."""
    return _sqlstate(error) in {"40001", "40P01"}  # serialization_failure, deadlock_detected


def is_away(error: BaseException) -> bool:
    """Whether the error means that the connection is gone, and the database with it."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return (_sqlstate(error) or "").startswith(_AWAY)


def is_busy(error: BaseException) -> bool:
    """Whether the error means that the database cannot be had at the moment."""
    state = _sqlstate(error)
    if state is not None:
        return state.startswith(_BUSY)
    text = str(getattr(error, "orig", error))
    return "database is locked" in text or "database table is locked" in text


def disk_trouble(error: BaseException) -> str | None:
    """Say what SQLite's disk refuses; None if that is not it. PostgreSQL's own is `is_busy`."""
    text = str(getattr(error, "orig", error))
    return next((known for known in _SQLITE_DISK_TROUBLE if known in text), None)


def reason_of(error: BaseException) -> str:
    """Say in one line why no connection could be made; PostgreSQL's text names no password."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return str(cause).partition("\n")[0]


def _sqlstate(error: BaseException) -> str | None:
    found: Any = getattr(getattr(error, "orig", error), "sqlstate", None)
    return found if isinstance(found, str) else None
