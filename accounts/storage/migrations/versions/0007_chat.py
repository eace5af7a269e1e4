"""Rooms of channels, what is said and done there, and when an address was proven."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0007"
down_revision: Final = "0006"


def upgrade() -> None:
    """Make the tables as this step leaves them."""
    op.create_table(
        "chat_acts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.BigInteger()),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_acts")),
        sa.UniqueConstraint("position", name=op.f("uq_chat_acts_position")),
    )
    op.create_index(op.f("ix_chat_acts_at_ms"), "chat_acts", ["at_ms"])
    op.create_index(
        "ix_chat_acts_unplaced",
        "chat_acts",
        ["id"],
        sqlite_where=sa.text("position IS NULL"),
        postgresql_where=sa.text("position IS NULL"),
    )
    op.create_table(
        "chat_sequence",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chat_sequence")),
    )
    op.create_table(
        "chat_emotes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40)),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("picture", sa.String(length=80), nullable=False),
        sa.Column("by_id", sa.String(length=40)),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        _foreign_key("chat_emotes", "by_id", "accounts", "SET NULL"),
        _foreign_key("chat_emotes", "channel_id", "channels"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_emotes")),
        sa.UniqueConstraint("channel_id", "code", name=op.f("uq_chat_emotes_channel_id_code")),
    )
    op.create_index(
        "uq_chat_emotes_global",
        "chat_emotes",
        ["code"],
        unique=True,
        sqlite_where=sa.text("channel_id IS NULL"),
        postgresql_where=sa.text("channel_id IS NULL"),
    )
    op.create_table(
        "chat_filters",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=40)),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        _foreign_key("chat_filters", "by_id", "accounts", "SET NULL"),
        _foreign_key("chat_filters", "channel_id", "channels"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_filters")),
        sa.UniqueConstraint(
            "channel_id", "kind", "pattern", name=op.f("uq_chat_filters_channel_id_kind_pattern")
        ),
    )
    op.create_table(
        "chat_log",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("by_id", sa.String(length=40)),
        sa.Column("account_id", sa.String(length=40)),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("text", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.Text()),
        _foreign_key("chat_log", "account_id", "accounts"),
        _foreign_key("chat_log", "by_id", "accounts", "SET NULL"),
        _foreign_key("chat_log", "channel_id", "channels"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_log")),
    )
    op.create_index(op.f("ix_chat_log_account_id"), "chat_log", ["account_id"])
    op.create_index(op.f("ix_chat_log_at_ms"), "chat_log", ["at_ms"])
    op.create_index("ix_chat_log_channel", "chat_log", ["channel_id", "at_ms", "id"])
    op.create_table(
        "chat_messages",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.String(length=40), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_action", sa.Boolean(), nullable=False),
        sa.Column("emotes", sa.Text(), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.Text()),
        sa.Column("broadcast_id", sa.String(length=40)),
        sa.Column("media_time_ms", sa.BigInteger()),
        _foreign_key("chat_messages", "author_id", "accounts"),
        _foreign_key("chat_messages", "channel_id", "channels"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_messages")),
    )
    op.create_index(op.f("ix_chat_messages_at_ms"), "chat_messages", ["at_ms"])
    op.create_index("ix_chat_messages_author", "chat_messages", ["author_id", "channel_id", "id"])
    op.create_index(
        "ix_chat_messages_broadcast", "chat_messages", ["broadcast_id", "media_time_ms", "id"]
    )
    op.create_index("ix_chat_messages_channel", "chat_messages", ["channel_id", "id"])
    op.create_table(
        "chat_reports",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reporter_id", sa.String(length=40)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_at_ms", sa.BigInteger()),
        sa.Column("closed_by_id", sa.String(length=40)),
        _foreign_key("chat_reports", "author_id", "accounts"),
        _foreign_key("chat_reports", "channel_id", "channels"),
        _foreign_key("chat_reports", "closed_by_id", "accounts", "SET NULL"),
        _foreign_key("chat_reports", "reporter_id", "accounts", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_reports")),
        sa.UniqueConstraint(
            "message_id", "reporter_id", name=op.f("uq_chat_reports_message_id_reporter_id")
        ),
    )
    op.create_index("ix_chat_reports_at", "chat_reports", ["at_ms", "id"])
    op.create_index(op.f("ix_chat_reports_author_id"), "chat_reports", ["author_id"])
    op.create_index(op.f("ix_chat_reports_channel_id"), "chat_reports", ["channel_id"])
    op.create_table(
        "chat_rooms",
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("slow_mode_s", sa.Integer(), nullable=False),
        sa.Column("followers_only_min", sa.Integer()),
        sa.Column("verified_only", sa.Boolean(), nullable=False),
        sa.Column("links_allowed", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _foreign_key("chat_rooms", "channel_id", "channels"),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_chat_rooms")),
    )
    op.create_table(
        "chat_timeouts",
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.String(length=40)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("ends_at_ms", sa.BigInteger(), nullable=False),
        _foreign_key("chat_timeouts", "account_id", "accounts"),
        _foreign_key("chat_timeouts", "by_id", "accounts", "SET NULL"),
        _foreign_key("chat_timeouts", "channel_id", "channels"),
        sa.PrimaryKeyConstraint("channel_id", "account_id", name=op.f("pk_chat_timeouts")),
    )
    op.create_index(op.f("ix_chat_timeouts_account_id"), "chat_timeouts", ["account_id"])
    op.create_index(op.f("ix_chat_timeouts_ends_at_ms"), "chat_timeouts", ["ends_at_ms"])
    op.add_column("accounts", sa.Column("email_proven_at_ms", sa.BigInteger()))
    # Nobody remembers who had an address of theirs merely named by an operator: those who are here
    # already are taken at their word.
    op.execute("UPDATE accounts SET email_proven_at_ms = created_at_ms")


def downgrade() -> None:
    """Take the step back."""
    op.drop_column("accounts", "email_proven_at_ms")
    for table in (
        "chat_timeouts",
        "chat_rooms",
        "chat_reports",
        "chat_messages",
        "chat_log",
        "chat_filters",
        "chat_emotes",
        "chat_sequence",
        "chat_acts",
    ):
        op.drop_table(table)


def _foreign_key(
    table: str, column: str, target: str, ondelete: str = "CASCADE"
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{target}.id"],
        name=op.f(f"fk_{table}_{column}_{target}"),
        ondelete=ondelete,
    )
