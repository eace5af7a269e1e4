"""Tables of Web Push: browsers that agreed, and alerts on their way to them."""

from typing import Final

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from accounts.storage.metadata import Id, UnixMs, metadata

push_subscriptions: Final = Table(
    "push_subscriptions",
    metadata,
    Column("id", Id, primary_key=True),
    Column(
        "account_id", Id, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("endpoint", Text, nullable=False),
    Column("service", String(255), nullable=False),  # the endpoint's host
    Column("endpoint_digest", LargeBinary(32), nullable=False, unique=True),
    Column("public_key", LargeBinary(65), nullable=False),  # the browser's: a point of P-256
    Column("auth_secret", LargeBinary(16), nullable=False),
    Column("browser", String(80), nullable=False),  # named for people
    Column("created_at_ms", UnixMs, nullable=False),
    Column("used_at_ms", UnixMs),  # when the push service last took an alert
    # The log-in that it was made by, and goes with when that is ended; tokens have none.
    Column("session_id", Id, index=True),
)

push_deliveries: Final = Table(
    "push_deliveries",
    metadata,
    Column(
        "subscription_id",
        Id,
        ForeignKey("push_subscriptions.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column(
        "notice_id", Id, ForeignKey("notices.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("due_at_ms", UnixMs, nullable=False),
    Column("expires_at_ms", UnixMs, nullable=False),
    Column("leased_until_ms", UnixMs),  # somebody is sending it
    Column("attempts", Integer, nullable=False),
    PrimaryKeyConstraint("subscription_id", "notice_id"),  # each alert once for each browser
    Index("ix_push_deliveries_due", "due_at_ms"),
)
