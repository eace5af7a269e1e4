"""PeopleAuthenticator: whose a cookie, an access token or a personal token is."""

from typing import Any, Final

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.api.caller import ANONYMOUS, Caller, Role
from accounts.people.access_token import AccessTokenError, AccessTokens
from accounts.people.secret_token import (
    PERSONAL_PREFIX,
    SESSION_PREFIX,
    TOKEN_CHARACTERS,
    digest_of,
)
from accounts.people.sessions import Sessions
from accounts.people.tables import accounts, personal_tokens, sessions
from accounts.ports import Clock
from accounts.storage import Database, PreparedRead

_UNWRITTEN_MAX: Final = 10_000
_WRITTEN_AT_ONCE: Final = 500

_SESSIONS: Final = select(
    sessions.c.id,
    sessions.c.account_id,
    sessions.c.used_at_ms,
    sessions.c.expires_at_ms,
    accounts.c.role,
    accounts.c.suspended_at_ms,
).join(accounts, accounts.c.id == sessions.c.account_id)
_BY_COOKIE: Final = PreparedRead(
    _SESSIONS.where(sessions.c.lookup_digest == bindparam("digest"), sessions.c.kind == "browser")
)
_BY_ACCESS_TOKEN: Final = PreparedRead(
    _SESSIONS.where(
        sessions.c.id == bindparam("session"),
        sessions.c.account_id == bindparam("account"),
        sessions.c.kind == "client",
    )
)
_BY_PERSONAL_TOKEN: Final = PreparedRead(
    select(
        personal_tokens.c.id,
        personal_tokens.c.account_id,
        personal_tokens.c.scopes,
        personal_tokens.c.expires_at_ms,
        accounts.c.role,
        accounts.c.suspended_at_ms,
    )
    .join(accounts, accounts.c.id == personal_tokens.c.account_id)
    .where(personal_tokens.c.digest == bindparam("digest"))
)
_SESSION_USED: Final = (
    update(sessions).where(sessions.c.id == bindparam("row")).values(used_at_ms=bindparam("at_ms"))
)
_TOKEN_USED: Final = (
    update(personal_tokens)
    .where(personal_tokens.c.id == bindparam("row"))
    .values(used_at_ms=bindparam("at_ms"))
)


class PeopleAuthenticator:
    """Implements Authenticator over the database's rows.

    A signature alone admits nobody: log-ins that were ended and accounts that were suspended are
    turned away at the next request. What was used last is remembered here and written by
    `write_uses`, so that reading stays reading.
    """

    def __init__(
        self, database: Database, sessions_: Sessions, tokens: AccessTokens, clock: Clock
    ) -> None:
        self._database = database
        self._sessions = sessions_
        self._tokens = tokens
        self._clock = clock
        self._used_sessions: dict[str, int] = {}
        self._used_tokens: dict[str, int] = {}

    async def authenticate(self, cookie: str | None, bearer: str | None) -> Caller:
        """Return who it is, or ANONYMOUS. Raises BusyError of the database."""
        if bearer is not None:
            if bearer.startswith(PERSONAL_PREFIX):
                return await self._by_personal_token(bearer)
            return await self._by_access_token(bearer)
        if cookie is not None:
            return await self._by_cookie(cookie)
        return ANONYMOUS

    async def write_uses(self) -> None:
        """Write when log-ins and tokens were last used. Call it about once a minute."""
        used_sessions, self._used_sessions = self._used_sessions, {}
        used_tokens, self._used_tokens = self._used_tokens, {}
        await self._write_uses(_SESSION_USED, used_sessions)
        await self._write_uses(_TOKEN_USED, used_tokens)

    async def _write_uses(self, statement: Update, used: dict[str, int]) -> None:
        """Write some at a time: ten thousand came back within a minute, and others write, too."""
        rows = [{"row": row_id, "at_ms": at_ms} for row_id, at_ms in sorted(used.items())]
        for first in range(0, len(rows), _WRITTEN_AT_ONCE):
            some = rows[first : first + _WRITTEN_AT_ONCE]

            async def work(
                connection: AsyncConnection, some: list[dict[str, object]] = some
            ) -> None:
                await connection.execute(statement, some)

            await self._database.write(work)

    async def _by_cookie(self, cookie: str) -> Caller:
        if len(cookie) != TOKEN_CHARACTERS or not cookie.startswith(SESSION_PREFIX):
            return ANONYMOUS
        row = await self._row(_BY_COOKIE, digest=digest_of(cookie))
        return self._holder_of(row, via_cookie=True)

    async def _by_access_token(self, text: str) -> Caller:
        try:
            grant = self._tokens.read(text, self._clock())
        except AccessTokenError:
            return ANONYMOUS
        row = await self._row(_BY_ACCESS_TOKEN, session=grant.session_id, account=grant.account_id)
        return self._holder_of(row, via_cookie=False)

    async def _row(self, statement: PreparedRead, **values: object) -> Any | None:
        rows = await self._database.fetch(statement, **values)
        return rows[0] if rows else None

    def _holder_of(self, row: Any | None, *, via_cookie: bool) -> Caller:
        now_ms = self._clock()
        if row is None or row.suspended_at_ms is not None:
            return ANONYMOUS
        used_at_ms = max(row.used_at_ms, self._used_sessions.get(row.id, 0))
        if self._sessions.ends_at_ms(used_at_ms, row.expires_at_ms) <= now_ms:
            return ANONYMOUS
        _remember(self._used_sessions, row.id, now_ms)
        return Caller(
            account_id=row.account_id,
            role=_role(row.role),
            via="cookie" if via_cookie else "bearer",
            session_id=row.id,
        )

    async def _by_personal_token(self, text: str) -> Caller:
        if len(text) != TOKEN_CHARACTERS:
            return ANONYMOUS
        now_ms = self._clock()
        row = await self._row(_BY_PERSONAL_TOKEN, digest=digest_of(text))
        if row is None or row.suspended_at_ms is not None:
            return ANONYMOUS
        if row.expires_at_ms is not None and row.expires_at_ms <= now_ms:
            return ANONYMOUS
        _remember(self._used_tokens, row.id, now_ms)
        scopes = frozenset(row.scopes)
        return Caller(
            account_id=row.account_id,
            role=_role(row.role) if "admin" in scopes else "user",
            scopes=scopes,
            via="personal-token",
        )


def _role(text: str) -> Role:
    return "admin" if text == "admin" else "user"


def _remember(used: dict[str, int], row_id: str, now_ms: int) -> None:
    if row_id in used or len(used) < _UNWRITTEN_MAX:
        used[row_id] = now_ms
