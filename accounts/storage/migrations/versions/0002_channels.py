"""Channels, and all that hangs on them."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"


def upgrade() -> None:
    """Make the tables as this step leaves them."""
    op.create_table(
        "rule_changes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_changes")),
    )
    op.create_index(op.f("ix_rule_changes_at_ms"), "rule_changes", ["at_ms"])
    op.create_table(
        "blocks",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("blocked_id", sa.String(length=40), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("account_id <> blocked_id", name=op.f("ck_blocks_not_oneself")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_blocks_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["blocked_id"],
            ["accounts.id"],
            name=op.f("fk_blocks_blocked_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "blocked_id", name=op.f("pk_blocks")),
    )
    op.create_index("ix_blocks_account", "blocks", ["account_id", "created_at_ms", "blocked_id"])
    op.create_index(op.f("ix_blocks_blocked_id"), "blocks", ["blocked_id"])
    op.create_table(
        "channels",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=32)),
        sa.Column("language", sa.String(length=35)),
        sa.Column("is_mature", sa.Boolean(), nullable=False),
        sa.Column("artwork", sa.String(length=200)),
        sa.Column("latency_profile", sa.String(length=16), nullable=False),
        sa.Column("grace_s", sa.Integer(), nullable=False),
        sa.Column("visibility", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("banned_at_ms", sa.BigInteger()),
        sa.Column("ban_reason", sa.Text()),
        sa.Column("tokens_void_ms", sa.BigInteger(), nullable=False),
        sa.Column("follower_count", sa.Integer(), nullable=False),
        sa.Column("viewer_count", sa.Integer(), nullable=False),
        sa.Column("live_since_ms", sa.BigInteger()),
        sa.Column("last_live_ms", sa.BigInteger()),
        sa.CheckConstraint("follower_count >= 0", name=op.f("ck_channels_follower_count")),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["accounts.id"],
            name=op.f("fk_channels_owner_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
        sa.UniqueConstraint("name", name=op.f("uq_channels_name")),
    )
    op.create_index("ix_channels_created", "channels", ["created_at_ms", "id"])
    op.create_index("ix_channels_last_live", "channels", ["last_live_ms", "id"])
    op.create_index("ix_channels_live", "channels", ["live_since_ms", "id"])
    op.create_index(op.f("ix_channels_owner_id"), "channels", ["owner_id"])
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("epoch", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=32)),
        sa.Column("language", sa.String(length=35)),
        sa.Column("is_mature", sa.Boolean(), nullable=False),
        sa.Column("started_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("interrupted_at_ms", sa.BigInteger()),
        sa.Column("alive_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger()),
        sa.Column("peak_viewers", sa.Integer(), nullable=False),
        sa.Column("viewer_ms", sa.BigInteger(), nullable=False),
        sa.Column("counted_ms", sa.BigInteger(), nullable=False),
        sa.Column("technical", sa.Text()),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_broadcasts_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
        sa.UniqueConstraint("channel_id", "epoch", name=op.f("uq_broadcasts_channel_id_epoch")),
    )
    op.create_index("ix_broadcasts_channel", "broadcasts", ["channel_id", "started_at_ms", "id"])
    op.create_index("ix_broadcasts_started", "broadcasts", ["started_at_ms", "id"])
    op.create_index(
        "uq_broadcasts_open",
        "broadcasts",
        ["channel_id"],
        unique=True,
        sqlite_where=sa.text("ended_at_ms IS NULL"),
        postgresql_where=sa.text("ended_at_ms IS NULL"),
    )
    op.create_table(
        "channel_moderators",
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_channel_moderators_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_channel_moderators_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("channel_id", "account_id", name=op.f("pk_channel_moderators")),
    )
    op.create_index(op.f("ix_channel_moderators_account_id"), "channel_moderators", ["account_id"])
    op.create_table(
        "channel_tags",
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_channel_tags_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("channel_id", "tag", name=op.f("pk_channel_tags")),
    )
    op.create_index("ix_channel_tags_tag", "channel_tags", ["tag", "channel_id"])
    op.create_table(
        "follows",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_follows_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_follows_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "channel_id", name=op.f("pk_follows")),
    )
    op.create_index("ix_follows_account", "follows", ["account_id", "created_at_ms", "channel_id"])
    op.create_index("ix_follows_channel", "follows", ["channel_id", "created_at_ms", "account_id"])
    op.create_table(
        "playback_links",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_playback_links_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playback_links")),
    )
    op.create_index(op.f("ix_playback_links_channel_id"), "playback_links", ["channel_id"])
    op.create_table(
        "playback_voids",
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("viewer", sa.String(length=40), nullable=False),
        sa.Column("void_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_playback_voids_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("channel_id", "viewer", name=op.f("pk_playback_voids")),
    )
    op.create_index(op.f("ix_playback_voids_viewer"), "playback_voids", ["viewer"])
    op.create_index(op.f("ix_playback_voids_void_ms"), "playback_voids", ["void_ms"])
    op.create_table(
        "stream_keys",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lookup", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("rotated_at_ms", sa.BigInteger()),
        sa.Column("last_used_at_ms", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_stream_keys_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream_keys")),
        sa.UniqueConstraint("lookup", name=op.f("uq_stream_keys_lookup")),
    )
    op.create_index(op.f("ix_stream_keys_channel_id"), "stream_keys", ["channel_id"])
    op.create_table(
        "viewer_bans",
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.String(length=40)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("ends_at_ms", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_viewer_bans_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["accounts.id"],
            name=op.f("fk_viewer_bans_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_viewer_bans_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("channel_id", "account_id", name=op.f("pk_viewer_bans")),
    )
    op.create_index(op.f("ix_viewer_bans_account_id"), "viewer_bans", ["account_id"])
    op.create_index(
        "ix_viewer_bans_channel", "viewer_bans", ["channel_id", "created_at_ms", "account_id"]
    )
    op.create_table(
        "broadcast_titles",
        sa.Column("broadcast_id", sa.String(length=40), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=32)),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_broadcast_titles_broadcast_id_broadcasts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("broadcast_id", "at_ms", name=op.f("pk_broadcast_titles")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("broadcast_titles")
    op.drop_index("ix_viewer_bans_channel", table_name="viewer_bans")
    op.drop_index(op.f("ix_viewer_bans_account_id"), table_name="viewer_bans")
    op.drop_table("viewer_bans")
    op.drop_index(op.f("ix_stream_keys_channel_id"), table_name="stream_keys")
    op.drop_table("stream_keys")
    op.drop_index(op.f("ix_playback_voids_void_ms"), table_name="playback_voids")
    op.drop_index(op.f("ix_playback_voids_viewer"), table_name="playback_voids")
    op.drop_table("playback_voids")
    op.drop_index(op.f("ix_playback_links_channel_id"), table_name="playback_links")
    op.drop_table("playback_links")
    op.drop_index("ix_follows_channel", table_name="follows")
    op.drop_index("ix_follows_account", table_name="follows")
    op.drop_table("follows")
    op.drop_index("ix_channel_tags_tag", table_name="channel_tags")
    op.drop_table("channel_tags")
    op.drop_index(op.f("ix_channel_moderators_account_id"), table_name="channel_moderators")
    op.drop_table("channel_moderators")
    op.drop_index("uq_broadcasts_open", table_name="broadcasts")
    op.drop_index("ix_broadcasts_started", table_name="broadcasts")
    op.drop_index("ix_broadcasts_channel", table_name="broadcasts")
    op.drop_table("broadcasts")
    op.drop_index(op.f("ix_channels_owner_id"), table_name="channels")
    op.drop_index("ix_channels_live", table_name="channels")
    op.drop_index("ix_channels_last_live", table_name="channels")
    op.drop_index("ix_channels_created", table_name="channels")
    op.drop_table("channels")
    op.drop_index(op.f("ix_blocks_blocked_id"), table_name="blocks")
    op.drop_index("ix_blocks_account", table_name="blocks")
    op.drop_table("blocks")
    op.drop_index(op.f("ix_rule_changes_at_ms"), table_name="rule_changes")
    op.drop_table("rule_changes")
