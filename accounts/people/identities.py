"""Identities: who an account is at issuers that its owner can sign in with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.people.errors import ConflictingError, LimitReachedError, NotFoundError
from accounts.people.tables import accounts, identities
from accounts.storage import Database, new_id

IDENTITY_ID_PREFIX: Final = "idn"
_PER_ACCOUNT_MAX: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who an account is at an issuer. `email` is what the issuer called it, for its owner."""

    id: str
    issuer: str
    subject: str
    email: str | None
    created_at_ms: int
    used_at_ms: int | None


class Identities:
    """Lists and removes the identities of an account."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_of(self, account_id: str) -> tuple[Identity, ...]:
        """Return an account's identities, the oldest first."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(identities)
                .where(identities.c.account_id == account_id)
                .order_by(identities.c.created_at_ms, identities.c.id)
            )
            return tuple(_identity_of(row) for row in rows)

    async def remove(self, account_id: str, identity_id: str) -> None:
        """Forget an identity. Raises NotFoundError, ConflictingError if it is the only way in."""

        async def work(connection: AsyncConnection) -> None:
            has_password = await connection.scalar(
                select(accounts.c.password_hash.is_not(None)).where(accounts.c.id == account_id)
            )
            count = await _count_of(connection, account_id)
            gone = await connection.execute(
                delete(identities).where(
                    identities.c.id == identity_id, identities.c.account_id == account_id
                )
            )
            if gone.rowcount == 0:
                raise NotFoundError("there is no such identity")
            if not has_password and count == 1:
                raise ConflictingError("this is the only way to sign in: choose a password first")

        await self._database.write(work)


async def owner_of(connection: AsyncConnection, issuer: str, subject: str) -> str | None:
    """Return the account that this is an identity of."""
    found = await connection.scalar(
        select(identities.c.account_id).where(
            identities.c.issuer == issuer, identities.c.subject == subject
        )
    )
    return None if found is None else str(found)


async def issuers_of(connection: AsyncConnection, account_id: str) -> Sequence[str]:
    """Return the issuers that sign in to an account, in order."""
    rows = await connection.scalars(
        select(identities.c.issuer)
        .where(identities.c.account_id == account_id)
        .distinct()
        .order_by(identities.c.issuer)
    )
    return rows.all()


async def note_use(connection: AsyncConnection, issuer: str, subject: str, now_ms: int) -> None:
    """Keep when somebody last signed in with this identity."""
    await connection.execute(
        update(identities)
        .where(identities.c.issuer == issuer, identities.c.subject == subject)
        .values(used_at_ms=now_ms)
    )


async def insert_identity(
    connection: AsyncConnection,
    account_id: str,
    *,
    issuer: str,
    subject: str,
    email: str | None,
    now_ms: int,
) -> None:
    """Let this identity sign in to the account. Raises ConflictingError, LimitReachedError.

    An identity belongs to one account; it is never moved.
    """
    owner = await owner_of(connection, issuer, subject)
    if owner == account_id:
        return
    if owner is not None:
        raise ConflictingError("this identity signs in to another account")
    if await _count_of(connection, account_id) >= _PER_ACCOUNT_MAX:
        raise LimitReachedError(f"there are {_PER_ACCOUNT_MAX} identities already")
    await connection.execute(
        insert(identities).values(
            id=new_id(IDENTITY_ID_PREFIX),
            account_id=account_id,
            issuer=issuer,
            subject=subject,
            email=email,
            created_at_ms=now_ms,
            used_at_ms=now_ms,
        )
    )


async def _count_of(connection: AsyncConnection, account_id: str) -> int:
    counted = await connection.scalar(
        select(func.count()).select_from(identities).where(identities.c.account_id == account_id)
    )
    return int(counted or 0)


def _identity_of(row: Row[Any]) -> Identity:
    return Identity(
        id=row.id,
        issuer=row.issuer,
        subject=row.subject,
        email=row.email,
        created_at_ms=row.created_at_ms,
        used_at_ms=row.used_at_ms,
    )
