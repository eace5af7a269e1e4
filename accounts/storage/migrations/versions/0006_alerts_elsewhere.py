"""Alerts that leave the server: to browsers, by mail, and to other programs."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0006"
down_revision: Final = "0005"


def upgrade() -> None:
    """Make the tables as this step leaves them."""
    op.add_column("notification_settings", sa.Column("push_muted_kinds", sa.Text()))
    op.add_column("notification_settings", sa.Column("email_kinds", sa.Text()))
    op.add_column("notification_mutes", sa.Column("push", sa.Boolean()))
    op.add_column("notification_mutes", sa.Column("email", sa.Boolean()))
    _make_push()
    _make_mail()
    _make_webhooks()


def _make_push() -> None:
    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("service", sa.String(length=255), nullable=False),
        sa.Column("endpoint_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=65), nullable=False),
        sa.Column("auth_secret", sa.LargeBinary(length=16), nullable=False),
        sa.Column("browser", sa.String(length=80), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("used_at_ms", sa.BigInteger()),
        _foreign_key("push_subscriptions", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscriptions")),
        sa.UniqueConstraint("endpoint_digest", name=op.f("uq_push_subscriptions_endpoint_digest")),
    )
    op.create_index(op.f("ix_push_subscriptions_account_id"), "push_subscriptions", ["account_id"])
    op.create_table(
        "push_deliveries",
        sa.Column("subscription_id", sa.String(length=40), nullable=False),
        sa.Column("notice_id", sa.String(length=40), nullable=False),
        sa.Column("due_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("leased_until_ms", sa.BigInteger()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _foreign_key("push_deliveries", "subscription_id", "push_subscriptions"),
        _foreign_key("push_deliveries", "notice_id", "notices"),
        sa.PrimaryKeyConstraint("subscription_id", "notice_id", name=op.f("pk_push_deliveries")),
    )
    op.create_index(op.f("ix_push_deliveries_notice_id"), "push_deliveries", ["notice_id"])
    op.create_index("ix_push_deliveries_due", "push_deliveries", ["due_at_ms"])


def _make_mail() -> None:
    op.create_table(
        "mail_alerts",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("notice_id", sa.String(length=40), nullable=False),
        _foreign_key("mail_alerts", "account_id", "accounts"),
        _foreign_key("mail_alerts", "notice_id", "notices"),
        sa.PrimaryKeyConstraint("account_id", "notice_id", name=op.f("pk_mail_alerts")),
    )
    op.create_index(op.f("ix_mail_alerts_notice_id"), "mail_alerts", ["notice_id"])
    op.create_table(
        "mail_turns",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("mail_id", sa.String(length=40), nullable=False),
        sa.Column("due_at_ms", sa.BigInteger()),
        sa.Column("leased_until_ms", sa.BigInteger()),
        sa.Column("sent_at_ms", sa.BigInteger()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _foreign_key("mail_turns", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mail_turns")),
    )
    op.create_index("ix_mail_turns_due", "mail_turns", ["due_at_ms"])


def _make_webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40)),
        sa.Column("made_by_id", sa.String(length=40)),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret", sa.LargeBinary()),
        sa.Column("previous_until_ms", sa.BigInteger()),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("disabled_reason", sa.String(length=16)),
        sa.Column("failing_since_ms", sa.BigInteger()),
        sa.Column("delivered_at_ms", sa.BigInteger()),
        sa.Column("rotated_at_ms", sa.BigInteger()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        _foreign_key("webhooks", "channel_id", "channels"),
        _foreign_key("webhooks", "made_by_id", "accounts", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index(op.f("ix_webhooks_channel_id"), "webhooks", ["channel_id"])
    op.create_index(op.f("ix_webhooks_made_by_id"), "webhooks", ["made_by_id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("webhook_id", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("fact_id", sa.String(length=40)),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("due_at_ms", sa.BigInteger()),
        sa.Column("leased_until_ms", sa.BigInteger()),
        sa.Column("attempted_at_ms", sa.BigInteger()),
        sa.Column("status", sa.Integer()),
        sa.Column("error", sa.String(length=32)),
        sa.Column("answer", sa.Text()),
        sa.Column("duration_ms", sa.Integer()),
        _foreign_key("webhook_deliveries", "webhook_id", "webhooks"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint(
            "webhook_id", "fact_id", name=op.f("uq_webhook_deliveries_webhook_id_fact_id")
        ),
    )
    op.create_index(
        op.f("ix_webhook_deliveries_created_at_ms"), "webhook_deliveries", ["created_at_ms"]
    )
    op.create_index("ix_webhook_deliveries_due", "webhook_deliveries", ["due_at_ms"])
    op.create_index(
        "ix_webhook_deliveries_webhook",
        "webhook_deliveries",
        ["webhook_id", "created_at_ms", "id"],
    )


def downgrade() -> None:
    """Take the step back."""
    for table in (
        "webhook_deliveries",
        "webhooks",
        "mail_turns",
        "mail_alerts",
        "push_deliveries",
        "push_subscriptions",
    ):
        op.drop_table(table)
    op.drop_column("notification_mutes", "email")
    op.drop_column("notification_mutes", "push")
    op.drop_column("notification_settings", "email_kinds")
    op.drop_column("notification_settings", "push_muted_kinds")


def _foreign_key(
    table: str, column: str, target: str, ondelete: str = "CASCADE"
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{target}.id"],
        name=op.f(f"fk_{table}_{column}_{target}"),
        ondelete=ondelete,
    )
