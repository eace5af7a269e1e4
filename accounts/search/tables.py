"""The table of what can be searched for, and each database's index over it."""

from typing import Final

from sqlalchemy import (
    DDL,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from accounts.storage.metadata import Id, UnixMs, metadata

search_documents: Final = Table(
    "search_documents",
    metadata,
    # The row number that FTS5 needs; ids of channels and broadcasts are text.
    Column("number", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column(
        "channel_id", Id, ForeignKey("channels.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("active_at_ms", UnixMs, nullable=False),
    # Terms with a blank between them: `heads` of what a reader sees first, `bodies` of the rest.
    Column("heads", Text, nullable=False),
    Column("bodies", Text, nullable=False),
    Column("vector", TSVECTOR().with_variant(Text(), "sqlite")),  # PostgreSQL alone fills it
    UniqueConstraint("kind", "subject_id"),
)
Index("ix_search_documents_vector", search_documents.c.vector, postgresql_using="gin").ddl_if(
    dialect="postgresql"
)

# "ascii" takes every other letter as part of a word: words have been cut and folded before. The
# text itself stays in the table ("external content"), and triggers keep both in step, deletions
# by a foreign key included (https://www.sqlite.org/fts5.html, 4.4.3).
_ADD: Final = (
    "INSERT INTO search_terms(rowid, heads, bodies) VALUES (new.number, new.heads, new.bodies);"
)
_REMOVE: Final = (
    "INSERT INTO search_terms(search_terms, rowid, heads, bodies) "
    "VALUES ('delete', old.number, old.heads, old.bodies);"
)
_ON: Final = "CREATE TRIGGER search_documents_{name} AFTER {change} ON search_documents BEGIN "
SQLITE_STATEMENTS: Final = (
    (
        "CREATE VIRTUAL TABLE search_terms USING fts5("
        "heads, bodies, content='search_documents', content_rowid='number', tokenize='ascii')"
    ),
    f"{_ON.format(name='added', change='INSERT')}{_ADD} END",
    f"{_ON.format(name='removed', change='DELETE')}{_REMOVE} END",
    f"{_ON.format(name='changed', change='UPDATE OF heads, bodies')}{_REMOVE} {_ADD} END",
)
SQLITE_DROPS: Final = ("DROP TABLE search_terms",)  # triggers go with search_documents


def _for_sqlite(statement: str) -> DDL:
    made: DDL = DDL(statement).execute_if(dialect="sqlite")  # type: ignore[no-untyped-call] # the library's
    return made


for _statement in SQLITE_STATEMENTS:
    event.listen(search_documents, "after_create", _for_sqlite(_statement))
for _statement in SQLITE_DROPS:
    event.listen(search_documents, "before_drop", _for_sqlite(_statement))
