"""PostgresqlReader: single statements on connections of their own, in one round trip each.

A transaction around one statement takes three trips more (is the connection alive, BEGIN, COMMIT)
and promises nothing more: a statement sees one moment anyway.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from accounts.storage.driver import LostError
from accounts.storage.engine import reason_of, unreachable
from accounts.storage.errors import AwayError
from accounts.storage.places import Places
from accounts.storage.postgresql_driver import PostgresqlDriver

Connect = Callable[[], Awaitable[Any]]
"""Makes a connection of asyncpg. Raises what it raises."""


class PostgresqlReader:
    """Keeps up to `size` connections; who waits for one longer than `wait_s` is refused."""

    def __init__(self, connect: Connect, size: int, wait_s: float) -> None:
        self._connect = connect
        self._free: list[PostgresqlDriver] = []  # the one used last on top
        self._places = Places(size, wait_s)

    async def fetch(self, text: str, arguments: Sequence[Any]) -> Sequence[Any]:
        """Return all rows as they are at one moment. Raises BusyError."""
        await self._places.take()
        try:
            # PostgreSQL may have been restarted since: a connection that was kept proves nothing.
            while self._free:
                kept = self._free.pop()
                if kept.is_closed:
                    continue
                with suppress(LostError):
                    return await self._fetch(kept, text, arguments)
            try:
                made = PostgresqlDriver(await self._connect())
            except unreachable() as error:
                raise AwayError(f"the database cannot be reached: {reason_of(error)}") from None
            return await self._fetch(made, text, arguments)
        finally:
            self._places.give_back()

    async def close(self) -> None:
        """Close all connections that nobody uses."""
        for kept in self._free:
            with suppress(*unreachable()):
                await kept.close()
        self._free.clear()

    async def _fetch(
        self, driver: PostgresqlDriver, text: str, arguments: Sequence[Any]
    ) -> Sequence[Any]:
        """Keep the connection unless anything is wrong with it."""
        try:
            rows = await driver.fetch(text, arguments)
        except Exception:
            if not driver.is_closed:
                self._free.append(driver)
            raise
        except BaseException:
            driver.terminate()  # who asked has left, perhaps in the middle
            raise
        self._free.append(driver)
        return rows
