"""Facts to be told, and the notifications of followers."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"


def upgrade() -> None:
    """Make the tables as this step leaves them."""
    op.create_table(
        "facts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.BigInteger()),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
        sa.UniqueConstraint("position", name=op.f("uq_facts_position")),
    )
    op.create_index(op.f("ix_facts_at_ms"), "facts", ["at_ms"])
    op.create_index(op.f("ix_facts_channel_id"), "facts", ["channel_id"])
    op.create_table(
        "fact_readers",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("progress", sa.Text()),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_fact_readers")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("broadcast_id", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("fact_id", sa.String(length=40), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        _foreign_key("notices", "channel_id", "channels"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("broadcast_id", "kind", name=op.f("uq_notices_broadcast_id_kind")),
    )
    op.create_index(op.f("ix_notices_at_ms"), "notices", ["at_ms"])
    op.create_index(op.f("ix_notices_channel_id"), "notices", ["channel_id"])
    op.create_table(
        "notifications",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("notice_id", sa.String(length=40), nullable=False),
        sa.Column("fact_id", sa.String(length=40), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("is_quiet", sa.Boolean(), nullable=False),
        sa.Column("read_at_ms", sa.BigInteger()),
        _foreign_key("notifications", "account_id", "accounts"),
        _foreign_key("notifications", "notice_id", "notices"),
        sa.PrimaryKeyConstraint("account_id", "notice_id", name=op.f("pk_notifications")),
    )
    op.create_index(
        "ix_notifications_account", "notifications", ["account_id", "at_ms", "notice_id"]
    )
    op.create_index(op.f("ix_notifications_notice_id"), "notifications", ["notice_id"])
    op.create_table(
        "notification_settings",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("muted_kinds", sa.Text(), nullable=False),
        sa.Column("quiet_from_min", sa.Integer()),
        sa.Column("quiet_to_min", sa.Integer()),
        sa.Column("time_zone", sa.String(length=64)),
        sa.Column("revision", sa.Integer(), nullable=False),
        _foreign_key("notification_settings", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_notification_settings")),
    )
    op.create_table(
        "notification_mutes",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        _foreign_key("notification_mutes", "account_id", "accounts"),
        _foreign_key("notification_mutes", "channel_id", "channels"),
        sa.PrimaryKeyConstraint("account_id", "channel_id", name=op.f("pk_notification_mutes")),
    )
    op.create_index(op.f("ix_notification_mutes_channel_id"), "notification_mutes", ["channel_id"])


def downgrade() -> None:
    """Take the step back."""
    for table in (
        "notification_mutes",
        "notification_settings",
        "notifications",
        "notices",
        "fact_readers",
        "facts",
    ):
        op.drop_table(table)


def _foreign_key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{target}.id"],
        name=op.f(f"fk_{table}_{column}_{target}"),
        ondelete="CASCADE",
    )
