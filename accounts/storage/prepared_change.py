"""PreparedChange: a statement that writes, compiled once for good."""

from typing import Any

from sqlalchemy import Delete, Insert, Update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage.compiled import CompiledStatement
from accounts.storage.driver import driver_of


class PreparedChange:
    """Make one of a statement when its module is loaded; run it within a transaction.

    Values that change are `bindparam("name")`; `columns` are those of an INSERT, whose values are
    named like them.
    """

    def __init__(self, statement: Insert | Update | Delete, *columns: str) -> None:
        self._statement = statement
        self._columns = columns or None
        self._by_dialect: dict[str, CompiledStatement] = {}

    async def within(self, connection: AsyncConnection, **values: Any) -> int:
        """Run it in the transaction; return how many rows it has changed."""
        compiled = self._by_dialect.get(connection.dialect.name)
        if compiled is None:
            compiled = CompiledStatement(self._statement, connection.dialect, self._columns)
            self._by_dialect[connection.dialect.name] = compiled
        return await driver_of(connection).change(compiled.text, compiled.arguments(values))
