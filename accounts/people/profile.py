"""Profiles: what people tell about themselves, and what others see of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.events import AccountChanged
from accounts.images import AVATAR, PictureError, PictureFolder, PicturesBusyError
from accounts.people.account import Account, Link, account_by_id, fetch_account
from accounts.people.context import PeopleContext
from accounts.people.errors import BusyError, FieldFault, InvalidFieldsError, NotFoundError
from accounts.people.profile_text import bio_of, display_name_of, links_of, name_key_of
from accounts.people.tables import accounts

CheckRevision = Callable[[int], None]
"""Raises if the account has changed since its editor read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChange:
    """What to change; None leaves a field as it is."""

    display_name: str | None = None
    bio: str | None = None
    links: tuple[Link, ...] | None = None


class Profiles:
    """Reads and changes profiles."""

    def __init__(self, context: PeopleContext, pictures: PictureFolder) -> None:
        self._context = context
        self._pictures = pictures

    async def own(self, account_id: str) -> Account:
        """Return an account to its owner. Raises NotFoundError."""
        return _present(await fetch_account(self._context.database, account_id))

    async def public(self, account_id: str) -> Account:
        """Return an account for its profile alone. Raises NotFoundError, for suspended ones too."""
        account = await self.own(account_id)
        if account.is_suspended:
            raise NotFoundError("there is no such account")
        return account

    async def change(self, account_id: str, change: ProfileChange, check: CheckRevision) -> Account:
        """Change some fields. Raises InvalidFieldsError, and what `check` raises."""
        values: dict[str, Any] = {}
        if change.display_name is not None:
            values["display_name"] = display_name_of(change.display_name)
        if change.bio is not None:
            values["bio"] = bio_of(change.bio)
        if change.links is not None:
            links = links_of(change.links)
            values["links"] = [{"title": link.title, "url": link.url} for link in links]
        return await self._store(account_id, values, check)

    async def set_avatar(self, account_id: str, content: bytes, check: CheckRevision) -> Account:
        """Show a picture beside the name. Raises InvalidFieldsError, BusyError, and as `check`."""
        try:
            name = await self._pictures.keep(content, AVATAR)
        except PictureError as error:
            raise InvalidFieldsError([FieldFault("", str(error))]) from None
        except PicturesBusyError as error:
            raise BusyError(str(error)) from None
        return await self._store(account_id, {"avatar": name}, check)

    async def remove_avatar(self, account_id: str, check: CheckRevision) -> Account:
        """Show no picture; its file goes with the next sweep, unless others use it, too."""
        return await self._store(account_id, {"avatar": None}, check)

    async def _store(
        self, account_id: str, values: dict[str, Any], check: CheckRevision
    ) -> Account:
        async def work(connection: AsyncConnection) -> Account:
            check(_present(await account_by_id(connection, account_id)).revision)
            if values:
                stored: dict[str, Any] = {"revision": accounts.c.revision + 1, **values}
                if "display_name" in values:
                    stored["name_key"] = name_key_of(values["display_name"])
                await connection.execute(
                    update(accounts).where(accounts.c.id == account_id).values(**stored)
                )
            return _present(await account_by_id(connection, account_id))

        account = await self._context.database.write(work)
        if values:
            self._context.emit(
                AccountChanged(
                    at_ms=self._context.clock(),
                    account_id=account_id,
                    changed=tuple(sorted(values)),
                )
            )
        return account


def _present(account: Account | None) -> Account:
    if account is None:
        raise NotFoundError("there is no such account")
    return account
