"""ChannelBelongings: what people have on the channel side, told to the people side."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Select, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.account_changes import (
    account_closed_or_opened,
    account_leaves,
    account_steps_down,
)
from accounts.channels.tables import (
    blocks,
    broadcasts,
    channel_moderators,
    channel_tags,
    channels,
    follows,
    playback_links,
    stream_keys,
)
from accounts.chat.departure import exported_of_rooms, leave_rooms
from accounts.notifications.tables import (
    notices,
    notification_mutes,
    notification_settings,
    notifications,
)
from accounts.push.tables import push_subscriptions
from accounts.storage import Database
from accounts.webhooks.tables import webhooks
from analytics.history.tables import viewer_broadcasts, viewer_days
from analytics.quality.packed import unpack
from analytics.quality.tables import quality_days
from analytics.recommendations.tables import watched
from analytics.recommendations.watch_history import DAY_MS

_ROWS_MAX: Final = 100_000  # of one table; a streamer of ten years has some thousands
_UNPACKED_AT_ONCE: Final = 20  # before media may be served again: about 0.5 ms


class ChannelBelongings:
    """Implements Belongings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def export(self, account_id: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Return all that the channel side keeps of an account, less the keys' digests."""
        async with self._database.reading() as connection:
            found = {
                name: [
                    dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
                    for row in await connection.execute(query.limit(_ROWS_MAX))
                ]
                for name, query in _exported(account_id).items()
            }
        for number, row in enumerate(found["quality-days"], start=1):
            row["figures"] = unpack(row["figures"]).listed()
            if number % _UNPACKED_AT_ONCE == 0:
                await asyncio.sleep(0)
        return found

    async def close_or_open(
        self, connection: AsyncConnection, account_id: str, now_ms: int
    ) -> None:
        """Cut what an account has live once it is suspended; let it go on once it is restored."""
        await account_closed_or_opened(connection, account_id, now_ms)

    async def step_down(self, connection: AsyncConnection, account_id: str, now_ms: int) -> None:
        """End what an administrator, who is one no more, watches as one."""
        await account_steps_down(connection, account_id, now_ms)

    async def leave(self, connection: AsyncConnection, account_id: str, now_ms: int) -> None:
        """Cut what an account has live before it is deleted."""
        await leave_rooms(connection, account_id, now_ms)
        await account_leaves(connection, account_id, now_ms)


def _exported(account_id: str) -> dict[str, Select[Any]]:
    own = select(channels.c.id).where(channels.c.owner_id == account_id)
    key, link, name = stream_keys.c, playback_links.c, channels.c.name.label("channel")
    return {
        "channels": select(
            *(column for column in channels.c if column.name not in {"owner_id", "revision"})
        ).where(channels.c.owner_id == account_id),
        "channel-tags": select(channel_tags).where(channel_tags.c.channel_id.in_(own)),
        "stream-keys": select(
            key.id,
            key.channel_id,
            key.name,
            key.created_at_ms,
            key.rotated_at_ms,
            key.last_used_at_ms,
        ).where(key.channel_id.in_(own)),
        "playback-links": select(
            link.id, link.channel_id, link.name, link.created_at_ms, link.expires_at_ms
        ).where(link.channel_id.in_(own)),
        "broadcasts": select(broadcasts).where(broadcasts.c.channel_id.in_(own)),
        "follows": select(name, follows.c.level, follows.c.created_at_ms)
        .join(channels, channels.c.id == follows.c.channel_id)
        .where(follows.c.account_id == account_id),
        "blocks": select(blocks.c.blocked_id, blocks.c.created_at_ms).where(
            blocks.c.account_id == account_id
        ),
        "notifications": select(
            notices.c.kind,
            name,
            notices.c.title,
            notifications.c.at_ms,
            notifications.c.read_at_ms,
        )
        .join(notices, notices.c.id == notifications.c.notice_id)
        .join(channels, channels.c.id == notices.c.channel_id)
        .where(notifications.c.account_id == account_id),
        "notification-settings": select(
            *(
                column
                for column in notification_settings.c
                if column.name not in {"account_id", "revision"}
            )
        ).where(notification_settings.c.account_id == account_id),
        "notification-mutes": select(
            name, notification_mutes.c.kinds, notification_mutes.c.push, notification_mutes.c.email
        )
        .join(channels, channels.c.id == notification_mutes.c.channel_id)
        .where(notification_mutes.c.account_id == account_id),
        "push-subscriptions": select(
            push_subscriptions.c.service,
            push_subscriptions.c.browser,
            push_subscriptions.c.created_at_ms,
            push_subscriptions.c.used_at_ms,
        ).where(push_subscriptions.c.account_id == account_id),
        "webhooks": select(
            webhooks.c.name, webhooks.c.url, webhooks.c.kinds, webhooks.c.created_at_ms
        ).where(webhooks.c.channel_id.in_(own)),
        "watch-history": select(
            name,
            (literal(DAY_MS, BigInteger) * watched.c.day).label("day_at_ms"),
            watched.c.watched_ms,
        )
        .join(channels, channels.c.id == watched.c.channel_id)
        .where(watched.c.account_id == account_id),
        "moderated-channels": select(name, channel_moderators.c.created_at_ms)
        .join(channels, channels.c.id == channel_moderators.c.channel_id)
        .where(channel_moderators.c.account_id == account_id),
        # What channels' viewers were counted as; of viewers themselves nothing is kept in it.
        "quality-days": select(quality_days).where(quality_days.c.channel_id.in_(own)),
        "viewer-days": select(viewer_days).where(viewer_days.c.channel_id.in_(own)),
        "viewer-broadcasts": select(
            *(
                column
                for column in viewer_broadcasts.c
                if column.name not in {"retention", "moments"}
            )
        ).where(viewer_broadcasts.c.channel_id.in_(own)),
        **exported_of_rooms(account_id),
    }
