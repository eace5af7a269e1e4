"""PublishGate: whether a stream key lets its bearer publish, and where."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.live_desk import LiveDesk
from accounts.channels.live_rules import GrantedKey
from accounts.channels.stream_key import is_key_of, lookup_of_key
from accounts.channels.tables import channels, stream_keys
from accounts.ports import Clock
from accounts.storage import Database

# An encoder that reconnects every second must not write as often.
_USE_NOTED_EVERY_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Admitted:
    """The key is good. `principal` names the key at this turn of its rotation, not its secret."""

    channel: str
    principal: str


class NotAdmitted(Enum):
    """Why not, as far as somebody without a good key may know."""

    NO_KEY = "no-key"
    UNKNOWN_KEY = "unknown-key"
    CLOSED = "closed"  # the key was good, but the channel has been closed


class PublishGate:
    """Looks keys up and compares their digests in constant time."""

    def __init__(self, database: Database, clock: Clock, desk: LiveDesk) -> None:
        self._database = database
        self._clock = clock
        self._desk = desk

    async def authorize(self, key: str) -> Admitted | NotAdmitted:
        """Decide on one attempt. Raises StorageError: nobody can say now."""
        if not key:
            return NotAdmitted.NO_KEY
        lookup = lookup_of_key(key)
        if lookup is None:
            return NotAdmitted.UNKNOWN_KEY
        async with self._database.reading() as connection:
            row = (
                await connection.execute(
                    select(
                        stream_keys.c.id,
                        stream_keys.c.digest,
                        stream_keys.c.turn,
                        stream_keys.c.last_used_at_ms,
                        channels.c.name,
                    )
                    .join(channels, channels.c.id == stream_keys.c.channel_id)
                    .where(stream_keys.c.lookup == lookup)
                )
            ).first()
        if not is_key_of(key, None if row is None else row.digest) or row is None:
            return NotAdmitted.UNKNOWN_KEY
        now_ms = self._clock()
        if row.last_used_at_ms is None or now_ms - row.last_used_at_ms >= _USE_NOTED_EVERY_MS:
            await self._note_use(row.id, now_ms)
        # From here on no await but this one: see LiveDesk.let_in.
        if not await self._desk.let_in(row.name, GrantedKey(row.id, row.turn)):
            return NotAdmitted.CLOSED
        return Admitted(row.name, f"{row.id}.{row.turn}")

    async def _note_use(self, key_id: str, now_ms: int) -> None:
        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                update(stream_keys).where(stream_keys.c.id == key_id).values(last_used_at_ms=now_ms)
            )

        await self._database.write(work)
