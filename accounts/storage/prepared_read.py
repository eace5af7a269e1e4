"""PreparedRead: a statement that reads, compiled once for good.

SQLAlchemy finds what it has compiled by a key that it makes of the whole statement each time, and
wraps results and rows: for a statement that reads a few rows that costs more than the database
does. Here a statement's text, the order of its values and the shape of its rows are kept.
"""

from typing import Any

from sqlalchemy import Dialect, Select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage.compiled import CompiledRead
from accounts.storage.driver import driver_of


class PreparedRead:
    """Make one of a statement when its module is loaded; run it with `Database.fetch` or `within`.

    Values that change are `bindparam("name")`. Where two columns are called alike, the first one
    has the name.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._by_dialect: dict[str, CompiledRead] = {}

    def compiled(self, dialect: Dialect) -> CompiledRead:
        """Return it in the terms of a database; compiled at the first time."""
        found = self._by_dialect.get(dialect.name)
        if found is None:
            found = self._by_dialect[dialect.name] = CompiledRead(self._statement, dialect)
        return found

    async def within(self, connection: AsyncConnection, **values: Any) -> list[Any]:
        """Return the rows as the transaction sees them."""
        compiled = self.compiled(connection.dialect)
        driver = driver_of(connection)
        return compiled.rows(await driver.fetch(compiled.text, compiled.arguments(values)))

    async def first_within(self, connection: AsyncConnection, **values: Any) -> Any | None:
        """Return the first row, or None."""
        rows = await self.within(connection, **values)
        return rows[0] if rows else None
