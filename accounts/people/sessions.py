"""Sessions: log-ins of browsers, which hold a cookie, and of API clients, which hold tokens."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, cast

from sqlalchemy import and_, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.events import RefreshTokenReused, SignedOut
from accounts.people.access_token import AccessGrant, AccessTokens
from accounts.people.context import PeopleContext
from accounts.people.errors import NotFoundError, WrongCredentialsError
from accounts.people.one_time_tokens import Purpose, void_tokens
from accounts.people.secret_token import SESSION_PREFIX, RefreshToken, digest_of, new_token
from accounts.people.settings import SessionSettings
from accounts.people.tables import accounts, sessions
from accounts.push.tables import push_subscriptions
from accounts.storage import PreparedChange, new_id

SessionKind = Literal["browser", "client"]
SESSION_ID_PREFIX: Final = "ses"
_CLIENT_CHARACTERS: Final = 200

_IS_OWN: Final = sessions.c.account_id == bindparam("account")
_INSERT: Final = PreparedChange(
    insert(sessions),
    "id",
    "account_id",
    "kind",
    "lookup_digest",
    "turn_digest",
    "client",
    "created_at_ms",
    "proven_at_ms",
    "used_at_ms",
    "expires_at_ms",
)
_NOTE_SIGN_IN: Final = PreparedChange(
    update(accounts)
    .where(accounts.c.id == bindparam("account"))
    .values(signed_in_at_ms=bindparam("now_ms"))
)
_USED_LATELY: Final = (
    select(sessions.c.id)
    .where(_IS_OWN)
    .order_by(sessions.c.used_at_ms.desc(), sessions.c.id.desc())
    .limit(bindparam("row_limit"))
)
_MAKE_ROOM: Final = PreparedChange(
    delete(sessions).where(_IS_OWN, sessions.c.id.not_in(_USED_LATELY))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A log-in that has just begun or been renewed, with the secrets that it is used with.

    Browsers get `cookie` and nothing that a script could read; clients get the other two.
    """

    account_id: str
    session_id: str
    begun_at_ms: int
    expires_at_ms: int
    cookie: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    access_expires_at_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A log-in as its owner sees it in a list."""

    id: str
    kind: SessionKind
    client: str
    created_at_ms: int
    used_at_ms: int
    expires_at_ms: int


class Sessions:
    """Begins, renews and ends log-ins. Every log-in has new secrets: none that came is kept."""

    def __init__(
        self, context: PeopleContext, tokens: AccessTokens, settings: SessionSettings
    ) -> None:
        self._context = context
        self._tokens = tokens
        self._settings = settings

    async def begin(
        self, connection: AsyncConnection, account_id: str, kind: SessionKind, client: str
    ) -> NewSession:
        """Begin a log-in in the caller's transaction, after all proofs were made."""
        now_ms = self._context.clock()
        session_id = new_id(SESSION_ID_PREFIX)
        cookie = new_token(SESSION_PREFIX) if kind == "browser" else None
        refresh = RefreshToken.begin() if kind == "client" else None
        expires_at_ms = now_ms + int(self._settings.longest_s * 1000)
        await self._make_room(connection, account_id)
        await _INSERT.within(
            connection,
            id=session_id,
            account_id=account_id,
            kind=kind,
            lookup_digest=digest_of(cookie or (refresh.family if refresh else "")),
            turn_digest=digest_of(refresh.turn) if refresh else None,
            client=_printable(client),
            created_at_ms=now_ms,
            proven_at_ms=now_ms,
            used_at_ms=now_ms,
            expires_at_ms=expires_at_ms,
        )
        await _NOTE_SIGN_IN.within(connection, account=account_id, now_ms=now_ms)
        if refresh is None:
            return NewSession(
                account_id=account_id,
                session_id=session_id,
                begun_at_ms=now_ms,
                expires_at_ms=expires_at_ms,
                cookie=cookie,
            )
        return self._for_client(account_id, session_id, expires_at_ms, refresh)

    async def refresh(self, text: str) -> NewSession:
        """Give a client new tokens for its refresh token. Raises WrongCredentialsError.

        A token that was used before ends the log-in: of the two who hold it, one is a thief, and
        nobody can say which. That holds for the very next moment, too: a time of grace for
        clients that lost an answer would be one for thieves.
        """
        token = RefreshToken.parse(text)
        if token is None:
            raise WrongCredentialsError("expected a refresh token that is still good")
        now_ms = self._context.clock()
        following = token.next()

        async def work(
            connection: AsyncConnection,
        ) -> tuple[Literal["renewed", "reused"], str, str, int] | None:
            row = (
                await connection.execute(
                    select(sessions, accounts.c.suspended_at_ms)
                    .join(accounts)
                    .where(
                        sessions.c.lookup_digest == digest_of(token.family),
                        sessions.c.kind == "client",
                    )
                )
            ).one_or_none()
            if row is None:
                return None
            if not hmac.compare_digest(bytes(row.turn_digest), digest_of(token.turn)):
                await connection.execute(delete(sessions).where(sessions.c.id == row.id))
                return "reused", row.account_id, row.id, 0
            is_over = self.ends_at_ms(row.used_at_ms, row.expires_at_ms) <= now_ms
            if is_over or row.suspended_at_ms is not None:
                return None
            await connection.execute(
                update(sessions)
                .where(sessions.c.id == row.id)
                .values(turn_digest=digest_of(following.turn), used_at_ms=now_ms)
            )
            return "renewed", row.account_id, row.id, row.expires_at_ms

        found = await self._context.database.write(work, is_short=True)
        if found is None:
            raise WrongCredentialsError("expected a refresh token that is still good")
        outcome, account_id, session_id, expires_at_ms = found
        if outcome == "reused":
            self._context.emit(
                RefreshTokenReused(at_ms=now_ms, account_id=account_id, session_id=session_id)
            )
            raise WrongCredentialsError("expected a refresh token that is still good")
        return self._for_client(account_id, session_id, expires_at_ms, following)

    async def renew_cookie(self, connection: AsyncConnection, session_id: str) -> NewSession | None:
        """Give a browser's log-in a new cookie; the old one is void. None for a client's log-in.

        For when somebody has proven anew who they are.
        """
        now_ms = self._context.clock()
        cookie = new_token(SESSION_PREFIX)
        row = (
            await connection.execute(
                update(sessions)
                .where(sessions.c.id == session_id, sessions.c.kind == "browser")
                .values(lookup_digest=digest_of(cookie), proven_at_ms=now_ms, used_at_ms=now_ms)
                .returning(sessions.c.account_id, sessions.c.expires_at_ms)
            )
        ).one_or_none()
        if row is None:
            return None
        return NewSession(
            account_id=row.account_id,
            session_id=session_id,
            begun_at_ms=now_ms,
            expires_at_ms=row.expires_at_ms,
            cookie=cookie,
        )

    async def list_of(self, account_id: str) -> tuple[Session, ...]:
        """Return an account's log-ins, the one used last first."""
        now_ms = self._context.clock()
        async with self._context.database.reading() as connection:
            rows = await connection.execute(
                select(sessions)
                .where(sessions.c.account_id == account_id)
                .order_by(sessions.c.used_at_ms.desc(), sessions.c.id.desc())
            )
            return tuple(
                Session(
                    id=row.id,
                    kind=cast("SessionKind", row.kind),
                    client=row.client,
                    created_at_ms=row.created_at_ms,
                    used_at_ms=row.used_at_ms,
                    expires_at_ms=self.ends_at_ms(row.used_at_ms, row.expires_at_ms),
                )
                for row in rows
                if self.ends_at_ms(row.used_at_ms, row.expires_at_ms) > now_ms
            )

    async def end(self, account_id: str, session_id: str) -> None:
        """End one of an account's log-ins. Raises NotFoundError."""

        async def work(connection: AsyncConnection) -> Sequence[str]:
            return await end_sessions(connection, account_id, only=session_id)

        ended = await self._context.database.write(work)
        if not ended:
            raise NotFoundError("there is no such log-in")
        self._tell_ended(account_id, ended)

    async def end_all(self, account_id: str, *, but: str | None = None) -> None:
        """End all log-ins of an account, those half begun too, but perhaps the one that asks."""

        async def work(connection: AsyncConnection) -> Sequence[str]:
            await void_tokens(connection, account_id, Purpose.SECOND_FACTOR)
            return await end_sessions(connection, account_id, but=but)

        self._tell_ended(account_id, await self._context.database.write(work))

    def ends_at_ms(self, used_at_ms: int, expires_at_ms: int) -> int:
        """Return when a log-in ends if nobody uses it."""
        return min(expires_at_ms, used_at_ms + int(self._settings.idle_s * 1000))

    def _tell_ended(self, account_id: str, ended: Sequence[str]) -> None:
        if ended:
            self._context.emit(
                SignedOut(
                    at_ms=self._context.clock(), account_id=account_id, session_ids=tuple(ended)
                )
            )

    def _for_client(
        self, account_id: str, session_id: str, expires_at_ms: int, refresh: RefreshToken
    ) -> NewSession:
        now_ms = self._context.clock()
        access, access_expires_at_ms = self._tokens.issue(
            AccessGrant(account_id, session_id), now_ms
        )
        return NewSession(
            account_id=account_id,
            session_id=session_id,
            begun_at_ms=now_ms,
            expires_at_ms=expires_at_ms,
            refresh_token=refresh.reveal(),
            access_token=access,
            access_expires_at_ms=access_expires_at_ms,
        )

    async def _make_room(self, connection: AsyncConnection, account_id: str) -> None:
        """End those unused longest, so that one more fits."""
        await _MAKE_ROOM.within(
            connection, account=account_id, row_limit=self._settings.per_account - 1
        )


async def end_sessions(
    connection: AsyncConnection,
    account_id: str,
    *,
    only: str | None = None,
    but: str | None = None,
) -> Sequence[str]:
    """End log-ins of an account in the caller's transaction; return their ids.

    Browsers that get alerts by one of them get none any more: who has lost a telephone ends its
    log-in, and it must not tell the finder what its owner follows.
    """
    where = sessions.c.account_id == account_id
    if only is not None:
        where = and_(where, sessions.c.id == only)
    if but is not None:
        where = and_(where, sessions.c.id != but)
    rows = await connection.execute(delete(sessions).where(where).returning(sessions.c.id))
    ended = rows.scalars().all()
    if ended:
        await connection.execute(
            delete(push_subscriptions).where(
                push_subscriptions.c.account_id == account_id,
                push_subscriptions.c.session_id.in_(ended),
            )
        )
    return ended


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:_CLIENT_CHARACTERS]
