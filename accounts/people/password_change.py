"""PasswordChange: a new password by the old one, or by a link that was mailed."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.events import AccountChanged, SignedOut
from accounts.mail import texts
from accounts.people.account import account_by_email, account_by_id
from accounts.people.context import PeopleContext
from accounts.people.email_address import EmailAddress, EmailAddressError
from accounts.people.errors import LinkVoidError, NotFoundError
from accounts.people.guess_guard import GuessGuard, account_party, mail_party
from accounts.people.identities import issuers_of
from accounts.people.new_account import hash_of
from accounts.people.one_time_tokens import (
    Purpose,
    put_token,
    see_token,
    take_token,
    void_tokens,
)
from accounts.people.passwords import Passwords
from accounts.people.sessions import NewSession, Sessions, end_sessions
from accounts.people.settings import PasswordSettings
from accounts.people.tables import accounts, personal_tokens

_MINUTE_S = 60


class PasswordChange:
    """Gives accounts new passwords, and ends what the old one may have let in."""

    def __init__(
        self,
        context: PeopleContext,
        passwords: Passwords,
        guard: GuessGuard,
        sessions: Sessions,
        settings: PasswordSettings,
    ) -> None:
        self._context = context
        self._passwords = passwords
        self._guard = guard
        self._sessions = sessions
        self._settings = settings

    async def change(self, account_id: str, session_id: str, password: str) -> NewSession | None:
        """Change the password of who has just proven the old one; all other log-ins end.

        Returns the log-in that asks with a new cookie, if it is a browser's: the old one may have
        been copied. Raises InvalidFieldsError, NotFoundError.
        """
        password_hash = await self._hash_for(account_id, password, "newPassword")

        async def work(
            connection: AsyncConnection,
        ) -> tuple[str, Sequence[str], NewSession | None]:
            email = await _store(connection, account_id, password_hash)
            ended = await end_sessions(connection, account_id, but=session_id)
            return email, ended, await self._sessions.renew_cookie(connection, session_id)

        email, ended, cookie = await self._context.database.write(work)
        mail = texts.notice(self._context.links, "Your password was changed")
        await self._tell(account_id, email, ended, mail)
        return cookie

    async def forget(self, email_text: str) -> None:
        """Mail a link to choose a new password, if there is an account. Tells nothing of that."""
        try:
            email = EmailAddress.parse(email_text)
        except EmailAddressError:
            return
        if not await self._guard.allows(mail_party(Purpose.RESET_PASSWORD, email.key)):
            return
        expires_at_ms = self._context.clock() + int(self._settings.reset_link_s * 1000)

        async def work(connection: AsyncConnection) -> tuple[str, str | None]:
            account = await account_by_email(connection, email.key)
            # Made in either case, so that the database has the same to do.
            token = await put_token(
                connection,
                Purpose.RESET_PASSWORD,
                account_id=account.id if account else None,
                expires_at_ms=expires_at_ms,
            )
            return token, account.email if account else None

        token, address = await self._context.database.write(work)
        if address is not None:
            await self._mail_link(address, token)

    async def send_link(self, account_id: str, address: str) -> None:
        """Mail a link to choose a new password with, for an administrator, however often."""
        await self._mail_link(address, await self._put_link(account_id))

    async def reset_link(self, account_id: str) -> str:
        """Return a link to choose a new password with, for an operator to pass on."""
        return self._context.links.reset_password(await self._put_link(account_id))

    async def _put_link(self, account_id: str) -> str:
        expires_at_ms = self._context.clock() + int(self._settings.reset_link_s * 1000)

        async def work(connection: AsyncConnection) -> str:
            return await put_token(
                connection,
                Purpose.RESET_PASSWORD,
                account_id=account_id,
                expires_at_ms=expires_at_ms,
            )

        return await self._context.database.write(work)

    async def _mail_link(self, address: str, token: str) -> None:
        minutes = int(self._settings.reset_link_s // _MINUTE_S) or 1
        mail = texts.reset_password(self._context.links, token, minutes)
        await self._context.mail.send(address, mail.subject, mail.text)

    async def reset(self, token: str, password: str) -> str:
        """Change the password by a mailed link; all log-ins and personal tokens end.

        Does not sign in: who can read the mails still needs the second factor. Returns the
        account's id. Raises LinkVoidError, InvalidFieldsError.
        """
        now_ms = self._context.clock()
        async with self._context.database.reading() as connection:
            seen = await see_token(connection, Purpose.RESET_PASSWORD, token, now_ms)
        if seen.account_id is None:
            raise LinkVoidError("the link is unknown, was used, or has expired")
        password_hash = await self._hash_for(seen.account_id, password, "password")

        async def work(
            connection: AsyncConnection,
        ) -> tuple[str, str, Sequence[str], Sequence[str]]:
            taken = await take_token(connection, Purpose.RESET_PASSWORD, token, now_ms)
            account_id = taken.account_id
            if account_id is None:
                raise LinkVoidError("the link is unknown, was used, or has expired")
            await connection.execute(  # by a link that only the address has
                update(accounts)
                .where(accounts.c.id == account_id)
                .values(email_proven_at_ms=now_ms)
            )
            email = await _store(connection, account_id, password_hash)
            await connection.execute(
                delete(personal_tokens).where(personal_tokens.c.account_id == account_id)
            )
            issuers = await issuers_of(connection, account_id)
            return account_id, email, await end_sessions(connection, account_id), issuers

        account_id, email, ended, issuers = await self._context.database.write(work)
        # Somebody guessed so often that the owner had to wait: the new password need not.
        await self._guard.succeed(account_party(EmailAddress.parse(email).key))
        mail = texts.password_replaced(self._context.links, issuers)
        await self._tell(account_id, email, ended, mail)
        return account_id

    async def _hash_for(self, account_id: str, password: str, path: str) -> str:
        async with self._context.database.reading() as connection:
            account = await account_by_id(connection, account_id)
        if account is None:
            raise NotFoundError("there is no such account")
        about = (account.email, account.display_name)
        return await hash_of(self._passwords, password, *about, path=path)

    async def _tell(
        self, account_id: str, email: str, ended: Sequence[str], mail: texts.MailText
    ) -> None:
        now_ms = self._context.clock()
        self._context.emit(
            AccountChanged(at_ms=now_ms, account_id=account_id, changed=("password",))
        )
        if ended:
            self._context.emit(
                SignedOut(at_ms=now_ms, account_id=account_id, session_ids=tuple(ended))
            )
        await self._context.mail.send(email, mail.subject, mail.text)


async def _store(connection: AsyncConnection, account_id: str, password_hash: str) -> str:
    """Store a hash, make all links that were mailed for the old one void; return the address."""
    await void_tokens(
        connection, account_id, Purpose.RESET_PASSWORD, Purpose.CHANGE_EMAIL, Purpose.SECOND_FACTOR
    )
    changed = await connection.execute(
        update(accounts).where(accounts.c.id == account_id).values(password_hash=password_hash)
    )
    email = await connection.scalar(select(accounts.c.email).where(accounts.c.id == account_id))
    if changed.rowcount != 1 or email is None:
        raise NotFoundError("there is no such account")
    return str(email)
