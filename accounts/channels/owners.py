"""Owners and viewers as the channel side knows them: of accounts, only what it needs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.tables import channels
from accounts.people.tables import accounts


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What everybody may know of an account."""

    account_id: str
    display_name: str
    avatar: str | None


def owner_is_closed() -> ColumnElement[bool]:
    """Whether the account that owns a row of `channels` was closed by an administrator."""
    closed = accounts.c.suspended_at_ms.is_not(None)
    owner = accounts.c.id == channels.c.owner_id
    return exists(literal(1)).where(owner, closed).correlate(channels)


def person_card(row: Any) -> PersonCard:
    """Make the card of a row that holds `account_id`, `display_name` and `avatar`."""
    return PersonCard(row.account_id, row.display_name, row.avatar)


PERSON_COLUMNS = (accounts.c.display_name, accounts.c.avatar)


async def cards_of(
    connection: AsyncConnection, account_ids: Collection[str]
) -> Mapping[str, PersonCard]:
    """Return the cards of accounts, by id; those that are no more are left out."""
    rows = await connection.execute(
        select(accounts.c.id.label("account_id"), *PERSON_COLUMNS).where(
            accounts.c.id.in_(account_ids)
        )
    )
    return {row.account_id: person_card(row) for row in rows}


async def account_exists(connection: AsyncConnection, account_id: str) -> bool:
    """Whether there is such an account that has not been closed."""
    found = await connection.scalar(
        select(literal(1)).where(accounts.c.id == account_id, accounts.c.suspended_at_ms.is_(None))
    )
    return found is not None
