"""is_among: whether a column's value is in a list that is passed as one JSON text.

`in_` writes a parameter for each value: a thousand of them take milliseconds of the event loop to
write down, and another statement for each length.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Boolean, ColumnElement, bindparam, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from accounts.storage.metadata import JsonText


class _among(GenericFunction[bool]):  # noqa: N801 - called like SQL's functions
    type = Boolean()
    inherit_cache = True


def is_among(column: ColumnElement[Any], values: Collection[str]) -> ColumnElement[bool]:
    """Whether a column of texts has one of these values; of none it has not."""
    return _among(column, literal(list(values), JsonText()))


def is_among_param(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether it has one of the values of a list that a prepared statement is given by name."""
    return _among(column, bindparam(name, type_=JsonText()))


@compiles(_among, "sqlite")
def _sqlite(element: _among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(each, **kw) for each in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({values})))"  # noqa: S608 - of statements' own parts


@compiles(_among, "postgresql")
def _postgresql(element: _among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(each, **kw) for each in element.clauses)
    return f"({column} IN (SELECT json_array_elements_text(CAST({values} AS JSON))))"
