"""Which log-in a browser agreed to pushes by, so that they end with it."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0014"
down_revision: Final = "0013"


def upgrade() -> None:
    """Make the tables as this step leaves them. Browsers of before are bound to no log-in."""
    op.add_column("push_subscriptions", sa.Column("session_id", sa.String(length=40)))
    op.create_index(op.f("ix_push_subscriptions_session_id"), "push_subscriptions", ["session_id"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_index(op.f("ix_push_subscriptions_session_id"), "push_subscriptions")
    op.drop_column("push_subscriptions", "session_id")
