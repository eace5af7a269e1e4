"""PreparedRead: a statement that reads, compiled once for good.

SQLAlchemy finds what it has compiled by a key that it makes of the whole statement each time, and
wraps results and rows: for a statement that reads a few rows that costs more than the database
does. Here a statement's text, the order of its values and the shape of its rows are kept.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Select

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Value:
    """What is sent in one place: what the caller names so, or always the same."""

    name: str | None
    constant: Any
    convert: Convert | None

    def of(self, values: Mapping[str, Any]) -> Any:
        value = self.constant if self.name is None else values[self.name]
        return value if self.convert is None else self.convert(value)


class CompiledRead:
    """A statement in the terms of one database. `text` takes what `arguments` returns."""

    def __init__(self, statement: Select[Any], dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        if compiled.post_compile_params:
            raise TypeError("expected a statement without lists of values: they change its text")
        self.text = str(compiled)
        self._values = [
            _Value(
                name if compiled.binds[name].required else None,
                compiled.binds[name].effective_value,
                compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect),
            )
            for name in compiled.positiontup
        ]
        columns = list(statement.selected_columns)
        self._make_row = _row_class([str(column.key) for column in columns])._make
        processors = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        ]
        self._converts = [
            (place, convert) for place, convert in enumerate(processors) if convert is not None
        ]

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """Put named values in their order. Raises KeyError for one that is missing."""
        return [each.of(values) for each in self._values]

    def rows(self, found: Sequence[Any]) -> list[Any]:
        """Make rows, whose columns are attributes, of what the driver returned."""
        if not self._converts:
            return [self._make_row(row) for row in found]
        rows = []
        for each in found:
            row = list(each)
            for place, convert in self._converts:
                row[place] = convert(row[place])
            rows.append(self._make_row(row))
        return rows


def _row_class(names: list[str]) -> Any:
    make: Any = namedtuple  # noqa: PYI024 - of names that are known only now
    return make("Row", names, rename=True)


class PreparedRead:
    """Make one of a statement when its module is loaded; run it with `Database.fetch`.

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
