"""The one MetaData that every table of accounts belongs to, and the types its columns have."""

import json
from typing import Any, Final

from sqlalchemy import BigInteger, Dialect, MetaData, String, Text
from sqlalchemy.types import TypeDecorator

from accounts.storage.ids import ID_LENGTH_LIMIT

# Every constraint has a name, so that a migration can drop it on both databases.
metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id: Final = String(ID_LENGTH_LIMIT)
"""An id made by `new_id`."""

UnixMs: Final = BigInteger()
"""A moment: milliseconds since 1970, UTC."""

SortedText: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its code points, whatever the locale: what begins alike is one range."""


class JsonText(TypeDecorator[Any]):
    """A small JSON value kept as text, the same on both databases; nobody queries inside it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Write the value as compact JSON; None stays NULL."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """Read it back."""
        return None if value is None else json.loads(value)
