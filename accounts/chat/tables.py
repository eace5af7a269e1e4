"""Tables of rooms.

A message goes with its author's account and with its channel. Its id is its place in the one order
in which all servers tell what happens in rooms (`accounts.chat.sequence`); what moderators do has a
place in the same order. Bans are not here: they are the channel's (`viewer_bans`).
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from accounts.storage.metadata import Id, JsonText, UnixMs, metadata


def _channel_id(*, nullable: bool = False, index: bool = False) -> Column[str]:
    return Column(
        "channel_id",
        Id,
        ForeignKey("channels.id", ondelete="CASCADE"),
        nullable=nullable,
        index=index,
    )


def _account_id(name: str, *, index: bool = True) -> Column[str]:
    return Column(
        name, Id, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=index
    )


def _by_id(name: str = "by_id") -> Column[str]:
    return Column(name, Id, ForeignKey("accounts.id", ondelete="SET NULL"))


# Rules of rooms; a room without a row has those that rooms begin with.
chat_rooms: Final = Table(
    "chat_rooms",
    metadata,
    Column("channel_id", Id, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("is_enabled", Boolean, nullable=False),
    Column("slow_mode_s", Integer, nullable=False),
    Column("followers_only_min", Integer),  # NULL: all may write; 0: who follows at all
    Column("verified_only", Boolean, nullable=False),
    Column("links_allowed", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
)

# How far places went; one row.
chat_sequence: Final = Table(
    "chat_sequence",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("last", BigInteger, nullable=False),
)

chat_messages: Final = Table(
    "chat_messages",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    _channel_id(),
    _account_id("author_id", index=False),
    Column("at_ms", UnixMs, nullable=False, index=True),
    Column("role", String(16), nullable=False),  # of the author, then
    Column("text", Text, nullable=False),
    Column("is_action", Boolean, nullable=False),
    Column("emotes", JsonText, nullable=False),  # [{"code", "picture", "start", "end"}]
    Column("mentions", JsonText, nullable=False),  # [{"accountId", "displayName", "start", "end"}]
    Column("reply_to", JsonText),  # {"messageId", "accountId", "displayName"}
    Column("broadcast_id", Id),
    Column("media_time_ms", UnixMs),
    Index("ix_chat_messages_channel", "channel_id", "id"),
    Index("ix_chat_messages_author", "author_id", "channel_id", "id"),
    Index("ix_chat_messages_broadcast", "broadcast_id", "media_time_ms", "id"),
)

# What every server must hear of beside messages. A position is given after the commit.
chat_acts: Final = Table(
    "chat_acts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("position", BigInteger, unique=True),  # NULL until it has its place in the order
    Column("channel_id", String(40), nullable=False),  # "": all rooms
    Column("at_ms", UnixMs, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("details", JsonText, nullable=False),
)
Index(
    "ix_chat_acts_unplaced",
    chat_acts.c.id,
    sqlite_where=text("position IS NULL"),
    postgresql_where=text("position IS NULL"),
)

chat_timeouts: Final = Table(
    "chat_timeouts",
    metadata,
    _channel_id(),
    _account_id("account_id"),
    _by_id(),
    Column("reason", Text, nullable=False),
    Column("created_at_ms", UnixMs, nullable=False),
    Column("ends_at_ms", UnixMs, nullable=False, index=True),
    PrimaryKeyConstraint("channel_id", "account_id"),
)

# What moderators did, with the texts that they took away. It goes with whom it is about.
chat_log: Final = Table(
    "chat_log",
    metadata,
    Column("id", Id, primary_key=True),
    _channel_id(),
    Column("at_ms", UnixMs, nullable=False, index=True),
    Column("action", String(24), nullable=False),
    _by_id(),
    Column("account_id", Id, ForeignKey("accounts.id", ondelete="CASCADE"), index=True),
    Column("message_id", BigInteger),
    Column("text", Text),
    Column("reason", Text, nullable=False),
    Column("details", JsonText),
    Index("ix_chat_log_channel", "channel_id", "at_ms", "id"),
)

chat_reports: Final = Table(
    "chat_reports",
    metadata,
    Column("id", Id, primary_key=True),
    _channel_id(index=True),
    Column("message_id", BigInteger, nullable=False),
    _account_id("author_id"),
    Column("text", Text, nullable=False),
    _by_id("reporter_id"),
    Column("reason", Text, nullable=False),
    Column("at_ms", UnixMs, nullable=False),
    Column("closed_at_ms", UnixMs),
    _by_id("closed_by_id"),
    UniqueConstraint("message_id", "reporter_id"),
    Index("ix_chat_reports_at", "at_ms", "id"),
)

chat_emotes: Final = Table(
    "chat_emotes",
    metadata,
    Column("id", Id, primary_key=True),
    _channel_id(nullable=True),  # NULL: of all rooms
    Column("code", String(32), nullable=False),
    Column("picture", String(80), nullable=False),
    _by_id(),
    Column("created_at_ms", UnixMs, nullable=False),
    UniqueConstraint("channel_id", "code"),
)
Index(
    "uq_chat_emotes_global",
    chat_emotes.c.code,
    unique=True,
    sqlite_where=text("channel_id IS NULL"),
    postgresql_where=text("channel_id IS NULL"),
)

chat_filters: Final = Table(
    "chat_filters",
    metadata,
    Column("id", Id, primary_key=True),
    _channel_id(),
    Column("kind", String(16), nullable=False),
    Column("pattern", Text, nullable=False),
    _by_id(),
    Column("created_at_ms", UnixMs, nullable=False),
    UniqueConstraint("channel_id", "kind", "pattern"),
)
