"""PersonalTokens: what people give to their own programs, with as little reach as these need."""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.written_text import WrittenTextError, label
from accounts.people.errors import (
    FieldFault,
    InvalidFieldsError,
    LimitReachedError,
    NotFoundError,
)
from accounts.people.scopes import SCOPES, unknown_scopes
from accounts.people.secret_token import PERSONAL_PREFIX, digest_of, new_token
from accounts.people.settings import SessionSettings
from accounts.people.tables import personal_tokens
from accounts.ports import Clock
from accounts.storage import Database, new_id

TOKEN_ID_PREFIX: Final = "pat"  # noqa: S105 - begins ids, not secrets
DAYS_MAX: Final = 366
_DAY_MS: Final = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalToken:
    """A token as its owner sees it in a list."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at_ms: int
    expires_at_ms: int | None
    used_at_ms: int | None


@dataclass(frozen=True, slots=True)
class NewPersonalToken:
    """A token with its text, which cannot be had again."""

    token: PersonalToken
    text: str = field(repr=False)


class PersonalTokens:
    """Makes, lists and revokes the tokens of an account."""

    def __init__(self, database: Database, settings: SessionSettings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    async def create(
        self, account_id: str, name: str, scopes: frozenset[str], days: int | None
    ) -> NewPersonalToken:
        """Make a token. Raises InvalidFieldsError, LimitReachedError."""
        try:
            name = label(name)
        except WrittenTextError as error:
            raise InvalidFieldsError([FieldFault("name", str(error))]) from None
        if not scopes or unknown_scopes(scopes):
            expected = f"expected some of {', '.join(SCOPES)}"
            raise InvalidFieldsError([FieldFault("scopes", expected)])
        now_ms = self._clock()
        text = new_token(PERSONAL_PREFIX)
        made = PersonalToken(
            id=new_id(TOKEN_ID_PREFIX),
            name=name,
            scopes=tuple(sorted(scopes)),
            created_at_ms=now_ms,
            expires_at_ms=None if days is None else now_ms + days * _DAY_MS,
            used_at_ms=None,
        )

        async def work(connection: AsyncConnection) -> None:
            held = await connection.scalar(
                select(func.count())
                .select_from(personal_tokens)
                .where(personal_tokens.c.account_id == account_id)
            )
            if (held or 0) >= self._settings.personal_tokens:
                limit = self._settings.personal_tokens
                raise LimitReachedError(f"there are {limit} tokens already: revoke one first")
            await connection.execute(
                insert(personal_tokens).values(
                    id=made.id,
                    account_id=account_id,
                    name=made.name,
                    digest=digest_of(text),
                    scopes=list(made.scopes),
                    created_at_ms=now_ms,
                    expires_at_ms=made.expires_at_ms,
                )
            )

        await self._database.write(work)
        return NewPersonalToken(made, text)

    async def list_of(self, account_id: str) -> tuple[PersonalToken, ...]:
        """Return an account's tokens, the newest first, those that have expired included."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(personal_tokens)
                .where(personal_tokens.c.account_id == account_id)
                .order_by(personal_tokens.c.created_at_ms.desc(), personal_tokens.c.id.desc())
            )
            return tuple(_token_of(row) for row in rows)

    async def revoke(self, account_id: str, token_id: str) -> None:
        """Make a token void at once. Raises NotFoundError."""

        async def work(connection: AsyncConnection) -> int:
            gone = await connection.execute(
                delete(personal_tokens).where(
                    personal_tokens.c.id == token_id, personal_tokens.c.account_id == account_id
                )
            )
            return gone.rowcount

        if await self._database.write(work) == 0:
            raise NotFoundError("there is no such token")


def _token_of(row: Row[Any]) -> PersonalToken:
    return PersonalToken(
        id=row.id,
        name=row.name,
        scopes=tuple(row.scopes),
        created_at_ms=row.created_at_ms,
        expires_at_ms=row.expires_at_ms,
        used_at_ms=row.used_at_ms,
    )
