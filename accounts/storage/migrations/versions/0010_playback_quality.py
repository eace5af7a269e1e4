"""How well shows played, by minute, hour and day."""

from typing import Final

revision: Final = "0010"
down_revision: Final = "0009"


def upgrade() -> None:
    """Make the tables as this step leaves them."""


def downgrade() -> None:
    """Take the step back."""
