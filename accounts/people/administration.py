"""Administration: what administrators may do with other people's accounts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.written_text import REASON_CHARACTERS, WrittenTextError, one_line
from accounts.events import AccountChanged, AccountCreated, AccountRestored, AccountSuspended
from accounts.mail import texts
from accounts.people.account import (
    Account,
    AccountRole,
    account_by_id,
    account_of,
    find_account,
    select_accounts,
)
from accounts.people.administrators import require_another_administrator
from accounts.people.belongings import Belongings
from accounts.people.context import PeopleContext
from accounts.people.email_address import EmailAddress, EmailAddressError
from accounts.people.errors import FieldFault, InvalidFieldsError, NotFoundError
from accounts.people.invitations import withdraw_invitations_of
from accounts.people.new_account import email_of, hash_of, insert_account
from accounts.people.one_time_tokens import void_tokens
from accounts.people.passwords import Passwords
from accounts.people.profile_text import display_name_of, name_key_of
from accounts.people.second_factor import remove_second_factor
from accounts.people.sessions import end_sessions
from accounts.people.tables import accounts
from accounts.storage import Cursor, Page
from accounts.storage.cursor import page_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """Which accounts to list. `email` is a whole address; `words` are part of a name or address."""

    words: str = ""
    email: str | None = None
    role: AccountRole | None = None
    is_suspended: bool | None = None


class Administration:
    """Finds, suspends and changes accounts. Who may ask for it is checked before."""

    def __init__(
        self, context: PeopleContext, passwords: Passwords, belongings: Belongings
    ) -> None:
        self._context = context
        self._passwords = passwords
        self._belongings = belongings

    async def page(self, which: AccountFilter, limit: int, cursor: Cursor | None) -> Page[Account]:
        """Return accounts, the newest first."""
        query = select_accounts()
        if which.words.strip():
            query = query.where(_mentions(which.words.strip()))
        if which.email is not None:
            try:
                key = EmailAddress.parse(which.email).key
            except EmailAddressError:
                return Page((), None)
            query = query.where(accounts.c.email_key == key)
        if which.role is not None:
            query = query.where(accounts.c.role == which.role)
        if which.is_suspended is not None:
            suspended = accounts.c.suspended_at_ms
            query = query.where(
                suspended.is_not(None) if which.is_suspended else suspended.is_(None)
            )
        order = (accounts.c.created_at_ms, accounts.c.id)
        if cursor is not None:
            query = query.where(cursor.before(*order))
        query = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
        async with self._context.database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return page_of(rows, limit, account_of, lambda row: (row.created_at_ms, row.id))

    async def find(self, account_id: str) -> Account:
        """Return an account. Raises NotFoundError."""
        async with self._context.database.reading() as connection:
            return await _present(connection, account_id)

    async def find_by_email(self, email: str) -> Account:
        """Return the account with an address. Raises InvalidFieldsError, NotFoundError."""
        key = email_of(email).key
        async with self._context.database.reading() as connection:
            found = await find_account(connection, accounts.c.email_key == key)
        if found is None:
            raise NotFoundError("there is no account with this address")
        return found

    async def create(
        self, *, email: str, display_name: str, password: str, role: AccountRole
    ) -> str:
        """Make an account for somebody. Raises InvalidFieldsError, ConflictingError."""
        address = email_of(email)
        name = display_name_of(display_name)
        password_hash = await hash_of(self._passwords, password, address.text, name)
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> str:
            return await insert_account(
                connection,
                email=address,
                password_hash=password_hash,
                display_name=name,
                role=role,
                now_ms=now_ms,
                is_proven=False,
            )

        account_id = await self._context.database.write(work)
        self._context.emit(AccountCreated(at_ms=now_ms, account_id=account_id, how="operator"))
        return account_id

    async def set_role(
        self, account_id: str, role: AccountRole, check: Callable[[int], None]
    ) -> Account:
        """Make somebody an administrator, or one no more. Raises ConflictingError for the last."""
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[Account, bool]:
            account = await _present(connection, account_id)
            check(account.revision)
            if account.role == role:
                return account, False
            if role != "admin":
                await require_another_administrator(connection, account_id)
                await withdraw_invitations_of(connection, account_id)
                await self._belongings.step_down(connection, account_id, now_ms)
            return await _store(connection, account_id, {"role": role}), True

        account, has_changed = await self._context.database.write(work)
        if has_changed:
            changed = ("role",)
            self._context.emit(AccountChanged(at_ms=now_ms, account_id=account_id, changed=changed))
        return account

    async def suspend(self, account_id: str, reason: str, by_id: str | None) -> Account:
        """Let nobody use an account: log-ins end, what is live in its name is cut.

        Raises InvalidFieldsError, NotFoundError, ConflictingError for the last administrator.
        """
        try:
            reason = one_line(reason, REASON_CHARACTERS)
        except WrittenTextError as error:
            raise InvalidFieldsError([FieldFault("reason", str(error))]) from None
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> Account:
            await _present(connection, account_id)
            await require_another_administrator(connection, account_id)
            await end_sessions(connection, account_id)
            await void_tokens(connection, account_id)
            values = {"suspended_at_ms": now_ms, "suspension_reason": reason}
            suspended = await _store(connection, account_id, values)
            await self._belongings.close_or_open(connection, account_id, now_ms)
            await withdraw_invitations_of(connection, account_id)
            return suspended

        account = await self._context.database.write(work)
        self._context.emit(AccountSuspended(at_ms=now_ms, account_id=account_id, by_id=by_id))
        return account

    async def restore(self, account_id: str, by_id: str | None) -> Account:
        """Let a suspended account be used again. Raises NotFoundError."""
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> tuple[Account, bool]:
            account = await _present(connection, account_id)
            if not account.is_suspended:
                return account, False
            values = {"suspended_at_ms": None, "suspension_reason": None}
            restored = await _store(connection, account_id, values)
            await self._belongings.close_or_open(connection, account_id, now_ms)
            return restored, True

        account, has_changed = await self._context.database.write(work)
        if has_changed:
            self._context.emit(
                AccountRestored(at_ms=self._context.clock(), account_id=account_id, by_id=by_id)
            )
        return account

    async def remove_second_factor(self, account_id: str) -> None:
        """Help somebody who has lost app and recovery codes; all their log-ins end.

        They are told by mail. Raises NotFoundError.
        """

        async def work(connection: AsyncConnection) -> Account:
            account = await _present(connection, account_id)
            await remove_second_factor(connection, account_id)
            await end_sessions(connection, account_id)
            return account

        account = await self._context.database.write(work)
        changed = ("second-factor",)
        self._context.emit(
            AccountChanged(at_ms=self._context.clock(), account_id=account_id, changed=changed)
        )
        mail = texts.notice(
            self._context.links, "An administrator removed the second factor of your account"
        )
        await self._context.mail.send(account.email, mail.subject, mail.text)


def _mentions(words: str) -> ColumnElement[bool]:
    """Say that a name or an address contains these words, however they are written.

    Both are folded by us, since databases fold each in their own way.
    """
    in_address = accounts.c.email_key.contains(words.casefold(), autoescape=True)
    key = name_key_of(words)
    if not key:  # accents alone; all names contain nothing
        return in_address
    return or_(in_address, accounts.c.name_key.contains(key, autoescape=True))


async def _present(connection: AsyncConnection, account_id: str) -> Account:
    account = await account_by_id(connection, account_id)
    if account is None:
        raise NotFoundError("there is no such account")
    return account


async def _store(connection: AsyncConnection, account_id: str, values: dict[str, Any]) -> Account:
    await connection.execute(
        update(accounts)
        .where(accounts.c.id == account_id)
        .values(revision=accounts.c.revision + 1, **values)
    )
    return await _present(connection, account_id)
