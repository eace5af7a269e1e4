"""Driver: what a transaction asks of a connection itself, past SQLAlchemy.

Its own beginning and end, and statements that were compiled once: for those SQLAlchemy's machinery
costs several times what the database does.
"""

from collections.abc import Sequence
from typing import Any, Final, Protocol, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage.errors import AwayError

_KEY: Final = "rillcast driver"


class LostError(AwayError):
    """The connection is of no use any more; another one may be."""

    def __init__(self) -> None:
        super().__init__("the database has ended the connection")


class Driver(Protocol):
    """One connection. All raise BusyError, ConflictError and SQLAlchemy's IntegrityError."""

    @property
    def is_closed(self) -> bool:
        """Whether it is known to be of no use any more."""
        ...

    async def begin(self, how: str) -> None:
        """Begin a transaction; `how` is PostgreSQL's statement. Raises LostError."""
        ...

    async def commit(self) -> None:
        """Keep what the transaction has done, and end it."""
        ...

    async def rollback(self) -> None:
        """Undo what the transaction has done, and end it; nothing if it has ended."""
        ...

    async def fetch(self, text: str, arguments: Sequence[Any]) -> Sequence[Any]:
        """Run a statement and return its rows."""
        ...

    async def change(self, text: str, arguments: Sequence[Any]) -> int:
        """Run a statement that writes; return how many rows it has changed."""
        ...


def driver_of(connection: AsyncConnection) -> Driver:
    """Return the driver of a connection that `Connections` has made."""
    return cast("Driver", connection.info[_KEY])


def give_driver(connection: AsyncConnection, driver: Driver) -> None:
    """Let `driver_of` find it."""
    connection.info[_KEY] = driver
