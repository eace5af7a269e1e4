"""PreparedList: a list in pages, whose two statements are compiled once."""

from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, tuple_

from accounts.storage.cursor import Cursor
from accounts.storage.database import Database
from accounts.storage.prepared_read import PreparedRead


class PreparedList:
    """Rows in the order of `key`, which ends with an id: descending, unless `ascends`."""

    def __init__(
        self, statement: Select[Any], *key: ColumnElement[Any], ascends: bool = False
    ) -> None:
        self._names = [f"after_{place}" for place in range(len(key))]
        order = key if ascends else [column.desc() for column in key]
        ordered = statement.order_by(*order).limit(bindparam("row_limit"))
        last = tuple_(
            *(
                bindparam(name, type_=column.type)
                for name, column in zip(self._names, key, strict=True)
            )
        )
        follows = tuple_(*key) > last if ascends else tuple_(*key) < last
        self._first = PreparedRead(ordered)
        self._following = PreparedRead(ordered.where(follows))

    async def fetch(
        self, database: Database, cursor: Cursor | None, limit: int, **values: Any
    ) -> list[Any]:
        """Return a page and, if there is one, the row behind it. Raises BusyError."""
        values["row_limit"] = limit + 1
        if cursor is None:
            return await database.fetch(self._first, **values)
        values.update(zip(self._names, cursor.key, strict=True))
        return await database.fetch(self._following, **values)
