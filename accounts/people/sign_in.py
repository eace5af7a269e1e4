"""SignIn: from a password, and a code where the account has a second factor, to a log-in."""

from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.events import SignedIn, SignInRefused
from accounts.people.context import PeopleContext
from accounts.people.email_address import EmailAddress, EmailAddressError
from accounts.people.errors import (
    BusyError,
    LinkVoidError,
    SecondFactorRequiredError,
    SuspendedError,
    WrongCredentialsError,
)
from accounts.people.guess_guard import GuessGuard, code_party
from accounts.people.one_time_tokens import Purpose, put_token, see_token, take_token
from accounts.people.password_guesses import PasswordGuesses
from accounts.people.passwords import Passwords
from accounts.people.second_factor import SecondFactors, is_in_force
from accounts.people.sessions import NewSession, SessionKind, Sessions
from accounts.people.tables import accounts
from accounts.storage import PreparedRead

_CHALLENGE_MS = 5 * 60 * 1000
_HASH: Final = PreparedRead(
    select(accounts.c.id, accounts.c.password_hash).where(
        accounts.c.email_key == bindparam("email_key")
    )
)
_SUSPENDED: Final = PreparedRead(
    select(accounts.c.suspended_at_ms).where(accounts.c.id == bindparam("account"))
)


class SignIn:
    """Checks who somebody is.

    Whether there is an account shows in nothing: an unknown address is counted, looked up and
    checked against a password that nothing matches, with the same questions to the database.
    """

    def __init__(
        self,
        context: PeopleContext,
        passwords: Passwords,
        guard: GuessGuard,
        factors: SecondFactors,
        sessions: Sessions,
    ) -> None:
        self._context = context
        self._passwords = passwords
        self._guard = guard
        self._guesses = PasswordGuesses(guard)
        self._factors = factors
        self._sessions = sessions

    async def with_password(
        self, email: str, password: str, *, kind: SessionKind, address: str, client: str
    ) -> NewSession:
        """Begin a log-in.

        Raises WrongCredentialsError, SecondFactorRequiredError, SuspendedError,
        TooManyGuessesError, BusyError.
        """
        key = _key_of(email)
        guess = await self._guesses.begin(key, address)
        rows = await self._context.database.fetch(_HASH, email_key=key)
        row = rows[0] if rows else None
        stored: str | None = None if row is None else row.password_hash
        try:
            verdict = await self._passwords.check(stored, password)
        except BusyError:
            await self._guesses.was_not_checked(guess)
            raise
        if row is None or stored is None or not verdict.is_right:
            self._context.emit(
                SignInRefused(at_ms=self._context.clock(), account_id=None, reason="password")
            )
            raise WrongCredentialsError(
                "this address and this password do not belong together: check both"
            )
        await self._guesses.was_right(guess)
        if verdict.is_outdated:
            await self._store_anew(row.id, stored, await self._passwords.hash(password))
        return await self.finish(row.id, kind=kind, client=client, how="password")

    async def finish(
        self, account_id: str, *, kind: SessionKind, client: str, how: str
    ) -> NewSession:
        """Begin a log-in for whoever has proven the first factor, if that is enough.

        Raises SecondFactorRequiredError, SuspendedError.
        """
        now_ms = self._context.clock()
        expires_at_ms = now_ms + _CHALLENGE_MS

        async def work(connection: AsyncConnection) -> NewSession | str:
            await _require_usable(connection, account_id)
            if await is_in_force(connection, account_id):
                return await put_token(
                    connection,
                    Purpose.SECOND_FACTOR,
                    account_id=account_id,
                    details={"kind": kind},
                    expires_at_ms=expires_at_ms,
                )
            return await self._sessions.begin(connection, account_id, kind, client)

        begun = await self._context.database.write(work, is_short=True)
        if isinstance(begun, str):
            raise SecondFactorRequiredError(begun, expires_at_ms)
        self._tell(begun, how)
        return begun

    async def with_code(self, challenge: str, code: str, *, client: str) -> NewSession:
        """Finish what `finish` began, with a code of the app or a recovery code.

        Raises WrongCredentialsError, LinkVoidError, SuspendedError, TooManyGuessesError.
        """
        now_ms = self._context.clock()
        async with self._context.database.reading() as connection:
            begun = await see_token(connection, Purpose.SECOND_FACTOR, challenge, now_ms)
        if begun.account_id is None:
            raise LinkVoidError("the sign-in was not begun")
        account_id = begun.account_id
        party = code_party(account_id)
        await self._guard.attempt(party)

        async def work(connection: AsyncConnection) -> NewSession | None:
            if not await self._factors.accepts(connection, account_id, code):
                return None
            await take_token(connection, Purpose.SECOND_FACTOR, challenge, now_ms)
            await _require_usable(connection, account_id)
            kind: SessionKind = "browser" if begun.details["kind"] == "browser" else "client"
            return await self._sessions.begin(connection, account_id, kind, client)

        session = await self._context.database.write(work, is_short=True)
        if session is None:
            self._context.emit(SignInRefused(at_ms=now_ms, account_id=account_id, reason="code"))
            raise WrongCredentialsError("this code is wrong or was used: try the next one")
        await self._guard.succeed(party)
        self._tell(session, "second-factor")
        return session

    async def _store_anew(self, account_id: str, old: str, new: str) -> None:
        """Keep the hash made with today's parameters, unless the password was changed meanwhile."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                update(accounts)
                .where(accounts.c.id == account_id, accounts.c.password_hash == old)
                .values(password_hash=new)
            )

        await self._context.database.write(work)

    def _tell(self, session: NewSession, how: str) -> None:
        self._context.emit(
            SignedIn(
                at_ms=self._context.clock(),
                account_id=session.account_id,
                session_id=session.session_id,
                how=how,
            )
        )


def _key_of(email: str) -> str:
    try:
        return EmailAddress.parse(email).key
    except EmailAddressError:
        return ""  # no account has this key: goes the same way as an unknown one


async def _require_usable(connection: AsyncConnection, account_id: str) -> None:
    row = await _SUSPENDED.first_within(connection, account=account_id)
    if row is None:
        raise WrongCredentialsError(
            "this address and this password do not belong together: check both"
        )
    if row.suspended_at_ms is not None:
        raise SuspendedError("the account is suspended; ask an administrator")
