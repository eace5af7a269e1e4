"""KeyUses: when stream keys were last used, written down beside the way in, not on it.

A publisher who shows a good key must not wait for the database's writer, nor be refused since a
disk is full: that the key was used is worth less than the show.
"""

import asyncio
from typing import Final

import structlog
from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.tables import stream_keys
from accounts.storage import Database, StorageError, tell_trouble

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.channels")

# An encoder that reconnects every second must not be written down as often.
_NOTED_EVERY_MS: Final = 60_000
_WRITE_INTERVAL_S: Final = 1.0


class KeyUses:
    """Gathers uses in memory, one for each key, and writes them now and then."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unwritten: dict[str, int] = {}

    def note(self, key_id: str, last_used_at_ms: int | None, now_ms: int) -> None:
        """Take one use of a key whose last written use was at `last_used_at_ms` (unix ms)."""
        if last_used_at_ms is None or now_ms - last_used_at_ms >= _NOTED_EVERY_MS:
            self._unwritten[key_id] = now_ms

    async def run(self) -> None:
        """Write what comes, until cancelled; what could not be written is tried again."""
        while True:
            await asyncio.sleep(_WRITE_INTERVAL_S)
            try:
                await self.write()
            except StorageError as error:
                tell_trouble(_log, "uses of stream keys not written", error)

    async def write(self) -> None:
        """Write all that has come. Raises StorageError: it is kept for the next time."""
        uses = dict(self._unwritten)
        if not uses:
            return

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                update(stream_keys)
                .where(stream_keys.c.id == bindparam("key_id"))
                .values(last_used_at_ms=bindparam("used_at_ms")),
                [{"key_id": key, "used_at_ms": at_ms} for key, at_ms in uses.items()],
            )

        await self._database.write(work)
        for key, at_ms in uses.items():
            if self._unwritten.get(key) == at_ms:
                del self._unwritten[key]
