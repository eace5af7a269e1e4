"""Database: transactions for reading and for writing, the same on SQLite and PostgreSQL."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any, Final, TypeVar

from sqlalchemy import URL, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.storage.connections import Connections
from accounts.storage.engine import make_engines, parse_url
from accounts.storage.errors import AwayError, BusyError, ConflictError
from accounts.storage.outage import Outage
from accounts.storage.prepared_read import PreparedRead
from accounts.storage.readers import driver_maker, make_reader

Result = TypeVar("Result")

_ATTEMPTS: Final = 12
_TRIES_IN_COMPANY: Final = 2  # then without this process's other writers beside it
_DOUBTS: Final = 3  # how often a violated constraint is taken for a conflict
_BACKOFF_MS: Final = 4.0  # doubles with every attempt, up to the limit
_BACKOFF_LIMIT_MS: Final = 250.0
_ALSO: ContextVar[Callable[[AsyncConnection], Awaitable[None]] | None] = ContextVar(
    "also", default=None
)
# What transactions begin with on PostgreSQL.
_READING: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WRITING: Final = "BEGIN ISOLATION LEVEL SERIALIZABLE"
_WRITING_GUARDED: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ"
_WRITING_ALONE: Final = "BEGIN ISOLATION LEVEL READ COMMITTED"
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
        engines = make_engines(url, connections, wait_s)
        self._engine = engines.writer
        self._dialect = engines.writer.dialect
        self.is_sqlite = self._dialect.name == "sqlite"
        make_driver = driver_maker(self._dialect)
        self._outage = Outage()
        size = 1 if self.is_sqlite else connections
        self._writers = Connections(engines.writer, make_driver, self._outage, size, wait_s)
        self._readers = self._prompt_writers = self._writers
        if self.is_sqlite:
            self._readers = Connections(
                engines.reader, make_driver, self._outage, connections, wait_s
            )
            self._prompt_writers = Connections(
                engines.prompt_writer, make_driver, self._outage, 1, wait_s
            )
        self._reader = make_reader(
            url, self._dialect, max(1, connections // 2), wait_s, self._read_in_thread
        )
        self._wait_s = wait_s
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
    def is_away(self) -> bool:
        """Whether it was away when it was last tried."""
        return self._outage.is_on

    @property
    def outage_count(self) -> int:
        """How often it went away."""
        return self._outage.count

    @property
    def engine(self) -> AsyncEngine:
        """The engine that writes, for migrations and tests."""
        return self._engine

    async def fetch(self, read: PreparedRead, **values: Any) -> list[Any]:
        """Return the rows of one statement, as they are at one moment. Raises BusyError.

        What most requests need: it takes one round trip, and on SQLite not even a thread.
        """
        compiled = read.compiled(self._dialect)
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
        async with self._readers.transaction(_READING) as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Change rows in one transaction: all of it or, if anything is raised, nothing.

        Raises BusyError; on PostgreSQL also ConflictError, which `write` tries again.
        """
        async with self._in_turn(), self._writers.transaction(_WRITING) as connection:
            yield connection

    async def write(
        self,
        work: Callable[[AsyncConnection], Awaitable[Result]],
        *,
        is_short: bool = False,
        is_guarded: bool = False,
    ) -> Result:
        """Do `work` in a transaction, again if another writer came first.

        `work` may run several times and must do nothing but read and write rows: send mails and
        tell events after this returns. `is_short` promises that it touches a few rows by their
        indexes, whoever asks: SQLite then does it on the event loop, unless another process writes.
        `is_guarded` promises that it changes a row which all others change who could contradict
        it, and that nobody minds if what else it read has changed meanwhile: PostgreSQL then sees
        to that row alone, and not to every page that was read.
        Raises BusyError, and whatever `work` raises.
        """
        doubts = 0
        is_prompt = is_short and self._may_be_prompt()
        how = _WRITING_GUARDED if is_guarded else _WRITING
        for attempt in range(_ATTEMPTS):
            try:
                async with self._in_turn(is_alone=attempt >= _TRIES_IN_COMPANY):
                    if is_prompt:
                        try:
                            return await _once(self._prompt_writers, work, how)
                        except BusyError:  # another process has the lock: a thread waits for it
                            is_prompt = False
                    return await _once(self._writers, work, how)
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
        async with self._writers.transaction(_WRITING_ALONE) as connection:
            await connection.execute(select(func.pg_advisory_xact_lock(lock)))
            yield connection

    async def close(self) -> None:
        """Close all connections; transactions still open are undone."""
        await self._reader.close()
        for connections in (self._readers, self._writers, self._prompt_writers):
            await connections.close()

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
    writers: Connections, work: Callable[[AsyncConnection], Awaitable[Result]], how: str
) -> Result:
    async with writers.transaction(how) as connection:
        result = await work(connection)
        also = _ALSO.get()
        if also is not None:
            await also(connection)
        return result
