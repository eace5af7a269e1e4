"""Account: a person who can sign in, as the people side knows them."""

from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.people.tables import accounts
from accounts.storage import Database, PreparedRead

ACCOUNT_ID_PREFIX: Final = "acc"
AccountRole = Literal["user", "admin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a profile."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One row of `accounts`, less the hash. `email` is its owner's and administrators' to see."""

    id: str
    email: str
    has_password: bool
    role: AccountRole
    display_name: str
    bio: str
    links: tuple[Link, ...]
    avatar: str | None
    suspended_at_ms: int | None
    suspension_reason: str | None
    revision: int
    created_at_ms: int
    signed_in_at_ms: int | None

    @property
    def is_suspended(self) -> bool:
        """Whether nobody may use the account."""
        return self.suspended_at_ms is not None


_COLUMNS: Final = (
    accounts.c.id,
    accounts.c.email,
    accounts.c.password_hash.is_not(None).label("has_password"),
    accounts.c.role,
    accounts.c.display_name,
    accounts.c.bio,
    accounts.c.links,
    accounts.c.avatar,
    accounts.c.suspended_at_ms,
    accounts.c.suspension_reason,
    accounts.c.revision,
    accounts.c.created_at_ms,
    accounts.c.signed_in_at_ms,
)


_BY_ID: Final = PreparedRead(select(*_COLUMNS).where(accounts.c.id == bindparam("account")))


def select_accounts() -> Select[Any]:
    """Select what `account_of` reads."""
    return select(*_COLUMNS)


def account_of(row: Any) -> Account:
    """Read a row of `select_accounts`."""
    return Account(
        id=row.id,
        email=row.email,
        has_password=bool(row.has_password),
        role=cast("AccountRole", row.role),
        display_name=row.display_name,
        bio=row.bio,
        links=tuple(Link(**link) for link in row.links),
        avatar=row.avatar,
        suspended_at_ms=row.suspended_at_ms,
        suspension_reason=row.suspension_reason,
        revision=row.revision,
        created_at_ms=row.created_at_ms,
        signed_in_at_ms=row.signed_in_at_ms,
    )


async def find_account(connection: AsyncConnection, where: ColumnElement[bool]) -> Account | None:
    """Return the one account for which this holds."""
    row = (await connection.execute(select_accounts().where(where))).one_or_none()
    return None if row is None else account_of(row)


async def account_by_id(connection: AsyncConnection, account_id: str) -> Account | None:
    """Return the account with this id."""
    return await find_account(connection, accounts.c.id == account_id)


async def fetch_account(database: Database, account_id: str) -> Account | None:
    """Return the account with this id, as it is at this moment."""
    rows = await database.fetch(_BY_ID, account=account_id)
    return account_of(rows[0]) if rows else None


async def account_by_email(connection: AsyncConnection, key: str) -> Account | None:
    """Return the account whose address has this key."""
    return await find_account(connection, accounts.c.email_key == key)
