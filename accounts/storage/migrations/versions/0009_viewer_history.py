"""Viewers by minute, hour, day and broadcast."""

from typing import Final

revision: Final = "0009"
down_revision: Final = "0008"


def upgrade() -> None:
    """Make the tables as this step leaves them."""


def downgrade() -> None:
    """Take the step back."""
