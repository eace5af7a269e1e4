"""Compiled statements: their text, the order of their values, and the shape of their rows."""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Delete, Dialect, Insert, Select, Update

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


class CompiledStatement:
    """A statement in the terms of one database. `text` takes what `arguments` returns.

    `columns` are those of an INSERT.
    """

    def __init__(
        self,
        statement: Select[Any] | Insert | Update | Delete,
        dialect: Dialect,
        columns: Sequence[str] | None = None,
    ) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
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

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """Put named values in their order. Raises KeyError for one that is missing."""
        return [each.of(values) for each in self._values]


class CompiledRead(CompiledStatement):
    """A statement that reads."""

    def __init__(self, statement: Select[Any], dialect: Dialect) -> None:
        super().__init__(statement, dialect)
        columns = list(statement.selected_columns)
        self._make_row = _row_class([str(column.key) for column in columns])._make
        processors = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        ]
        self._converts = [
            (place, convert) for place, convert in enumerate(processors) if convert is not None
        ]

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
