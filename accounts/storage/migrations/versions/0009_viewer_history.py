"""Viewers by minute, hour, day and broadcast."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0009"
down_revision: Final = "0008"

_BUCKETS: Final = ("viewer_minutes", "viewer_hours", "viewer_days")


def upgrade() -> None:
    """Make the tables as this step leaves them."""
    for name in _BUCKETS:
        op.create_table(
            name,
            sa.Column("channel_id", sa.String(length=40), nullable=False),
            sa.Column("at_ms", sa.BigInteger(), nullable=False),
            sa.Column("viewer_ms", sa.BigInteger(), nullable=False),
            sa.Column("peak", sa.Integer(), nullable=False),
            sa.Column("started", sa.Integer(), nullable=False),
            sa.Column("unique_viewers", sa.Integer(), nullable=False),
            sa.Column("messages", sa.Integer(), nullable=False),
            sa.Column("renditions", sa.Text(), nullable=False),
            _foreign_key(name, "channel_id", "channels"),
            sa.PrimaryKeyConstraint("channel_id", "at_ms", name=op.f(f"pk_{name}")),
        )
        op.create_index(f"ix_{name}_at", name, ["at_ms", "channel_id"])
    op.create_table(
        "viewer_broadcasts",
        sa.Column("broadcast_id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("computed_ms", sa.BigInteger(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("viewer_ms", sa.BigInteger(), nullable=False),
        sa.Column("peak", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("unique_viewers", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("followers_gained", sa.Integer(), nullable=False),
        sa.Column("renditions", sa.Text(), nullable=False),
        sa.Column("retention", sa.Text(), nullable=False),
        sa.Column("moments", sa.Text(), nullable=False),
        _foreign_key("viewer_broadcasts", "broadcast_id", "broadcasts"),
        _foreign_key("viewer_broadcasts", "channel_id", "channels"),
        sa.PrimaryKeyConstraint("broadcast_id", name=op.f("pk_viewer_broadcasts")),
    )
    op.create_index(
        "ix_viewer_broadcasts_channel",
        "viewer_broadcasts",
        ["channel_id", "started_ms", "broadcast_id"],
    )
    op.create_table(
        "viewer_rolled_marks",
        sa.Column("server", sa.String(length=40), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("server", name=op.f("pk_viewer_rolled_marks")),
    )
    op.create_table(
        "viewer_progress",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("server", sa.String(length=40)),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_viewer_progress")),
    )
    op.create_index("ix_broadcasts_ended", "broadcasts", ["ended_at_ms"])
    op.create_index("ix_viewer_spells_since", "viewer_spells", ["ended_ms", "channel_id"])
    op.create_index(
        "ix_viewer_spells_open_channel",
        "viewer_spells",
        ["channel_id"],
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open"),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_broadcasts_ended", table_name="broadcasts")
    for index in ("ix_viewer_spells_open_channel", "ix_viewer_spells_since"):
        op.drop_index(index, table_name="viewer_spells")
    for table in ("viewer_progress", "viewer_rolled_marks", "viewer_broadcasts", *_BUCKETS):
        op.drop_table(table)


def _foreign_key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
    )
