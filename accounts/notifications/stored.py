"""The fact that people have a notification now."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.facts import FactKind, write_fact
from accounts.notifications.kind import Kind


async def note_stored(
    connection: AsyncConnection,
    notice_id: str,
    kind: Kind,
    *,
    channel_id: str,
    channel: str,
    title: str,
    broadcast_id: str,
    at_ms: int,
    aloud: Sequence[str],
    quiet: Sequence[str],
) -> str:
    """Leave that fact to be told, for accounts who hear of it aloud and quietly; return its id."""
    return await write_fact(
        connection,
        FactKind.NOTIFICATIONS_STORED,
        channel_id=channel_id,
        channel=channel,
        at_ms=at_ms,
        details={
            "notificationId": notice_id,
            "kind": kind.value,
            "title": title,
            "broadcastId": broadcast_id,
            "aloud": list(aloud),
            "quiet": list(quiet),
        },
    )
