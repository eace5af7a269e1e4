"""Administrators: there is always one who can use the account."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.people.errors import ConflictingError
from accounts.people.tables import accounts


async def require_another_administrator(connection: AsyncConnection, account_id: str) -> None:
    """Before an account stops to be one: is it the last? Raises ConflictingError if so."""
    rows = await connection.execute(
        select(accounts.c.id)
        .where(accounts.c.role == "admin", accounts.c.suspended_at_ms.is_(None))
        .order_by(accounts.c.id != account_id, accounts.c.id)
        .limit(2)
    )
    if list(rows.scalars()) == [account_id]:
        raise ConflictingError("this is the last administrator: make another one first")
