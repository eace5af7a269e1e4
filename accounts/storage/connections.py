"""Connections: those that transactions run on, kept open in between.

SQLAlchemy's pool asks PostgreSQL before each use whether it is there, and both times sets what the
transaction is to be like. Here the transaction's own BEGIN says all of that in one trip: where it
fails because the connection is gone, it is made on another one.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from time import monotonic
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from accounts.storage.driver import Driver, LostError, driver_of, give_driver
from accounts.storage.engine import (
    disk_trouble,
    is_away,
    is_busy,
    is_conflict,
    reason_of,
    unreachable,
)
from accounts.storage.errors import AwayError, BusyError, ConflictError
from accounts.storage.outage import Outage
from accounts.storage.places import Places

MakeDriver = Callable[[Any], Driver]
"""Makes a driver of the connection of asyncpg or aiosqlite."""


class Connections:
    """Up to `size` of them; who waits for one longer than `wait_s` is refused."""

    def __init__(
        self,
        engine: AsyncEngine,
        make_driver: MakeDriver,
        outage: Outage,
        size: int,
        wait_s: float,
    ) -> None:
        self._outage = outage
        self._engine = engine
        self._make_driver = make_driver
        self._free: list[AsyncConnection] = []  # the one used last on top
        self._places = Places(size, wait_s)

    @asynccontextmanager
    async def transaction(self, how: str) -> AsyncIterator[AsyncConnection]:
        """Run a block in a transaction that is kept, or undone if anything is raised.

        `how` is what it begins with on PostgreSQL. Raises BusyError, ConflictError.
        """
        await self._places.take()
        try:
            connection = await self._begun(how)
            if self._outage.is_on:  # it has just answered
                self._outage.end(monotonic())
            driver = driver_of(connection)
            can_be_kept = False
            try:
                with translated():
                    try:
                        yield connection
                        await driver.commit()
                        can_be_kept = True
                    except Exception:
                        with suppress(BusyError):  # undone all the same, with the connection
                            await driver.rollback()
                            can_be_kept = True
                        raise
            finally:
                # Who was cancelled may have left in the middle of a statement.
                if can_be_kept and not driver.is_closed:
                    self._free.append(connection)
                else:
                    await _discard(connection)
        except AwayError as error:
            self._outage.note(error, monotonic())
            raise
        finally:
            self._places.give_back()

    async def close(self) -> None:
        """Close all connections that nobody uses."""
        while self._free:
            await self._free.pop().close()
        await self._engine.dispose()

    async def _begun(self, how: str) -> AsyncConnection:
        """Return a connection in a new transaction."""
        while self._free:
            # PostgreSQL may have been restarted since: that it was kept proves nothing.
            kept = self._free.pop()
            with suppress(LostError):
                return await _begin(kept, how)
        return await _begin(await self._opened(), how)

    async def _opened(self) -> AsyncConnection:
        try:
            connection = await self._engine.connect()
        except unreachable() as error:
            raise AwayError(f"the database cannot be reached: {reason_of(error)}") from None
        # SQLAlchemy believes in one transaction without an end; what it is told of none of ours.
        await connection.begin()
        raw = await connection.get_raw_connection()
        give_driver(connection, self._make_driver(raw.driver_connection))
        return connection


async def _begin(connection: AsyncConnection, how: str) -> AsyncConnection:
    try:
        await driver_of(connection).begin(how)
    except BaseException:
        await _discard(connection)
        raise
    return connection


async def _discard(connection: AsyncConnection) -> None:
    """Close a connection that may be in the middle of something, whoever is cancelled meanwhile."""

    async def discard() -> None:
        await connection.invalidate()
        await connection.close()

    await asyncio.shield(asyncio.ensure_future(discard()))


@contextmanager
def translated() -> Iterator[None]:
    """Turn what SQLAlchemy and SQLite raise into what callers can act on."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        if is_conflict(error):
            raise ConflictError("another writer came first") from None
        if is_away(error):
            raise LostError from None
        if is_busy(error):
            raise BusyError("the database cannot be had at the moment") from None
        trouble = disk_trouble(error)
        if trouble is not None:
            raise BusyError(f"the database cannot be written: {trouble}") from None
        raise
