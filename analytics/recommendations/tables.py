"""Tables of recommendations: what accounts watched by day, and who wants none. Go with accounts."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table

from accounts.storage.metadata import Id, UnixMs, metadata

watched: Final = Table(
    "watched",
    metadata,
    Column("account_id", Id, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("channel_id", Id, ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("day", Integer, nullable=False),  # since 1970, UTC
    Column("watched_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("account_id", "channel_id", "day"),
    Index("ix_watched_channel", "channel_id"),
    Index("ix_watched_day", "day"),
)

recommendation_refusals: Final = Table(
    "recommendation_refusals",
    metadata,
    Column("account_id", Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("since_ms", UnixMs, nullable=False),
)
"""Accounts that want nothing recommended, and so nothing remembered."""
