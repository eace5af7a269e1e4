"""SqliteConnection: SQLite in a thread of its own, with one trip there for each statement.

aiosqlite makes a trip for each call of sqlite3: make a cursor, execute, fetch, close; SQLAlchemy
makes all of them for each statement, BEGIN included. A transaction that reads one row took nine
trips, each of them two switches between threads; here it takes one.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final, Self, TypeVar

import aiosqlite
from aiosqlite.core import _STOP_RUNNING_SENTINEL as STOP
from aiosqlite.core import set_exception, set_result
from sqlalchemy.exc import IntegrityError

Result = TypeVar("Result")

_CHUNK_ROWS: Final = 64  # aiosqlite's own default; rows are fetched at once here
STATEMENTS_KEPT: Final = 256


class SqliteConnection(aiosqlite.Connection):
    """A connection whose transactions begin with their first statement.

    `begin` is how they begin. `is_writer`: whether their ends must be waited for; who only reads
    has nothing to lose. `pragmas` are run when the file is opened.
    """

    def __init__(
        self, file: Path, *, begin: str, is_writer: bool, pragmas: Sequence[str], busy_ms: int
    ) -> None:
        def opened() -> sqlite3.Connection:
            # No implicit transactions: sqlite3 would begin them too late.
            connection = sqlite3.connect(
                file,
                timeout=busy_ms / 1000,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=STATEMENTS_KEPT,
            )
            for pragma in pragmas:
                connection.execute(pragma).close()
            return connection

        super().__init__(opened, _CHUNK_ROWS)
        self._thread = Thread(target=_work, args=(self._tx,), name="sqlite", daemon=True)
        self._begin = begin
        self._is_writer = is_writer
        self._must_begin = False
        self._has_begun = False

    @property
    def is_closed(self) -> bool:
        """Whether it was closed, or is about to be."""
        return not self._running

    async def begin(self, how: str) -> None:  # noqa: ARG002 - Driver's signature; known from the start
        """Begin a transaction on the way to the next statement."""
        self._must_begin = True

    async def fetch(self, text: str, arguments: Sequence[Any]) -> Sequence[Any]:
        """Run a statement and return its rows."""
        return await self.run(lambda opened: opened.execute(text, arguments).fetchall())

    async def change(self, text: str, arguments: Sequence[Any]) -> int:
        """Run a statement that writes; return how many rows it has changed."""
        try:
            return await self.run(lambda opened: opened.execute(text, arguments).rowcount)
        except sqlite3.IntegrityError as error:
            raise IntegrityError(None, None, error, hide_parameters=True) from None

    def cursor(self) -> "SqliteCursor":  # type: ignore[override] # what SQLAlchemy needs of it
        """Make a cursor, without a trip."""
        return SqliteCursor(self)

    async def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do some work in the thread, behind BEGIN if that is due."""
        must_begin, self._must_begin = self._must_begin, False
        self._has_begun = self._has_begun or must_begin

        def begin_and_work() -> Result:
            if must_begin:
                self._conn.execute(self._begin).close()
            return work(self._conn)

        result: Result = await self._execute(begin_and_work)  # type: ignore[no-untyped-call] # the library's
        return result

    async def commit(self) -> None:
        """End the transaction, if one has begun."""
        await self._end(self._conn.commit)

    async def rollback(self) -> None:
        """Undo the transaction, if one has begun."""
        await self._end(self._conn.rollback)

    async def _end(self, end: Callable[[], None]) -> None:
        has_begun, self._has_begun, self._must_begin = self._has_begun, False, False
        if has_begun:
            await self._carry_out(end)

    async def _carry_out(self, end: Callable[[], None]) -> None:
        if self._is_writer:
            await self._execute(end)  # type: ignore[no-untyped-call] # the library's
        else:
            self._tx.put_nowait((None, end))  # done before whatever is asked for next


class PromptSqliteConnection(SqliteConnection):
    """A connection whose short statements and their ends run on the event loop itself.

    A row that is changed takes 20 to 50 microseconds there, and two trips to a thread each of
    which waits for a busy loop in between. The thread only opens and closes the file. Its
    transactions must not find out late that they have to wait: they begin as writers.
    """

    async def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do some work here, behind BEGIN if that is due."""
        if self._must_begin:
            self._must_begin = False
            self._conn.execute(self._begin).close()
            self._has_begun = True
        return work(self._conn)

    async def _carry_out(self, end: Callable[[], None]) -> None:
        end()


def _work(asked: SimpleQueue[tuple[asyncio.Future[Any] | None, Callable[[], Any]]]) -> None:
    """Do what a connection is asked for, in its thread, until it is told to stop.

    Whoever stops waiting leaves the thread at its work, maybe for longer than the event loop runs.
    aiosqlite's own thread dies when it finds the loop closed, and leaves the file open.
    """
    result: Any = None
    while result is not STOP:
        future, do = asked.get()
        try:
            result = do()
        except BaseException as error:  # noqa: BLE001 - is raised where it is waited for
            _tell(future, set_exception, error)
        else:
            _tell(future, set_result, result)


def _tell(
    future: asyncio.Future[Any] | None, how: Callable[[asyncio.Future[Any], Any], None], what: Any
) -> None:
    if future is not None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            future.get_loop().call_soon_threadsafe(how, future, what)


class SqliteCursor:
    """What SQLAlchemy uses of a cursor: each statement's rows come back with it."""

    arraysize = 1

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        """Run one statement and take all of its rows."""
        await self._connection.run(
            lambda connection: self._take(connection.execute(statement, parameters))
        )
        return self

    async def executemany(self, statement: str, parameters: Any) -> Self:
        """Run one statement with each of the parameters."""
        await self._connection.run(
            lambda connection: self._take(connection.executemany(statement, parameters))
        )
        return self

    async def fetchall(self) -> list[Any]:
        """Return the rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Forget the rows; the thread has closed its own cursor."""
        self._rows = []

    def _take(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()
