"""Upkeep: what has expired is deleted, and pictures that nobody uses."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.images import PictureFolder
from accounts.people.authenticator import PeopleAuthenticator
from accounts.people.context import PeopleContext
from accounts.people.settings import SessionSettings
from accounts.people.tables import (
    accounts,
    guesses,
    invitations,
    one_time_tokens,
    openid_attempts,
    sessions,
)

_USES_S: Final = 60.0
_SWEEPS: Final = 30  # sweep once in so many rounds: every half hour
_PICTURE_AGE_S: Final = 24 * 3600.0
_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.upkeep")

NamesInUse = Callable[[], Awaitable[Collection[str]]]


class Upkeep:
    """Works once a minute until cancelled. A failure is logged, and tried again with the next."""

    def __init__(
        self,
        context: PeopleContext,
        authenticator: PeopleAuthenticator,
        pictures: PictureFolder,
        names_in_use: Sequence[NamesInUse],
        settings: SessionSettings,
    ) -> None:
        self._context = context
        self._authenticator = authenticator
        self._pictures = pictures
        self._names_in_use = (self._avatars, *names_in_use)
        self._settings = settings

    async def run(self) -> None:
        """Run for ever."""
        round_number = 0
        while True:
            await asyncio.sleep(_USES_S)
            try:
                await self._authenticator.write_uses()
                if round_number % _SWEEPS == 0:
                    await self.sweep()
            except Exception:  # noqa: BLE001 - nobody awaits this task: it would die unheard
                _log.exception("upkeep failed")
            round_number += 1

    async def sweep(self) -> None:
        """Delete what has expired, and pictures that nobody has used for a day."""
        now_ms = self._context.clock()
        idle_ms = int(self._settings.idle_s * 1000)

        async def work(connection: AsyncConnection) -> None:
            for expired in (
                sessions.c.expires_at_ms,
                one_time_tokens.c.expires_at_ms,
                invitations.c.expires_at_ms,
                openid_attempts.c.expires_at_ms,
                guesses.c.forget_at_ms,
            ):
                await connection.execute(delete(expired.table).where(expired <= now_ms))
            await connection.execute(
                delete(sessions).where(sessions.c.used_at_ms <= now_ms - idle_ms)
            )

        await self._context.database.write(work)
        in_use: set[str] = set()
        for names in self._names_in_use:
            in_use.update(await names())
        await self._pictures.sweep(in_use, _PICTURE_AGE_S)

    async def _avatars(self) -> Collection[str]:
        async with self._context.database.reading() as connection:
            rows = await connection.execute(
                select(accounts.c.avatar).where(accounts.c.avatar.is_not(None)).distinct()
            )
            return {str(name) for name in rows.scalars()}
