"""PostgresqlReader: single statements on connections of their own, in one round trip each.

A transaction around one statement takes three trips more (is the connection alive, BEGIN, COMMIT)
and promises nothing more: a statement sees one moment anyway.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Final

import asyncpg

from accounts.storage.engine import reason_of
from accounts.storage.errors import AwayError, BusyError

Connect = Callable[[], Awaitable[Any]]
"""Makes a connection of asyncpg. Raises what it raises."""

_UNREACHABLE: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
_BUSY_CLASSES: Final = {"53", "57"}  # too much to do; cancelled


class _LostError(Exception):
    """The connection is of no use any more."""


class PostgresqlReader:
    """Keeps up to `size` connections; who waits for one longer than `wait_s` is refused."""

    def __init__(self, connect: Connect, size: int, wait_s: float) -> None:
        self._connect = connect
        self._wait_s = wait_s
        self._free: list[Any] = []  # the one used last on top
        self._places = asyncio.Semaphore(size)

    async def fetch(self, text: str, arguments: Sequence[Any]) -> Sequence[Any]:
        """Return all rows as they are at one moment. Raises BusyError."""
        await self._take_place()
        try:
            # PostgreSQL may have been restarted since: a connection that was kept proves nothing.
            while self._free:
                kept = self._free.pop()
                if kept.is_closed():
                    continue
                with suppress(_LostError):
                    return await self._fetch(kept, text, arguments)
            try:
                made = await self._connect()
            except _UNREACHABLE as error:
                raise AwayError(f"the database cannot be reached: {reason_of(error)}") from None
            try:
                return await self._fetch(made, text, arguments)
            except _LostError:
                raise AwayError("the database has ended the connection") from None
        finally:
            self._places.release()

    async def close(self) -> None:
        """Close all connections that nobody uses."""
        for connection in self._free:
            with suppress(*_UNREACHABLE):
                await connection.close(timeout=1)
        self._free.clear()

    async def _take_place(self) -> None:
        if not self._places.locked():
            await self._places.acquire()  # at once
            return
        try:
            async with asyncio.timeout(self._wait_s):
                await self._places.acquire()
        except TimeoutError:
            raise BusyError("no connection became free in time") from None

    async def _fetch(self, connection: Any, text: str, arguments: Sequence[Any]) -> Sequence[Any]:
        """Keep the connection unless anything is wrong with it."""
        try:
            rows: Sequence[Any] = await connection.fetch(text, *arguments)
        except TimeoutError:
            connection.terminate()
            raise BusyError("the database cannot be had at the moment") from None
        except _UNREACHABLE as error:
            if isinstance(error, OSError) or connection.is_closed():
                connection.terminate()
                raise _LostError from None
            self._free.append(connection)
            if str(getattr(error, "sqlstate", ""))[:2] in _BUSY_CLASSES:
                raise BusyError("the database cannot be had at the moment") from None
            raise
        except BaseException:
            connection.terminate()  # who asked has left, perhaps in the middle
            raise
        self._free.append(connection)
        return rows
