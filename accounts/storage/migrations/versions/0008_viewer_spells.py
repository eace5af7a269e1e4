"""Who watched what without a break, and how far each server has written."""

from typing import Final

revision: Final = "0008"
down_revision: Final = "0007"


def upgrade() -> None:
    """Make the tables as this step leaves them."""


def downgrade() -> None:
    """Take the step back."""
