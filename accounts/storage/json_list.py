"""json_list: the values of one column as JSON in one field, so that a row brings its list along."""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from accounts.storage.metadata import JsonText


class json_list(GenericFunction[Any]):  # noqa: N801 - called like SQL's functions
    """Aggregates to a list in the order of the rows; None, or an empty list, if there are none."""

    type = JsonText()
    inherit_cache = True


@compiles(json_list, "sqlite")
def _sqlite(element: json_list, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **kw)})"


@compiles(json_list, "postgresql")
def _postgresql(element: json_list, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(json_agg({compiler.process(element.clauses, **kw)}) AS TEXT)"
