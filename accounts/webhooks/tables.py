"""Tables of webhooks.

A delivery is a row before it is sent, written in the transaction that moves the reader of facts
past what it tells of. Its body is written then, too, and never again: all attempts send the same.
"""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from accounts.storage.metadata import Id, JsonText, UnixMs, metadata

webhooks: Final = Table(
    "webhooks",
    metadata,
    Column("id", Id, primary_key=True),
    # NULL: of the whole server
    Column("channel_id", Id, ForeignKey("channels.id", ondelete="CASCADE"), index=True),
    Column("made_by_id", Id, ForeignKey("accounts.id", ondelete="SET NULL"), index=True),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("host", String(255), nullable=False),  # of the URL
    Column("kinds", JsonText, nullable=False),  # ["channel.live"]
    Column("secret", LargeBinary, nullable=False),  # sealed
    Column("previous_secret", LargeBinary),  # sealed; signs, too, until `previous_until_ms`
    Column("previous_until_ms", UnixMs),
    Column("is_enabled", Boolean, nullable=False),
    Column("disabled_reason", String(16)),  # why the server has switched it off
    Column("failing_since_ms", UnixMs),  # of the first failure since the last success
    Column("delivered_at_ms", UnixMs),
    Column("rotated_at_ms", UnixMs),
    Column("revision", Integer, nullable=False),
    Column("created_at_ms", UnixMs, nullable=False),
)

webhook_deliveries: Final = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("webhook_id", Id, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("message_id", Id, nullable=False),  # the receiver's to tell repetitions by
    Column("fact_id", Id),  # NULL for tests and replays
    Column("kind", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at_ms", UnixMs, nullable=False, index=True),
    Column("due_at_ms", UnixMs),  # NULL once it is delivered or given up
    Column("leased_until_ms", UnixMs),  # somebody is sending it
    Column("attempted_at_ms", UnixMs),
    Column("status", Integer),
    Column("error", String(32)),
    Column("answer", Text),
    Column("duration_ms", Integer),
    UniqueConstraint("webhook_id", "fact_id"),
    Index("ix_webhook_deliveries_due", "due_at_ms"),
    Index("ix_webhook_deliveries_webhook", "webhook_id", "created_at_ms", "id"),
)
