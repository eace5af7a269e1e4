"""Departure: what somebody takes along, and what is left when they go: nothing.

With an account go its log-ins, tokens, identities, follows and blocks, and its channels with
their keys, links and broadcasts; what is live is cut. Invitations that it made are void: an
administrator who is sent away must not come back by one.
"""

import asyncio
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.api.model import utc_text
from accounts.events import AccountDeleted
from accounts.images import AVATAR, PictureFolder, picture_file
from accounts.people.account import Account, account_by_id
from accounts.people.administrators import require_another_administrator
from accounts.people.belongings import Belongings
from accounts.people.context import PeopleContext
from accounts.people.errors import NotFoundError
from accounts.people.identities import Identities
from accounts.people.invitations import withdraw_invitations_of
from accounts.people.personal_tokens import PersonalTokens
from accounts.people.sessions import Sessions
from accounts.people.tables import accounts

# The same archive comes out of the same rows.
_ZIP_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_README: Final = """\
This is all that this server keeps of you, as JSON. Times are UTC.
Secrets are not here: of passwords, keys and tokens the server keeps digests alone.
"""


class Departure:
    """Exports and deletes accounts."""

    def __init__(
        self,
        context: PeopleContext,
        *,
        sessions: Sessions,
        tokens: PersonalTokens,
        identities: Identities,
        pictures: PictureFolder,
        belongings: Belongings,
    ) -> None:
        self._context = context
        self._sessions = sessions
        self._tokens = tokens
        self._identities = identities
        self._pictures = pictures
        self._belongings = belongings

    async def export(self, account_id: str) -> bytes:
        """Return a ZIP file of JSON with all that belongs to an account. Raises NotFoundError."""
        async with self._context.database.reading() as connection:
            account = await account_by_id(connection, account_id)
        if account is None:
            raise NotFoundError("there is no such account")
        tables: dict[str, Sequence[Mapping[str, Any]]] = {
            "account": [_account_row(account)],
            "sessions": [asdict(each) for each in await self._sessions.list_of(account_id)],
            "personal-tokens": [asdict(each) for each in await self._tokens.list_of(account_id)],
            "identities": [asdict(each) for each in await self._identities.list_of(account_id)],
            **await self._belongings.export(account_id),
        }
        avatar = None
        if account.avatar is not None:
            avatar = await self._pictures.read(picture_file(account.avatar, AVATAR.widths[-1]))
        return await asyncio.to_thread(_zip_of, tables, avatar)

    async def delete(self, account_id: str, by_id: str | None) -> None:
        """Delete an account. Raises NotFoundError, ConflictingError for the last administrator."""
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> None:
            if await account_by_id(connection, account_id) is None:
                raise NotFoundError("there is no such account")
            await require_another_administrator(connection, account_id)
            await self._belongings.leave(connection, account_id, now_ms)
            await withdraw_invitations_of(connection, account_id)
            await connection.execute(delete(accounts).where(accounts.c.id == account_id))

        await self._context.database.write(work)
        self._context.emit(AccountDeleted(at_ms=now_ms, account_id=account_id, by_id=by_id))


def _account_row(account: Account) -> Mapping[str, Any]:
    row = asdict(account)
    del row["revision"]
    return row


def _zip_of(tables: Mapping[str, Sequence[Mapping[str, Any]]], avatar: bytes | None) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        _add(file, "README.txt", _README.encode())
        for name, rows in sorted(tables.items()):
            text = json.dumps([_readable(row) for row in rows], ensure_ascii=False, indent=1)
            _add(file, f"{name}.json", text.encode())
        if avatar is not None:
            _add(file, "avatar.webp", avatar)
    return archive.getvalue()


def _add(file: zipfile.ZipFile, name: str, content: bytes) -> None:
    file.writestr(zipfile.ZipInfo(name, _ZIP_MOMENT), content, zipfile.ZIP_DEFLATED)


def _readable(row: Mapping[str, Any]) -> dict[str, Any]:
    """Write `created_at_ms` as `created_at` with a time that people can read."""
    readable = {}
    for name, value in row.items():
        if name.endswith("_at_ms") and isinstance(value, int):
            readable[name.removesuffix("_ms")] = utc_text(value)
        else:
            readable[name.removesuffix("_ms")] = value
    return readable
