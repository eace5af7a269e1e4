"""Salts: what makes the hash of a viewer good for one day and for nothing afterwards.

A salt is a row, so that a restart counts nobody twice, and servers that share a database agree.
That of yesterday is deleted: with it goes the only way from an address to what was written.
"""

import secrets
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import Database
from analytics.viewers.guest import Guest, viewer_hash
from analytics.viewers.tables import viewer_salts

_SALT_BYTES: Final = 16
_DAY_MS: Final = 86_400_000


class Salts:
    """The salt of the day. Until it is read, one of this process's own is used."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._day: int | None = None
        self._drawn_day: int | None = None
        self._salt = secrets.token_bytes(_SALT_BYTES)

    def hash_viewer(self, guest: Guest) -> str:
        """Return what is kept of a guest."""
        return viewer_hash(self._salt, guest)

    async def turn(self, now_ms: int) -> None:
        """Have the salt of this day, and nobody those of others. Raises StorageError."""
        day = now_ms // _DAY_MS
        if day == self._day:
            return
        if day != self._drawn_day:  # once, however often the database is asked
            # If it is away, yesterday's must not serve today.
            self._drawn_day, self._salt = day, secrets.token_bytes(_SALT_BYTES)
        made = self._salt

        async def work(connection: AsyncConnection) -> bytes:
            written = (sqlite if self._database.is_sqlite else postgresql).insert(viewer_salts)
            await connection.execute(
                written.values(day=day, salt=made).on_conflict_do_nothing(index_elements=["day"])
            )
            await connection.execute(delete(viewer_salts).where(viewer_salts.c.day != day))
            found = await connection.scalar(select(viewer_salts.c.salt))
            return bytes(found or made)

        self._salt = await self._database.write(work)
        self._day = day
