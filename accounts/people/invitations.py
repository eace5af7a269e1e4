"""Invitations: who may register although not everybody may."""

from dataclasses import dataclass, field
from typing import Any, Final, cast

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.mail import texts
from accounts.people.account import AccountRole
from accounts.people.context import PeopleContext
from accounts.people.email_address import EmailAddress
from accounts.people.errors import NotFoundError, RegistrationClosedError
from accounts.people.secret_token import INVITATION_PREFIX, digest_of, new_token
from accounts.people.settings import RegistrationSettings
from accounts.people.tables import invitations
from accounts.storage import Cursor, Page, new_id
from accounts.storage.cursor import page_of

INVITATION_ID_PREFIX: Final = "inv"
USES_MAX: Final = 1_000
DAYS_MAX: Final = 365
_DAY_MS: Final = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation, as administrators see it. `email`: whom it is for, or whoever has the link."""

    id: str
    email: str | None
    role: AccountRole
    uses_left: int
    created_by: str | None
    created_at_ms: int
    expires_at_ms: int


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation with its link, which cannot be had again."""

    invitation: Invitation
    link: str = field(repr=False)


class Invitations:
    """Makes, lists and withdraws invitations."""

    def __init__(self, context: PeopleContext, settings: RegistrationSettings) -> None:
        self._context = context
        self._settings = settings

    async def create(
        self,
        *,
        email: EmailAddress | None,
        role: AccountRole,
        uses: int,
        days: int | None,
        by_id: str | None,
    ) -> NewInvitation:
        """Make an invitation and, if it is for an address, mail it there.

        One for an address is good once, and proves the address: whoever made it vouches for that.
        Without `days` it is good for as long as the settings say.
        """
        now_ms = self._context.clock()
        lasting_ms = int(self._settings.invitation_s * 1000) if days is None else days * _DAY_MS
        token = new_token(INVITATION_PREFIX)
        made = Invitation(
            id=new_id(INVITATION_ID_PREFIX),
            email=email.text if email else None,
            role=role,
            uses_left=1 if email else uses,
            created_by=by_id,
            created_at_ms=now_ms,
            expires_at_ms=now_ms + lasting_ms,
        )

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                insert(invitations).values(
                    id=made.id,
                    digest=digest_of(token),
                    email=made.email,
                    email_key=email.key if email else None,
                    role=made.role,
                    uses_left=made.uses_left,
                    created_by=by_id,
                    created_at_ms=now_ms,
                    expires_at_ms=made.expires_at_ms,
                )
            )

        await self._context.database.write(work)
        if email is not None:
            mail = texts.invitation(self._context.links, token, max(1, lasting_ms // _DAY_MS))
            await self._context.mail.send(email.text, mail.subject, mail.text)
        return NewInvitation(made, self._context.links.invitation(token))

    async def page(self, limit: int, cursor: Cursor | None) -> Page[Invitation]:
        """Return invitations that are still good, the newest first."""
        query = select(invitations).where(
            invitations.c.uses_left > 0, invitations.c.expires_at_ms > self._context.clock()
        )
        order = (invitations.c.created_at_ms, invitations.c.id)
        if cursor is not None:
            query = query.where(cursor.before(*order))
        query = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
        async with self._context.database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return page_of(rows, limit, _invitation_of, lambda row: (row.created_at_ms, row.id))

    async def withdraw(self, invitation_id: str) -> None:
        """Make an invitation void. Raises NotFoundError."""

        async def work(connection: AsyncConnection) -> int:
            gone = await connection.execute(
                delete(invitations).where(invitations.c.id == invitation_id)
            )
            return gone.rowcount

        if await self._context.database.write(work) == 0:
            raise NotFoundError("there is no such invitation")


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation allows: the role, and the address that it is for, if for one."""

    role: AccountRole
    email: EmailAddress | None


async def see_invitation(connection: AsyncConnection, digest: bytes, now_ms: int) -> Invited:
    """Return what an invitation allows and leave it good. Raises RegistrationClosedError."""
    row = (
        await connection.execute(
            select(invitations).where(
                invitations.c.digest == digest,
                invitations.c.uses_left > 0,
                invitations.c.expires_at_ms > now_ms,
            )
        )
    ).one_or_none()
    if row is None:
        raise RegistrationClosedError("the invitation is unknown, was used, or has expired")
    email = None if row.email is None else EmailAddress(row.email, row.email_key)
    return Invited(cast("AccountRole", row.role), email)


async def use_invitation(
    connection: AsyncConnection, digest: bytes, email_key: str, now_ms: int
) -> AccountRole:
    """Use an invitation up once, for this address. Raises RegistrationClosedError."""
    invited = await see_invitation(connection, digest, now_ms)
    if invited.email is not None and invited.email.key != email_key:
        raise RegistrationClosedError("the invitation is for another address")
    used = await connection.execute(
        update(invitations)
        .where(invitations.c.digest == digest, invitations.c.uses_left > 0)
        .values(uses_left=invitations.c.uses_left - 1)
    )
    if used.rowcount != 1:
        raise RegistrationClosedError("the invitation was used")
    return invited.role


async def withdraw_invitations_of(connection: AsyncConnection, account_id: str) -> None:
    """Make all invitations of somebody void who is an administrator no more, or is about to go."""
    await connection.execute(delete(invitations).where(invitations.c.created_by == account_id))


def _invitation_of(row: Row[Any]) -> Invitation:
    return Invitation(
        id=row.id,
        email=row.email,
        role=cast("AccountRole", row.role),
        uses_left=row.uses_left,
        created_by=row.created_by,
        created_at_ms=row.created_at_ms,
        expires_at_ms=row.expires_at_ms,
    )
