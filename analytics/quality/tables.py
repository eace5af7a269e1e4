"""Tables of playback quality. Sums alone: nothing here tells one playback from another.

`figures` is what `pack` returns. The whole of a channel has the empty text as its dimension and
its value.
"""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, String, Table

from accounts.storage.metadata import Id, UnixMs, metadata


def _steps(name: str, *more_key: str) -> Table:
    return Table(
        name,
        metadata,
        Column("channel_id", Id, ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
        Column("dimension", String(12), nullable=False),
        Column("at_ms", UnixMs, nullable=False),  # when it begins, UTC
        Column("value", String(16), nullable=False),
        *(Column(each, Id, nullable=False) for each in more_key),
        Column("figures", LargeBinary, nullable=False),
        PrimaryKeyConstraint("channel_id", "dimension", "at_ms", "value", *more_key),
        Index(f"ix_{name}_at", "at_ms", "channel_id"),
    )


# `server`: which process has it from players; each replaces what it has written itself.
quality_minutes: Final = _steps("quality_minutes", "server")
quality_hours: Final = _steps("quality_hours")
quality_days: Final = _steps("quality_days")

quality_marks: Final = Table(
    "quality_marks",
    metadata,
    Column("name", String(12), primary_key=True),
    Column("at_ms", UnixMs, nullable=False),  # hours that begin before it are made of minutes
)
