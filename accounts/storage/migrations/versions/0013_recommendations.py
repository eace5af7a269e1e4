"""What people watched, and who wants no recommendations."""

from typing import Final

revision: Final = "0013"
down_revision: Final = "0012"


def upgrade() -> None:
    """Make the tables as this step leaves them."""


def downgrade() -> None:
    """Take the step back."""
