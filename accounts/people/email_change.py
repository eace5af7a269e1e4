"""EmailChange: a new address, once it is proven; the old one hears of it."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.events import AccountChanged
from accounts.mail import texts
from accounts.people.account import account_by_email, account_by_id
from accounts.people.context import PeopleContext
from accounts.people.email_address import EmailAddress
from accounts.people.errors import ConflictingError, LinkVoidError
from accounts.people.guess_guard import GuessGuard, mail_party
from accounts.people.new_account import email_of
from accounts.people.one_time_tokens import Purpose, put_token, take_token, void_tokens
from accounts.people.tables import accounts

_LINK_HOURS = 24
_HOUR_MS = 3600 * 1000


class EmailChange:
    """Changes the address of who has just proven who they are."""

    def __init__(self, context: PeopleContext, guard: GuessGuard) -> None:
        self._context = context
        self._guard = guard

    async def begin(self, account_id: str, email_text: str) -> None:
        """Mail a link to the new address, or a hint if it has an account. Tells nothing of which.

        Raises InvalidFieldsError.
        """
        email = email_of(email_text)
        if not await self._guard.allows(mail_party(Purpose.CHANGE_EMAIL, email.key)):
            return
        expires_at_ms = self._context.clock() + _LINK_HOURS * _HOUR_MS

        async def work(connection: AsyncConnection) -> tuple[str, str | None]:
            await void_tokens(connection, account_id, Purpose.CHANGE_EMAIL)
            holder = await account_by_email(connection, email.key)
            token = await put_token(
                connection,
                Purpose.CHANGE_EMAIL,
                account_id=account_id,
                details={"email": email.text, "key": email.key},
                expires_at_ms=expires_at_ms,
            )
            taken = holder is not None and holder.id != account_id
            return token, holder.email if taken and holder else None

        token, known_address = await self._context.database.write(work)
        if known_address is None:
            mail = texts.confirm_email(self._context.links, token, _LINK_HOURS)
            await self._context.mail.send(email.text, mail.subject, mail.text)
        else:
            mail = texts.already_registered(self._context.links)
            await self._context.mail.send(known_address, mail.subject, mail.text)

    async def finish(self, token: str) -> None:
        """Change the address, by the mailed link. Raises LinkVoidError, ConflictingError."""
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[str, str]:
            taken = await take_token(connection, Purpose.CHANGE_EMAIL, token, now_ms)
            account = await account_by_id(connection, taken.account_id or "")
            if account is None:
                raise LinkVoidError("the link is unknown, was used, or has expired")
            email = EmailAddress(taken.details["email"], taken.details["key"])
            holder = await account_by_email(connection, email.key)
            if holder is not None and holder.id != account.id:
                raise ConflictingError("there is an account with this address already")
            # A link to the old address must not open the account any more.
            await void_tokens(connection, account.id, Purpose.RESET_PASSWORD)
            await connection.execute(
                update(accounts)
                .where(accounts.c.id == account.id)
                .values(
                    email=email.text,
                    email_key=email.key,
                    email_proven_at_ms=now_ms,
                    revision=accounts.c.revision + 1,
                )
            )
            return account.id, account.email

        account_id, old_address = await self._context.database.write(work)
        self._context.emit(AccountChanged(at_ms=now_ms, account_id=account_id, changed=("email",)))
        mail = texts.notice(self._context.links, "The address of your account was changed")
        await self._context.mail.send(old_address, mail.subject, mail.text)
