"""Tables of the channel side.

A channel goes with its owner's account, and all that hangs on it goes with the channel. Counts and
times that lists sort by (`follower_count`, `live_since_ms`) stand in the channel's row, written in
the transaction that changes them: a list of what is live must not count followers row by row.
"""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from accounts.storage.metadata import Id, JsonText, UnixMs, metadata


def _channel_id(*, index: bool = False) -> Column[str]:
    return Column(
        "channel_id", Id, ForeignKey("channels.id", ondelete="CASCADE"), nullable=False, index=index
    )


def _account_id(name: str = "account_id", *, index: bool = False) -> Column[str]:
    return Column(
        name, Id, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=index
    )


channels: Final = Table(
    "channels",
    metadata,
    Column("id", Id, primary_key=True),
    _account_id("owner_id", index=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("category", String(32)),
    Column("language", String(35)),
    Column("is_mature", Boolean, nullable=False),
    Column("artwork", String(200)),
    Column("latency_profile", String(16), nullable=False),
    Column("grace_s", Integer, nullable=False),
    Column("visibility", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at_ms", UnixMs, nullable=False),
    Column("banned_at_ms", UnixMs),
    Column("ban_reason", Text),
    Column("tokens_void_ms", UnixMs, nullable=False),
    Column("follower_count", Integer, nullable=False),
    Column("viewer_count", Integer, nullable=False),
    Column("live_since_ms", UnixMs),  # NULL while off air
    Column("last_live_ms", UnixMs),  # when it was last seen on air; NULL if never
    CheckConstraint("follower_count >= 0", name="follower_count"),
)
Index("ix_channels_live", channels.c.live_since_ms, channels.c.id)
Index("ix_channels_last_live", channels.c.last_live_ms, channels.c.id)
Index("ix_channels_created", channels.c.created_at_ms, channels.c.id)

channel_tags: Final = Table(
    "channel_tags",
    metadata,
    _channel_id(),
    Column("position", Integer, nullable=False),
    Column("tag", String(64), nullable=False),
    PrimaryKeyConstraint("channel_id", "tag"),
    Index("ix_channel_tags_tag", "tag", "channel_id"),
)

stream_keys: Final = Table(
    "stream_keys",
    metadata,
    Column("id", Id, primary_key=True),
    _channel_id(index=True),
    Column("name", Text, nullable=False),
    Column("lookup", String(16), nullable=False, unique=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("turn", Integer, nullable=False),  # how often it has been rotated
    Column("revision", Integer, nullable=False),
    Column("created_at_ms", UnixMs, nullable=False),
    Column("rotated_at_ms", UnixMs),
    Column("last_used_at_ms", UnixMs),
)

follows: Final = Table(
    "follows",
    metadata,
    _account_id(),
    _channel_id(),
    Column("level", String(16), nullable=False),
    Column("created_at_ms", UnixMs, nullable=False),
    PrimaryKeyConstraint("account_id", "channel_id"),
    Index("ix_follows_channel", "channel_id", "created_at_ms", "account_id"),
    Index("ix_follows_account", "account_id", "created_at_ms", "channel_id"),
)

# How many follows ended in a minute, and how many have ended that began in it. Nobody's names.
follow_ends: Final = Table(
    "follow_ends",
    metadata,
    _channel_id(),
    Column("at_ms", UnixMs, nullable=False),  # when the minute begins
    Column("begun", Integer, nullable=False),
    Column("ended", Integer, nullable=False),
    PrimaryKeyConstraint("channel_id", "at_ms"),
)

blocks: Final = Table(
    "blocks",
    metadata,
    _account_id(),
    _account_id("blocked_id", index=True),
    Column("created_at_ms", UnixMs, nullable=False),
    PrimaryKeyConstraint("account_id", "blocked_id"),
    CheckConstraint("account_id <> blocked_id", name="not_oneself"),
    Index("ix_blocks_account", "account_id", "created_at_ms", "blocked_id"),
)

channel_moderators: Final = Table(
    "channel_moderators",
    metadata,
    _channel_id(),
    _account_id(index=True),
    Column("created_at_ms", UnixMs, nullable=False),
    PrimaryKeyConstraint("channel_id", "account_id"),
)

viewer_bans: Final = Table(
    "viewer_bans",
    metadata,
    _channel_id(),
    _account_id(index=True),
    Column("by_id", Id, ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("reason", Text, nullable=False),
    Column("created_at_ms", UnixMs, nullable=False),
    Column("ends_at_ms", UnixMs),  # NULL: until it is lifted
    PrimaryKeyConstraint("channel_id", "account_id"),
    Index("ix_viewer_bans_channel", "channel_id", "created_at_ms", "account_id"),
)

playback_links: Final = Table(
    "playback_links",
    metadata,
    Column("id", Id, primary_key=True),
    _channel_id(index=True),
    Column("name", Text, nullable=False),
    Column("created_at_ms", UnixMs, nullable=False),
    Column("expires_at_ms", UnixMs, nullable=False),
)

# Since when a viewer's tokens for a channel are void. Viewers are accounts or links.
playback_voids: Final = Table(
    "playback_voids",
    metadata,
    _channel_id(),
    Column("viewer", Id, nullable=False, index=True),
    Column("void_ms", UnixMs, nullable=False, index=True),
    PrimaryKeyConstraint("channel_id", "viewer"),
)

broadcasts: Final = Table(
    "broadcasts",
    metadata,
    Column("id", Id, primary_key=True),
    _channel_id(),
    Column("epoch", String(64), nullable=False),  # names the live output in URLs
    Column("title", Text, nullable=False),
    Column("category", String(32)),
    Column("language", String(35)),
    Column("is_mature", Boolean, nullable=False),
    Column("started_at_ms", UnixMs, nullable=False),
    Column("interrupted_at_ms", UnixMs),  # while it waits for its publisher
    Column("alive_at_ms", UnixMs, nullable=False),  # when it was last seen on air
    Column("ended_at_ms", UnixMs),
    Column("peak_viewers", Integer, nullable=False),
    Column("viewer_ms", UnixMs, nullable=False),  # viewers, each times how long
    Column("counted_ms", UnixMs, nullable=False),  # how long viewers were counted
    Column("technical", JsonText),
    UniqueConstraint("channel_id", "epoch"),
    Index("ix_broadcasts_channel", "channel_id", "started_at_ms", "id"),
    Index("ix_broadcasts_started", "started_at_ms", "id"),
    Index("ix_broadcasts_ended", "ended_at_ms"),
)
# A channel is live once at a time, whatever two processes believe.
Index(
    "uq_broadcasts_open",
    broadcasts.c.channel_id,
    unique=True,
    sqlite_where=text("ended_at_ms IS NULL"),
    postgresql_where=text("ended_at_ms IS NULL"),
)

broadcast_titles: Final = Table(
    "broadcast_titles",
    metadata,
    Column("broadcast_id", Id, ForeignKey("broadcasts.id", ondelete="CASCADE"), nullable=False),
    Column("at_ms", UnixMs, nullable=False),
    Column("title", Text, nullable=False),
    Column("category", String(32)),
    PrimaryKeyConstraint("broadcast_id", "at_ms"),
)

# Which channels' rules have changed, for other processes to see. Not tied to the channel: that it
# is gone is a change, too.
rule_changes: Final = Table(
    "rule_changes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel_id", Id, nullable=False),
    Column("at_ms", UnixMs, nullable=False, index=True),
)
