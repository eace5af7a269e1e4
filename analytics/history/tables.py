"""Tables of what is told of viewers. Numbers alone: nothing here was about one person.

They are made of spells and can be made again as long as those are kept. All goes with its channel.
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
    text,
)

from accounts.storage.metadata import Id, JsonText, UnixMs, metadata
from analytics.viewers.tables import viewer_spells


def _buckets(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("channel_id", Id, ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
        Column("at_ms", UnixMs, nullable=False),  # when it begins, UTC
        Column("viewer_ms", UnixMs, nullable=False),  # viewers, each times how long
        Column("peak", Integer, nullable=False),
        Column("started", Integer, nullable=False),
        Column("unique_viewers", Integer, nullable=False),
        Column("messages", Integer, nullable=False),
        Column("renditions", JsonText, nullable=False),  # {"video": ms}; viewer_ms, split
        PrimaryKeyConstraint("channel_id", "at_ms"),
        Index(f"ix_{name}_at", "at_ms", "channel_id"),
    )


viewer_minutes: Final = _buckets("viewer_minutes")
viewer_hours: Final = _buckets("viewer_hours")
viewer_days: Final = _buckets("viewer_days")

viewer_broadcasts: Final = Table(
    "viewer_broadcasts",
    metadata,
    Column("broadcast_id", Id, ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True),
    Column("channel_id", Id, ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("started_ms", UnixMs, nullable=False),
    Column("computed_ms", UnixMs, nullable=False),  # up to when viewers are in it
    Column("is_final", Boolean, nullable=False),
    Column("viewer_ms", UnixMs, nullable=False),
    Column("peak", Integer, nullable=False),
    Column("sessions", Integer, nullable=False),
    Column("unique_viewers", Integer, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("followers_gained", Integer, nullable=False),
    Column("renditions", JsonText, nullable=False),
    Column("retention", JsonText, nullable=False),  # [[present, stayed], ...], a minute each
    Column("moments", JsonText, nullable=False),
    Column("followers_lost", Integer, nullable=False, server_default="0"),
    Index("ix_viewer_broadcasts_channel", "channel_id", "started_ms", "broadcast_id"),
)

# Up to which mark of each server spells are rolled up; what it writes later is looked at anew.
viewer_rolled_marks: Final = Table(
    "viewer_rolled_marks",
    metadata,
    Column("server", Id, primary_key=True),
    Column("at_ms", UnixMs, nullable=False),
)

# How far roll-ups went, by name; and until when one server alone makes them.
viewer_progress: Final = Table(
    "viewer_progress",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("at_ms", UnixMs, nullable=False),
    Column("server", Id),
)

# How roll-ups find spells: of all channels since a moment, and of one that still go on.
Index("ix_viewer_spells_since", viewer_spells.c.ended_ms, viewer_spells.c.channel_id)
Index(
    "ix_viewer_spells_open_channel",
    viewer_spells.c.channel_id,
    sqlite_where=text("is_open = 1"),
    postgresql_where=text("is_open"),
)
