"""One-time tokens: what a mailed link, a set-up link or a half-finished sign-in is good for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.people.errors import LinkVoidError
from accounts.people.secret_token import ONE_TIME_PREFIX, digest_of, new_token
from accounts.people.tables import one_time_tokens


class Purpose(Enum):
    """What a token is for; it is good for nothing else."""

    SET_UP = "set-up"
    REGISTER = "register"
    RESET_PASSWORD = "reset-password"  # noqa: S105 - names a purpose
    CHANGE_EMAIL = "change-email"
    SECOND_FACTOR = "second-factor"
    LINK_IDENTITY = "link-identity"


@dataclass(frozen=True, slots=True)
class OneTimeToken:
    """What a token stands for. Its text is not here: only a digest was kept."""

    account_id: str | None
    details: Mapping[str, Any]


async def put_token(
    connection: AsyncConnection,
    purpose: Purpose,
    *,
    account_id: str | None = None,
    details: Mapping[str, Any] | None = None,
    expires_at_ms: int,
) -> str:
    """Make a token and keep its digest. Returns the token's text, which cannot be had again."""
    token = new_token(ONE_TIME_PREFIX)
    await connection.execute(
        insert(one_time_tokens).values(
            digest=digest_of(token),
            purpose=purpose.value,
            account_id=account_id,
            details=dict(details or {}),
            expires_at_ms=expires_at_ms,
        )
    )
    return token


async def see_token(
    connection: AsyncConnection, purpose: Purpose, token: str, now_ms: int
) -> OneTimeToken:
    """Return what a token stands for and leave it good. Raises LinkVoidError."""
    found = await connection.execute(
        select(one_time_tokens.c.account_id, one_time_tokens.c.details).where(
            _is_good(purpose, token, now_ms)
        )
    )
    return _read(found.one_or_none())


async def take_token(
    connection: AsyncConnection, purpose: Purpose, token: str, now_ms: int
) -> OneTimeToken:
    """Use a token up. Of several who try at once, one succeeds. Raises LinkVoidError."""
    found = await connection.execute(
        delete(one_time_tokens)
        .where(_is_good(purpose, token, now_ms))
        .returning(one_time_tokens.c.account_id, one_time_tokens.c.details)
    )
    return _read(found.one_or_none())


async def void_tokens(connection: AsyncConnection, account_id: str, *purposes: Purpose) -> None:
    """Make all tokens of an account void, or those for these purposes."""
    where = one_time_tokens.c.account_id == account_id
    if purposes:
        where = and_(where, one_time_tokens.c.purpose.in_([each.value for each in purposes]))
    await connection.execute(delete(one_time_tokens).where(where))


async def void_all(connection: AsyncConnection, purpose: Purpose) -> None:
    """Make all tokens for a purpose void, whosever they are."""
    await connection.execute(
        delete(one_time_tokens).where(one_time_tokens.c.purpose == purpose.value)
    )


def _is_good(purpose: Purpose, token: str, now_ms: int) -> ColumnElement[bool]:
    return and_(
        one_time_tokens.c.digest == digest_of(token),
        one_time_tokens.c.purpose == purpose.value,
        one_time_tokens.c.expires_at_ms > now_ms,
    )


def _read(row: Any) -> OneTimeToken:
    if row is None:
        raise LinkVoidError("the link is unknown, was used, or has expired")
    return OneTimeToken(row.account_id, row.details)
