"""SearchIndex: writes documents, and says which of them match, in the terms of either database.

Every text that reaches a database's query language has been cut into terms before (`search.terms`)
and holds letters, marks and digits alone; nothing that a person types is an operator.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Text,
    bindparam,
    cast,
    column,
    delete,
    select,
    table,
    update,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.search.tables import search_documents
from accounts.search.terms import TERMS_PER_TEXT, terms_of
from accounts.storage import PreparedChange

_sqlite_terms: Final = table("search_terms", column("rowid"), column("search_terms"))
_HEADS: Final = "A"
_BODIES: Final = "B"


class Kind(StrEnum):
    """What a document describes."""

    CHANNEL = "channel"
    BROADCAST = "broadcast"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What can be found. `heads` are what readers see first, `bodies` the rest."""

    kind: Kind
    subject_id: str
    channel_id: str
    active_at_ms: int
    heads: Sequence[str]
    bodies: Sequence[str]


class SearchIndex:
    """Full text on one database."""

    def __init__(self, *, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite
        self._put = _put_on_sqlite if is_sqlite else _put_on_postgresql

    async def put(self, connection: AsyncConnection, document: Document) -> None:
        """Add a document, or put it in the place of the one before."""
        heads, bodies = _terms_of_all(document.heads), _terms_of_all(document.bodies)
        await self._put.within(
            connection,
            new_kind=document.kind.value,
            new_subject_id=document.subject_id,
            new_channel_id=document.channel_id,
            new_active_at_ms=document.active_at_ms,
            new_heads=" ".join(heads),
            new_bodies=" ".join(bodies),
            new_vector="" if self._is_sqlite else _vector(heads, bodies),
        )

    async def touch(
        self, connection: AsyncConnection, kind: Kind, subject_id: str, active_at_ms: int
    ) -> None:
        """Note when what a document describes was last active; lists show the newest first."""
        await connection.execute(
            update(search_documents)
            .where(
                search_documents.c.kind == kind.value, search_documents.c.subject_id == subject_id
            )
            .values(active_at_ms=active_at_ms)
        )

    async def remove(self, connection: AsyncConnection, kind: Kind, subject_id: str) -> None:
        """Remove a document, if it is there."""
        await connection.execute(
            delete(search_documents).where(
                search_documents.c.kind == kind.value, search_documents.c.subject_id == subject_id
            )
        )

    def matches(self, terms: Sequence[str], *, heads_only: bool = False) -> ColumnElement[bool]:
        """Rows of `search_documents` that hold all the terms, the last one as a beginning.

        `terms` come from `query_terms` and are one or more.
        """
        return self.matching(bindparam(None, self.query_of(terms, heads_only=heads_only), Text))

    def matching(self, query: BindParameter[str]) -> ColumnElement[bool]:
        """Rows of `search_documents` that match what `query_of` returns."""
        if self._is_sqlite:
            found = select(_sqlite_terms.c.rowid).where(
                _sqlite_terms.c.search_terms.op("MATCH")(query)
            )
            return search_documents.c.number.in_(found)
        matches: ColumnElement[bool] = search_documents.c.vector.bool_op("@@")(cast(query, TSQUERY))
        return matches

    def query_of(self, terms: Sequence[str], *, heads_only: bool = False) -> str:
        """Write the terms in the database's language for queries."""
        if self._is_sqlite:
            query = " AND ".join(_ends_open(terms, '"{}"', '"{}"*'))
            return f"{{heads}} : ({query})" if heads_only else query
        weight = _HEADS if heads_only else ""
        closed = f"'{{}}':{weight}" if weight else "'{}'"
        return " & ".join(_ends_open(terms, closed, f"'{{}}':*{weight}"))


def _prepared_put(insert: Any, **more: Any) -> PreparedChange:
    values = {name: bindparam(f"new_{name}") for name in ("active_at_ms", "heads", "bodies")} | more
    keys: dict[str, Any] = {
        name: bindparam(f"new_{name}") for name in ("kind", "subject_id", "channel_id")
    }
    written = insert(search_documents).values(**keys, **values)
    changed = {name: written.excluded[name] for name in values}
    return PreparedChange(
        written.on_conflict_do_update(index_elements=["kind", "subject_id"], set_=changed),
    )


_put_on_sqlite: Final = _prepared_put(sqlite_insert)
_put_on_postgresql: Final = _prepared_put(
    postgresql_insert, vector=cast(bindparam("new_vector", type_=Text), TSVECTOR)
)


def _terms_of_all(texts: Sequence[str]) -> list[str]:
    # Each once: searches know no phrases, so that order and distance say nothing.
    found: dict[str, None] = {}
    for text in texts:
        found |= dict.fromkeys(terms_of(text))
        if len(found) >= TERMS_PER_TEXT:
            break
    return list(islice(found, TERMS_PER_TEXT))


def _ends_open(terms: Sequence[str], closed: str, opened: str) -> list[str]:
    """Write each term by one pattern, the last by the other: it may still be being typed."""
    return [*map(closed.format, terms[:-1]), opened.format(terms[-1])]


def _vector(heads: Sequence[str], bodies: Sequence[str]) -> str:
    """Write a tsvector as text, positions being of no use but to carry weights."""
    weights = dict.fromkeys(bodies, f"1{_BODIES}")
    for term in heads:
        weights[term] = f"1{_HEADS}"
    return " ".join(f"'{term}':{weight}" for term, weight in weights.items())
