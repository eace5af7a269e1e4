"""Search, and requests that must not happen twice."""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: Final = "0003"
down_revision: Final = "0002"


_SQLITE_SEARCH: Final = (
    (
        "CREATE VIRTUAL TABLE search_terms USING fts5(heads, bodies, content='search_documents', "
        "content_rowid='number', tokenize='ascii')"
    ),
    (
        "CREATE TRIGGER search_documents_added AFTER INSERT ON search_documents BEGIN INSERT INTO "
        "search_terms(rowid, heads, bodies) VALUES (new.number, new.heads, new.bodies); END"
    ),
    (
        "CREATE TRIGGER search_documents_removed AFTER DELETE ON search_documents BEGIN INSERT "
        "INTO search_terms(search_terms, rowid, heads, bodies) VALUES ('delete', old.number, "
        "old.heads, old.bodies); END"
    ),
    (
        "CREATE TRIGGER search_documents_changed AFTER UPDATE OF heads, bodies ON "
        "search_documents BEGIN INSERT INTO search_terms(search_terms, rowid, heads, bodies) "
        "VALUES ('delete', old.number, old.heads, old.bodies); INSERT INTO search_terms(rowid, "
        "heads, bodies) VALUES (new.number, new.heads, new.bodies); END"
    ),
)


def upgrade() -> None:
    """Make the tables as this step leaves them."""
    op.create_table(
        "idempotent_requests",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.Column("key_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("begun_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("headers", sa.Text()),
        sa.Column("body", sa.Text()),
        sa.PrimaryKeyConstraint(
            "account_id", "operation_id", "key_digest", name=op.f("pk_idempotent_requests")
        ),
    )
    op.create_index(
        op.f("ix_idempotent_requests_begun_at_ms"), "idempotent_requests", ["begun_at_ms"]
    )
    op.create_table(
        "search_documents",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("active_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("heads", sa.Text(), nullable=False),
        sa.Column("bodies", sa.Text(), nullable=False),
        sa.Column("vector", postgresql.TSVECTOR().with_variant(sa.Text(), "sqlite")),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_search_documents_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_documents_kind_subject_id")),
    )
    op.create_index(op.f("ix_search_documents_channel_id"), "search_documents", ["channel_id"])
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SQLITE_SEARCH:
            op.execute(statement)
    else:
        op.create_index(
            "ix_search_documents_vector", "search_documents", ["vector"], postgresql_using="gin"
        )


def downgrade() -> None:
    """Take the step back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_terms")  # its triggers go with search_documents
    else:
        op.drop_index("ix_search_documents_vector", table_name="search_documents")
    op.drop_index(op.f("ix_search_documents_channel_id"), table_name="search_documents")
    op.drop_table("search_documents")
    op.drop_index(op.f("ix_idempotent_requests_begun_at_ms"), table_name="idempotent_requests")
    op.drop_table("idempotent_requests")
