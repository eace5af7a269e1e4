"""Tables of who watched what.

Nothing here names a person: `session` is made of chance, `viewer` is a hash with a salt that is
thrown away when its day is over.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
)

from accounts.storage.metadata import Id, UnixMs, metadata

viewer_spells: Final = Table(
    "viewer_spells",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel_id", Id, ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    # No foreign key: a spell may be written before its broadcast, and outlive it.
    Column("broadcast_id", Id),
    Column("session", String(24), nullable=False),
    Column("viewer", String(16), nullable=False),
    Column("rendition", String(64), nullable=False),
    Column("player", String(16), nullable=False),
    Column("started_ms", UnixMs, nullable=False),
    Column("ended_ms", UnixMs, nullable=False),  # while open: what was known when it was written
    Column("is_open", Boolean, nullable=False),
    Column("server", Id, nullable=False),
    CheckConstraint("ended_ms >= started_ms", name="order"),
)
Index("ix_viewer_spells_channel", viewer_spells.c.channel_id, viewer_spells.c.started_ms)
Index("ix_viewer_spells_ended", viewer_spells.c.channel_id, viewer_spells.c.ended_ms)
Index("ix_viewer_spells_broadcast", viewer_spells.c.broadcast_id)
Index("ix_viewer_spells_open", viewer_spells.c.is_open, viewer_spells.c.server)

viewer_marks: Final = Table(
    "viewer_marks",
    metadata,
    Column("server", Id, primary_key=True),
    Column("at_ms", UnixMs, nullable=False),  # until then its open spells are known to have lasted
)

viewer_salts: Final = Table(
    "viewer_salts",
    metadata,
    Column("day", BigInteger, primary_key=True, autoincrement=False),  # since 1970, UTC
    Column("salt", LargeBinary(16), nullable=False),
)
