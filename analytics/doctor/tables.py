"""The table of reports: what the doctor measured and found in each broadcast."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Table

from accounts.storage.metadata import Id, JsonText, UnixMs, metadata

ingest_reports: Final = Table(
    "ingest_reports",
    metadata,
    Column("broadcast_id", Id, ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True),
    Column("written_at_ms", UnixMs, nullable=False),
    Column("report", JsonText, nullable=False),
)
