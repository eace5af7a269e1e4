"""Standing log-ins: which of many have not ended, asked at once for those who stay connected."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.people.tables import accounts, sessions


async def standing_logins(
    connection: AsyncConnection, session_ids: Collection[str], now_ms: int
) -> set[str]:
    """Return those log-ins that are there, in time, and of accounts that are open."""
    return set(
        await connection.scalars(
            select(sessions.c.id)
            .join(accounts, accounts.c.id == sessions.c.account_id)
            .where(
                sessions.c.id.in_(session_ids),
                sessions.c.expires_at_ms > now_ms,
                accounts.c.suspended_at_ms.is_(None),
            )
        )
    )
