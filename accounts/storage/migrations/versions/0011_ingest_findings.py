"""What the ingest doctor found in each broadcast."""

from typing import Final

revision: Final = "0011"
down_revision: Final = "0010"


def upgrade() -> None:
    """Make the tables as this step leaves them."""


def downgrade() -> None:
    """Take the step back."""
