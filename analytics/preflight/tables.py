"""The table of trials: test keys, what was measured by them, and the grade."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table, Text

from accounts.storage.metadata import Id, JsonText, UnixMs, metadata

test_keys: Final = Table(
    "test_keys",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel_id", Id, ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("lookup", String(16), nullable=False, unique=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("created_at_ms", UnixMs, nullable=False, index=True),
    Column("expires_at_ms", UnixMs, nullable=False),
    Column("state", String(16), nullable=False),  # waiting, receiving or graded
    Column("run", String(32)),  # which publisher is measured; a newer one takes its place
    Column("encoder", Text),
    Column("started_at_ms", UnixMs),  # when that publisher began
    Column("seen_at_ms", UnixMs),  # when its server last wrote it down
    Column("ended_at_ms", UnixMs),
    Column("report", JsonText),
    Index("ix_test_keys_channel", "channel_id", "created_at_ms", "id"),
)
