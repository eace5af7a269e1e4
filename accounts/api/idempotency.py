"""Idempotency-Key: a create that is sent twice happens once."""

from sqlalchemy import Column, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, Text

from accounts.storage.metadata import Id, UnixMs, metadata

idempotent_requests = Table(
    "idempotent_requests",
    metadata,
    Column("account_id", Id, nullable=False),
    Column("operation_id", String(64), nullable=False),
    Column("key_digest", LargeBinary(32), nullable=False),
    Column("request_digest", LargeBinary(32), nullable=False),
    Column("begun_at_ms", UnixMs, nullable=False, index=True),
    Column("status", Integer),  # NULL while the request runs
    Column("headers", Text),
    Column("body", Text),
    PrimaryKeyConstraint("account_id", "operation_id", "key_digest"),
)
