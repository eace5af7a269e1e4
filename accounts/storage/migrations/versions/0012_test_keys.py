"""Keys that measure a set-up without going live."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0012"
down_revision: Final = "0011"


def upgrade() -> None:
    """Make the tables as this step leaves them."""
    op.create_table(
        "test_keys",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("lookup", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("run", sa.String(length=32)),
        sa.Column("encoder", sa.Text()),
        sa.Column("started_at_ms", sa.BigInteger()),
        sa.Column("seen_at_ms", sa.BigInteger()),
        sa.Column("ended_at_ms", sa.BigInteger()),
        sa.Column("report", sa.Text()),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_test_keys_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_keys")),
        sa.UniqueConstraint("lookup", name=op.f("uq_test_keys_lookup")),
    )
    op.create_index("ix_test_keys_channel", "test_keys", ["channel_id", "created_at_ms", "id"])
    op.create_index(op.f("ix_test_keys_created_at_ms"), "test_keys", ["created_at_ms"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("test_keys")
