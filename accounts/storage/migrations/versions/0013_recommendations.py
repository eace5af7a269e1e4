"""What people watched, and who wants no recommendations."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0013"
down_revision: Final = "0012"


def upgrade() -> None:
    """Make the tables as this step leaves them."""
    op.create_table(
        "watched",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("watched_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_watched_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_watched_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "channel_id", "day", name=op.f("pk_watched")),
    )
    op.create_index("ix_watched_channel", "watched", ["channel_id"])
    op.create_index("ix_watched_day", "watched", ["day"])
    op.create_table(
        "recommendation_refusals",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_recommendation_refusals_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_recommendation_refusals")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("recommendation_refusals")
    op.drop_table("watched")
