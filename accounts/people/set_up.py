"""SetUp: the one-time link in the console that makes the first administrator."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.events import AccountCreated
from accounts.people.context import PeopleContext
from accounts.people.errors import LinkVoidError
from accounts.people.new_account import email_of, hash_of, insert_account
from accounts.people.one_time_tokens import Purpose, put_token, see_token, take_token, void_all
from accounts.people.passwords import Passwords
from accounts.people.profile_text import display_name_of
from accounts.people.tables import accounts

_LINK_MS: Final = 7 * 24 * 3600 * 1000  # a restart makes a new one


class SetUp:
    """Makes the first administrator. Whoever reads the console owns the server anyway."""

    def __init__(self, context: PeopleContext, passwords: Passwords) -> None:
        self._context = context
        self._passwords = passwords

    async def link(self) -> str | None:
        """Return a new link while there is no administrator, or None; links before it are void."""
        expires_at_ms = self._context.clock() + _LINK_MS

        async def work(connection: AsyncConnection) -> str | None:
            if not await is_pending(connection):
                return None
            await void_all(connection, Purpose.SET_UP)
            return await put_token(connection, Purpose.SET_UP, expires_at_ms=expires_at_ms)

        token = await self._context.database.write(work)
        return None if token is None else self._context.links.set_up(token)

    async def see(self, token: str) -> None:
        """Do nothing if a link is good. Raises LinkVoidError."""
        async with self._context.database.reading() as connection:
            await see_token(connection, Purpose.SET_UP, token, self._context.clock())

    async def finish(self, token: str, email: str, password: str, display_name: str) -> str:
        """Make the administrator and return the account's id.

        The address is taken as it is: there may be no mail yet. Raises LinkVoidError,
        InvalidFieldsError, ConflictingError.
        """
        now_ms = self._context.clock()
        await self.see(token)
        address = email_of(email)
        name = display_name_of(display_name)
        password_hash = await hash_of(self._passwords, password, address.text, name)

        async def work(connection: AsyncConnection) -> str:
            await take_token(connection, Purpose.SET_UP, token, now_ms)
            if not await is_pending(connection):
                raise LinkVoidError("there is an administrator already")
            return await insert_account(
                connection,
                email=address,
                password_hash=password_hash,
                display_name=name,
                role="admin",
                now_ms=now_ms,
                is_proven=False,
            )

        account_id = await self._context.database.write(work)
        self._context.emit(AccountCreated(at_ms=now_ms, account_id=account_id, how="set-up"))
        return account_id


async def is_pending(connection: AsyncConnection) -> bool:
    """Whether there has to be a first administrator yet."""
    found = await connection.scalar(
        select(accounts.c.id).where(accounts.c.role == "admin").limit(1)
    )
    return found is None
