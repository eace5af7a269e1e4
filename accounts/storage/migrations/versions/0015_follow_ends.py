"""How many stopped following, by minute and by broadcast. Who left before is not known."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0015"
down_revision: Final = "0014"


def upgrade() -> None:
    """Make the tables as this step leaves them."""
    op.create_table(
        "follow_ends",
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_follow_ends_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("channel_id", "at_ms", name=op.f("pk_follow_ends")),
    )
    op.add_column(
        "viewer_broadcasts",
        sa.Column("followers_lost", sa.Integer(), nullable=False, server_default="0"),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_column("viewer_broadcasts", "followers_lost")
    op.drop_table("follow_ends")
