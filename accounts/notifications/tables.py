"""Tables of notifications.

What all followers are told alike stands once, in `notices`; a follower's own row says that they
have it and whether they have read it. So the same event goes to ten thousand of them.
"""

from typing import Final

from sqlalchemy import (
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
)

from accounts.storage.metadata import Id, JsonText, UnixMs, metadata

notices: Final = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column(
        "channel_id", Id, ForeignKey("channels.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    # Its own id where it is about no broadcast, so that there may be several.
    Column("broadcast_id", Id, nullable=False),
    Column("title", Text, nullable=False),
    Column("fact_id", Id, nullable=False),  # the fact that it tells of, or that tells of it
    Column("at_ms", UnixMs, nullable=False, index=True),
    UniqueConstraint("broadcast_id", "kind"),  # one alert for each broadcast
)

notifications: Final = Table(
    "notifications",
    metadata,
    Column("account_id", Id, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column(
        "notice_id", Id, ForeignKey("notices.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("fact_id", Id, nullable=False),  # the fact that says that it is there
    Column("at_ms", UnixMs, nullable=False),
    Column("is_quiet", Boolean, nullable=False),
    Column("read_at_ms", UnixMs),
    PrimaryKeyConstraint("account_id", "notice_id"),
    Index("ix_notifications_account", "account_id", "at_ms", "notice_id"),
)

notification_settings: Final = Table(
    "notification_settings",
    metadata,
    Column("account_id", Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("muted_kinds", JsonText, nullable=False),  # ["title"]
    Column("quiet_from_min", Integer),  # minutes after midnight; NULL: no quiet hours
    Column("quiet_to_min", Integer),
    Column("time_zone", String(64)),
    Column("revision", Integer, nullable=False),
    Column("push_muted_kinds", JsonText),  # not pushed to browsers; NULL: none
    Column("email_kinds", JsonText),  # mailed; NULL: none
)

notification_mutes: Final = Table(
    "notification_mutes",
    metadata,
    Column("account_id", Id, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column(
        "channel_id", Id, ForeignKey("channels.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("kinds", JsonText, nullable=False),
    # Whether this channel's are pushed and mailed; NULL: as those of all channels
    Column("push", Boolean),
    Column("email", Boolean),
    PrimaryKeyConstraint("account_id", "channel_id"),
)
