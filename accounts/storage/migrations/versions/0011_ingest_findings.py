"""What the ingest doctor measured and found in each broadcast."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0011"
down_revision: Final = "0010"


def upgrade() -> None:
    """Make the tables as this step leaves them."""
    op.create_table(
        "ingest_reports",
        sa.Column("broadcast_id", sa.String(length=40), nullable=False),
        sa.Column("written_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_ingest_reports_broadcast_id_broadcasts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("broadcast_id", name=op.f("pk_ingest_reports")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("ingest_reports")
