"""PostgresqlDriver: a connection of asyncpg, with errors that callers can act on."""

from collections.abc import Awaitable, Sequence
from typing import Any, Final, TypeVar

import asyncpg
from sqlalchemy.exc import IntegrityError

from accounts.storage.driver import LostError
from accounts.storage.engine import is_away, is_busy, is_conflict
from accounts.storage.errors import BusyError, ConflictError

Result = TypeVar("Result")
_CLOSE_LIMIT_S: Final = 1.0
_VIOLATION: Final = "23"


class PostgresqlDriver:
    """Implements Driver, with one trip for each call."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @property
    def is_closed(self) -> bool:
        """Whether it is known to be of no use any more."""
        return bool(self._connection.is_closed())

    async def close(self) -> None:
        """Say goodbye to the server, for a moment at most. Raises what asyncpg raises."""
        await self._connection.close(timeout=_CLOSE_LIMIT_S)

    def terminate(self) -> None:
        """Close without a word: of no use any more."""
        self._connection.terminate()

    async def begin(self, how: str) -> None:
        """Begin a transaction. Raises LostError."""
        await self._asked(self._connection.execute(how))

    async def commit(self) -> None:
        """Keep what the transaction has done, and end it."""
        await self._asked(self._connection.execute("COMMIT"))

    async def rollback(self) -> None:
        """Undo what the transaction has done, and end it; nothing if it has ended."""
        if self._connection.is_in_transaction():
            await self._asked(self._connection.execute("ROLLBACK"))

    async def fetch(self, text: str, arguments: Sequence[Any]) -> Sequence[Any]:
        """Run a statement and return its rows."""
        rows: Sequence[Any] = await self._asked(self._connection.fetch(text, *arguments))
        return rows

    async def change(self, text: str, arguments: Sequence[Any]) -> int:
        """Run a statement that writes; return how many rows it has changed."""
        # "INSERT 0 1", "UPDATE 3" (PostgreSQL, 54.7, CommandComplete)
        done: str = await self._asked(self._connection.execute(text, *arguments))
        return int(done.rpartition(" ")[2])

    async def _asked(self, answer: Awaitable[Result]) -> Result:
        try:
            return await answer
        except TimeoutError:
            self.terminate()
            raise BusyError("the database cannot be had at the moment") from None
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if isinstance(error, OSError) or self.is_closed or is_away(error):
                self.terminate()
                raise LostError from None
            if is_conflict(error):
                raise ConflictError("another writer came first") from None
            if is_busy(error):
                raise BusyError("the database cannot be had at the moment") from None
            if str(getattr(error, "sqlstate", None) or "").startswith(_VIOLATION):
                raise IntegrityError(None, None, error, hide_parameters=True) from None
            raise
