"""Registration: first the address is proven, then somebody chooses a password.

In this order nobody can make an account for somebody else's address and wait for its owner to
confirm it; and nothing about an address, known or not, shows in an answer.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.events import AccountCreated
from accounts.mail import texts
from accounts.people.account import AccountRole, account_by_email
from accounts.people.context import PeopleContext
from accounts.people.email_address import EmailAddress
from accounts.people.errors import LinkVoidError, RegistrationClosedError
from accounts.people.guess_guard import GuessGuard, mail_party
from accounts.people.invitations import see_invitation, use_invitation
from accounts.people.new_account import email_of, hash_of, insert_account
from accounts.people.one_time_tokens import OneTimeToken, Purpose, put_token, see_token, take_token
from accounts.people.passwords import Passwords
from accounts.people.profile_text import display_name_of
from accounts.people.secret_token import INVITATION_PREFIX, digest_of
from accounts.people.settings import RegistrationMode, RegistrationSettings

_HOUR_S = 3600


class Registration:
    """Lets people in, as far as `registration.mode` goes."""

    def __init__(
        self,
        context: PeopleContext,
        passwords: Passwords,
        guard: GuessGuard,
        settings: RegistrationSettings,
    ) -> None:
        self._context = context
        self._passwords = passwords
        self._guard = guard
        self._settings = settings

    @property
    def mode(self) -> RegistrationMode:
        """Who may register."""
        return self._settings.mode

    async def begin(self, email_text: str, invitation: str | None) -> None:
        """Mail a link to finish with, or a hint to who has an account. Tells nothing of which.

        Raises InvalidFieldsError, RegistrationClosedError.
        """
        email = email_of(email_text)
        now_ms = self._context.clock()
        expires_at_ms = now_ms + int(self._settings.link_s * 1000)
        digest = digest_of(invitation) if invitation is not None else None
        details = {
            "email": email.text,
            "key": email.key,
            "invitation": digest.hex() if digest else None,
        }
        async with self._context.database.reading() as connection:
            await self.require_admission(connection, digest)
        # Counted for every address alike: whether a mail leaves says nothing about an account.
        if not await self._guard.allows(mail_party(Purpose.REGISTER, email.key)):
            return

        async def work(connection: AsyncConnection) -> tuple[str, str | None]:
            account = await account_by_email(connection, email.key)
            # Made in either case, so that the database has the same to do.
            token = await put_token(
                connection, Purpose.REGISTER, details=details, expires_at_ms=expires_at_ms
            )
            return token, account.email if account else None

        token, known_address = await self._context.database.write(work)
        if known_address is None:
            hours = int(self._settings.link_s // _HOUR_S) or 1
            mail = texts.finish_registration(self._context.links, token, hours)
            await self._context.mail.send(email.text, mail.subject, mail.text)
        else:
            mail = texts.already_registered(self._context.links)
            await self._context.mail.send(known_address, mail.subject, mail.text)

    async def finish(self, token: str, password: str, display_name: str) -> str:
        """Make the account of whoever has a mailed link, or an invitation for their address.

        Returns its id; its owner may be signed in at once, for all was just proven. Raises
        LinkVoidError, RegistrationClosedError, InvalidFieldsError, ConflictingError.
        """
        name = display_name_of(display_name)
        email, _ = await self._seen(token)
        password_hash = await hash_of(self._passwords, password, email.text, name)
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[str, str]:
            email, invitation = await self._taken(connection, token, now_ms)
            role = await self.admit(connection, invitation, email.key)
            account_id = await insert_account(
                connection,
                email=email,
                password_hash=password_hash,
                display_name=name,
                role=role,
                now_ms=now_ms,
            )
            return account_id, "registration" if invitation is None else "invitation"

        account_id, how = await self._context.database.write(work)
        self._context.emit(AccountCreated(at_ms=now_ms, account_id=account_id, how=how))
        return account_id

    async def see(self, token: str) -> str:
        """Return the address that a link or an invitation is for. Raises as `finish` does."""
        email, _ = await self._seen(token)
        return email.text

    async def require_admission(
        self, connection: AsyncConnection, invitation: bytes | None
    ) -> None:
        """Check that somebody may register now. Raises RegistrationClosedError."""
        if invitation is not None and self._settings.mode != "closed":
            await see_invitation(connection, invitation, self._context.clock())
        elif self._settings.mode != "open":
            raise RegistrationClosedError(
                "registration is closed"
                if self._settings.mode == "closed"
                else "registration is by invitation"
            )

    async def admit(
        self, connection: AsyncConnection, invitation: bytes | None, email_key: str
    ) -> AccountRole:
        """Use the invitation up, if any, and return the role. Raises RegistrationClosedError."""
        await self.require_admission(connection, invitation)
        if invitation is None:
            return "user"
        return await use_invitation(connection, invitation, email_key, self._context.clock())

    async def _seen(self, token: str) -> tuple[EmailAddress, bytes | None]:
        now_ms = self._context.clock()
        async with self._context.database.reading() as connection:
            if token.startswith(INVITATION_PREFIX):
                return await self._invited(connection, token), digest_of(token)
            found = await see_token(connection, Purpose.REGISTER, token, now_ms)
        return _read(found)

    async def _taken(
        self, connection: AsyncConnection, token: str, now_ms: int
    ) -> tuple[EmailAddress, bytes | None]:
        if token.startswith(INVITATION_PREFIX):
            return await self._invited(connection, token), digest_of(token)
        return _read(await take_token(connection, Purpose.REGISTER, token, now_ms))

    async def _invited(self, connection: AsyncConnection, token: str) -> EmailAddress:
        invited = await see_invitation(connection, digest_of(token), self._context.clock())
        if invited.email is None:
            raise LinkVoidError("this invitation names no address: begin with an address")
        return invited.email


def _read(token: OneTimeToken) -> tuple[EmailAddress, bytes | None]:
    details = token.details
    invitation = details["invitation"]
    email = EmailAddress(details["email"], details["key"])
    return email, bytes.fromhex(invitation) if invitation else None
