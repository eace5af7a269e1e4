"""Who watched what without a break, and how far each server has written."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0008"
down_revision: Final = "0007"


def upgrade() -> None:
    """Make the tables as this step leaves them."""
    op.create_table(
        "viewer_spells",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("broadcast_id", sa.String(length=40)),
        sa.Column("session", sa.String(length=24), nullable=False),
        sa.Column("viewer", sa.String(length=16), nullable=False),
        sa.Column("rendition", sa.String(length=64), nullable=False),
        sa.Column("player", sa.String(length=16), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("server", sa.String(length=40), nullable=False),
        sa.CheckConstraint("ended_ms >= started_ms", name=op.f("ck_viewer_spells_order")),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_viewer_spells_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_viewer_spells")),
    )
    op.create_index("ix_viewer_spells_channel", "viewer_spells", ["channel_id", "started_ms"])
    op.create_index("ix_viewer_spells_ended", "viewer_spells", ["channel_id", "ended_ms"])
    op.create_index("ix_viewer_spells_broadcast", "viewer_spells", ["broadcast_id"])
    op.create_index("ix_viewer_spells_open", "viewer_spells", ["is_open", "server"])
    op.create_table(
        "viewer_marks",
        sa.Column("server", sa.String(length=40), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("server", name=op.f("pk_viewer_marks")),
    )
    op.create_table(
        "viewer_salts",
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_viewer_salts")),
    )


def downgrade() -> None:
    """Take the step back."""
    for table in ("viewer_salts", "viewer_marks", "viewer_spells"):
        op.drop_table(table)
