"""Database: transactions for reading and for writing, the same on SQLite and PostgreSQL."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any, Final, TypeVar

from sqlalchemy import URL, func, select
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.storage.engine import (
    disk_trouble,
    is_away,
    is_busy,
    is_conflict,
    make_engines,
    parse_url,
    reason_of,
    unreachable,
)
from accounts.storage.errors import AwayError, BusyError, ConflictError
from accounts.storage.outage import Outage
from accounts.storage.prepared_read import PreparedRead
from accounts.storage.readers import make_reader

Result = TypeVar("Result")

_ATTEMPTS: Final = 12
_TRIES_IN_COMPANY: Final = 2  # then without this process's other writers beside it
_DOUBTS: Final = 3  # how often a violated constraint is taken for a conflict
_BACKOFF_MS: Final = 4.0  # doubles with every attempt, up to the limit
_BACKOFF_LIMIT_MS: Final = 250.0
_ALSO: ContextVar[Callable[[AsyncConnection], Awaitable[None]] | None] = ContextVar(
    "also", default=None
)
_PROMPT_IN_A_ROW: Final = 200  # then one in the thread, which copies SQLite's log into its file
_POSTGRESQL_WRITERS: Final = 4  # more of them at once conflict more often than they help


class Database:
    """Where accounts keep their rows. Open it once per process, on one event loop.

    Both transactions are whole: a reader sees one moment, and a writer sees nothing that changes
    before it commits (serialisable). SQLite has one writer at a time, who waits in line here.
    PostgreSQL has several, and may find at the end that two of them contradict each other: use
    `write`, which tries again, for everything that reads what it then changes.
    """

    def __init__(self, url: URL, connections: int, wait_s: float) -> None:
        self._readers, self._writers, self._prompt_writers = make_engines(url, connections, wait_s)
        self._reader = make_reader(
            url, self._readers.dialect, max(1, connections // 2), wait_s, self._read_in_thread
        )
        self._wait_s = wait_s
        self._outage = Outage()
        self.is_sqlite = self._writers.dialect.name == "sqlite"
        self._writer_count = 1 if self.is_sqlite else _POSTGRESQL_WRITERS
        self._turn = asyncio.Semaphore(self._writer_count)
        self._collecting = asyncio.Lock()
        self._prompt_count = 0

    @classmethod
    def at(cls, url: str, *, connections: int = 8, wait_s: float = 10.0) -> "Database":
        """Make one that connects when it is first used. Raises SchemaError for the URL."""
        return cls(parse_url(url), connections, wait_s)

    @classmethod
    async def open(cls, url: str, *, connections: int = 8, wait_s: float = 10.0) -> "Database":
        """Connect, to know that it works. Raises SchemaError for the URL, BusyError."""
        database = cls.at(url, connections=connections, wait_s=wait_s)
        try:
            async with database.writing():
                pass
        except BaseException:
            await database.close()
            raise
        return database

    @property
    def engine(self) -> AsyncEngine:
        """The engine that writes, for migrations and tests."""
        return self._writers

    async def fetch(self, read: PreparedRead, **values: Any) -> list[Any]:
        """Return the rows of one statement, as they are at one moment. Raises BusyError.

        What most requests need: it takes one round trip, and on SQLite not even a thread.
        """
        compiled = read.compiled(self._readers.dialect)
        try:
            rows = await self._reader.fetch(compiled.text, compiled.arguments(values))
        except AwayError as error:
            self._outage.note(error, monotonic())
            raise
        if self._outage.is_on:
            self._outage.end(monotonic())
        return compiled.rows(rows)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Read one moment of the database, in one transaction. Raises BusyError."""
        async with _transaction(self._readers, self._outage) as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Change rows in one transaction: all of it or, if anything is raised, nothing.

        Raises BusyError; on PostgreSQL also ConflictError, which `write` tries again.
        """
        async with self._in_turn(), _transaction(self._writers, self._outage) as connection:
            yield connection

    async def write(
        self,
        work: Callable[[AsyncConnection], Awaitable[Result]],
        *,
        is_short: bool = False,
    ) -> Result:
        """Do `work` in a transaction, again if another writer came first.

        `work` may run several times and must do nothing but read and write rows: send mails and
        tell events after this returns. `is_short` promises that it touches a few rows by their
        indexes, whoever asks: SQLite then does it on the event loop, unless another process writes.
        Raises BusyError, and whatever `work` raises.
        """
        doubts = 0
        is_prompt = is_short and self._may_be_prompt()
        for attempt in range(_ATTEMPTS):
            try:
                async with self._in_turn(is_alone=attempt >= _TRIES_IN_COMPANY):
                    if is_prompt:
                        try:
                            return await _once(self._prompt_writers, self._outage, work)
                        except BusyError:  # another process has the lock: a thread waits for it
                            is_prompt = False
                    return await _once(self._writers, self._outage, work)
            except IntegrityError:
                # Where two insert what both have found missing, PostgreSQL may call it a duplicate
                # instead of a conflict (its manual, 13.2.3). Whoever looks again sees it.
                doubts += 1
                if self.is_sqlite or doubts > _DOUBTS:
                    raise
            except ConflictError:
                ceiling_ms = min(_BACKOFF_MS * 2**attempt, _BACKOFF_LIMIT_MS)
                await asyncio.sleep(random.uniform(0, ceiling_ms) / 1000)  # noqa: S311 - spreads writers, hides nothing
        raise BusyError(f"other writers came first {_ATTEMPTS} times")

    @asynccontextmanager
    async def writing_alone(self, lock: int) -> AsyncIterator[AsyncConnection]:
        """Change tables in one transaction, while nobody else who gives this number does.

        Raises BusyError if the others take longer than any statement may.
        """
        if self.is_sqlite:  # has one writer anyway
            async with self.writing() as connection:
                yield connection
            return
        # Each statement sees what was committed before it: before the lock was had, too.
        alone = _transaction(self._writers, self._outage, isolation_level="READ COMMITTED")
        async with alone as connection:
            await connection.execute(select(func.pg_advisory_xact_lock(lock)))
            yield connection

    async def close(self) -> None:
        """Close all connections; transactions still open are undone."""
        await self._reader.close()
        await self._readers.dispose()
        await self._writers.dispose()
        await self._prompt_writers.dispose()

    def _may_be_prompt(self) -> bool:
        """Whether the next short transaction is done at once; some must do what is left behind."""
        self._prompt_count += 1
        return self.is_sqlite and self._prompt_count % _PROMPT_IN_A_ROW != 0

    async def _read_in_thread(self, text: str, arguments: Sequence[Any]) -> Sequence[Any]:
        async with self.reading() as connection:
            return (await connection.exec_driver_sql(text, tuple(arguments))).all()

    @asynccontextmanager
    async def _in_turn(self, *, is_alone: bool = False) -> AsyncIterator[None]:
        """Wait for a turn to write, or for all turns of this process."""
        taken = 0
        try:
            try:
                async with asyncio.timeout(self._wait_s):
                    async with self._collecting:  # two who each hold half would wait for ever
                        while taken < (self._writer_count if is_alone else 1):
                            await self._turn.acquire()
                            taken += 1
            except TimeoutError:
                raise BusyError("too many writers wait") from None
            yield
        finally:
            for _ in range(taken):
                self._turn.release()


@contextmanager
def also_writing(work: Callable[[AsyncConnection], Awaitable[None]]) -> Iterator[None]:
    """Have `work` done within every transaction of `Database.write` in the block, at its end.

    So a note about what was written is there if, and only if, what was written is there.
    """
    token = _ALSO.set(work)
    try:
        yield
    finally:
        _ALSO.reset(token)


def work_beside() -> Callable[[AsyncConnection], Awaitable[None]] | None:
    """Return what `also_writing` wants done, for who writes in a transaction of another task."""
    return _ALSO.get()


async def _once(
    engine: AsyncEngine, outage: Outage, work: Callable[[AsyncConnection], Awaitable[Result]]
) -> Result:
    async with _transaction(engine, outage) as connection:
        result = await work(connection)
        also = _ALSO.get()
        if also is not None:
            await also(connection)
        return result


@asynccontextmanager
async def _transaction(
    engine: AsyncEngine, outage: Outage, isolation_level: IsolationLevel | None = None
) -> AsyncIterator[AsyncConnection]:
    opened = AsyncExitStack()
    try:
        connection = await opened.enter_async_context(engine.connect())
    except PoolTimeoutError:
        raise BusyError("no connection became free in time") from None
    except unreachable() as error:
        away = AwayError(f"the database cannot be reached: {reason_of(error)}")
        outage.note(away, monotonic())
        raise away from None
    if outage.is_on:  # PostgreSQL has just answered: its pool asks each connection first
        outage.end(monotonic())
    async with opened:
        with _translated(outage):
            if isolation_level is not None:
                await connection.execution_options(isolation_level=isolation_level)
            async with connection.begin():
                yield connection


@contextmanager
def _translated(outage: Outage) -> Iterator[None]:
    """Turn what the drivers raise into what callers can act on."""
    try:
        yield
    except DBAPIError as error:
        if is_conflict(error):
            raise ConflictError("another writer came first") from None
        if is_away(error):
            away = AwayError("the database has ended the connection")
            outage.note(away, monotonic())
            raise away from None
        if is_busy(error):
            raise BusyError("the database cannot be had at the moment") from None
        trouble = disk_trouble(error)
        if trouble is not None:
            raise BusyError(f"the database cannot be written: {trouble}") from None
        raise
