"""Reauthentication: who wants to change what guards an account proves anew who they are."""

from sqlalchemy import select

from accounts.people.errors import BusyError, SignInAgainError, WrongCredentialsError
from accounts.people.guess_guard import GuessGuard
from accounts.people.password_guesses import PasswordGuesses
from accounts.people.passwords import Passwords
from accounts.people.settings import SessionSettings
from accounts.people.tables import accounts, sessions
from accounts.ports import Clock
from accounts.storage import Database


class Reauthentication:
    """Asks for the password where there is one, and for a recent log-in where there is none.

    A browser that was left open, or a stolen cookie, is not enough to take an account over.
    """

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        guard: GuessGuard,
        settings: SessionSettings,
        clock: Clock,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._guesses = PasswordGuesses(guard)
        self._settings = settings
        self._clock = clock

    async def require(
        self, account_id: str, session_id: str | None, password: str | None, address: str
    ) -> None:
        """Check that it is still the owner who asks.

        Raises WrongCredentialsError, SignInAgainError, TooManyGuessesError, BusyError.
        """
        async with self._database.reading() as connection:
            row = (
                await connection.execute(
                    select(accounts.c.email_key, accounts.c.password_hash).where(
                        accounts.c.id == account_id
                    )
                )
            ).one_or_none()
            proven_at_ms = await connection.scalar(
                select(sessions.c.proven_at_ms).where(sessions.c.id == session_id)
            )
        if row is None or proven_at_ms is None:
            raise SignInAgainError("sign in first")
        if row.password_hash is None:
            if self._clock() - proven_at_ms > self._settings.fresh_s * 1000:
                raise SignInAgainError("the log-in is too old for this: sign in again")
            return
        if password is None:
            raise WrongCredentialsError("the password is needed")
        guess = await self._guesses.begin(row.email_key, address)
        try:
            verdict = await self._passwords.check(row.password_hash, password)
        except BusyError:
            await self._guesses.was_not_checked(guess)
            raise
        if not verdict.is_right:
            raise WrongCredentialsError("the password is wrong")
        await self._guesses.was_right(guess)
