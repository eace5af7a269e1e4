"""Standing log-ins: which of many have not ended, asked at once for those who stay connected."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.people.tables import accounts, sessions
from accounts.storage.is_among import is_among


async def standing_logins(
    connection: AsyncConnection, session_ids: Collection[str], now_ms: int
) -> Mapping[str, str]:
    """Return those log-ins that are there, in time, and of accounts that are open.

    Each with the role that the account has now.
    """
    rows = await connection.execute(
        select(sessions.c.id, accounts.c.role)
        .join(accounts, accounts.c.id == sessions.c.account_id)
        .where(
            is_among(sessions.c.id, session_ids),
            sessions.c.expires_at_ms > now_ms,
            accounts.c.suspended_at_ms.is_(None),
        )
    )
    return {row.id: row.role for row in rows}
