"""How well shows played, by minute, hour and day."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0010"
down_revision: Final = "0009"

_STEPS: Final = {
    "quality_minutes": ("server",),
    "quality_hours": (),
    "quality_days": (),
}


def upgrade() -> None:
    """Make the tables as this step leaves them."""
    for name, more_key in _STEPS.items():
        key = ("channel_id", "dimension", "at_ms", "value", *more_key)
        op.create_table(
            name,
            sa.Column("channel_id", sa.String(length=40), nullable=False),
            sa.Column("dimension", sa.String(length=12), nullable=False),
            sa.Column("at_ms", sa.BigInteger(), nullable=False),
            sa.Column("value", sa.String(length=16), nullable=False),
            *(sa.Column(each, sa.String(length=40), nullable=False) for each in more_key),
            sa.Column("figures", sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(
                ["channel_id"],
                ["channels.id"],
                name=op.f(f"fk_{name}_channel_id_channels"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
        )
        op.create_index(f"ix_{name}_at", name, ["at_ms", "channel_id"])
    op.create_table(
        "quality_marks",
        sa.Column("name", sa.String(length=12), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_quality_marks")),
    )


def downgrade() -> None:
    """Take the step back."""
    for table in ("quality_marks", *_STEPS):
        op.drop_table(table)
