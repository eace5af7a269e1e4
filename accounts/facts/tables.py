"""Tables of the outbox.

Facts are not tied to the rows that they speak of: that a channel is gone must not unsay what
happened before. They are kept for some days.
"""

from typing import Final

from sqlalchemy import BigInteger, Column, String, Table

from accounts.storage.metadata import Id, JsonText, UnixMs, metadata

facts: Final = Table(
    "facts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("position", BigInteger, unique=True),  # NULL until it has its place in the order
    Column("kind", String(32), nullable=False),
    Column("channel_id", Id, nullable=False, index=True),
    Column("channel", String(64), nullable=False),
    Column("at_ms", UnixMs, nullable=False, index=True),
    Column("details", JsonText, nullable=False),
)

# How far somebody has read who must not miss or repeat a fact; SEQUENCE is how far positions went.
fact_readers: Final = Table(
    "fact_readers",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("progress", JsonText),  # within the fact behind `position`
)
