"""New accounts: the one way in which a row of `accounts` comes to be."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.people.account import ACCOUNT_ID_PREFIX, AccountRole
from accounts.people.email_address import EmailAddress, EmailAddressError
from accounts.people.errors import ConflictingError, FieldFault, InvalidFieldsError
from accounts.people.passwords import Passwords
from accounts.people.profile_text import name_key_of
from accounts.people.tables import accounts, invitations
from accounts.storage import new_id


def email_of(text: str, path: str = "email") -> EmailAddress:
    """Read an address that somebody sent. Raises InvalidFieldsError."""
    try:
        return EmailAddress.parse(text)
    except EmailAddressError as error:
        raise InvalidFieldsError([FieldFault(path, str(error))]) from None


async def hash_of(passwords: Passwords, password: str, *about: str, path: str = "password") -> str:
    """Check and hash a new password that is not of these words. Raises InvalidFieldsError."""
    words = [part for text in about for part in (text, text.partition("@")[0]) if part]
    fault = await passwords.fault(password, [*words, "rillcast"])
    if fault is not None:
        raise InvalidFieldsError([FieldFault(path, fault)])
    return await passwords.hash(password)


async def insert_account(
    connection: AsyncConnection,
    *,
    email: EmailAddress,
    password_hash: str | None,
    display_name: str,
    role: AccountRole,
    now_ms: int,
    is_proven: bool = True,
) -> str:
    """Make an account for an address; return its id. Raises ConflictingError.

    `is_proven`: somebody has shown that the address is theirs, not merely named it.
    Invitations for the address are used up, and so is nothing else: what was begun elsewhere with
    the same address finds the account there.
    """
    if await connection.scalar(select(accounts.c.id).where(accounts.c.email_key == email.key)):
        raise ConflictingError("there is an account with this address already")
    account_id = new_id(ACCOUNT_ID_PREFIX)
    await connection.execute(
        insert(accounts).values(
            id=account_id,
            email=email.text,
            email_key=email.key,
            password_hash=password_hash,
            role=role,
            display_name=display_name,
            name_key=name_key_of(display_name),
            bio="",
            links=[],
            revision=1,
            created_at_ms=now_ms,
            email_proven_at_ms=now_ms if is_proven else None,
        )
    )
    await connection.execute(delete(invitations).where(invitations.c.email_key == email.key))
    return account_id
