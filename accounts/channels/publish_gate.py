"""PublishGate: whether a stream key lets its bearer publish, and where."""

from dataclasses import dataclass
from enum import Enum

import structlog
from sqlalchemy import select

from accounts.channels.key_uses import KeyUses
from accounts.channels.live_desk import LiveDesk
from accounts.channels.live_rules import GrantedKey
from accounts.channels.stream_key import digest_of_key, is_key_of, lookup_of_key
from accounts.channels.tables import channels, stream_keys
from accounts.ports import Clock
from accounts.storage import Database, StorageError

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.channels")


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

    def __init__(self, database: Database, clock: Clock, desk: LiveDesk, uses: KeyUses) -> None:
        self._database = database
        self._clock = clock
        self._desk = desk
        self._uses = uses

    async def authorize(self, key: str) -> Admitted | NotAdmitted:
        """Decide on one attempt. Raises StorageError: nobody can say now.

        Whose show is on air, or waits for its publisher, is let in again with the same key even
        while the database cannot be had: a show must not end because two things failed at once.
        A key revoked meanwhile by another process is found, and cut, when it can be read again.
        """
        if not key:
            return NotAdmitted.NO_KEY
        lookup = lookup_of_key(key)
        if lookup is None:
            return NotAdmitted.UNKNOWN_KEY
        try:
            return await self._look_up(key, lookup)
        except StorageError as error:
            readmitted = self._desk.readmit(digest_of_key(key))
            if readmitted is None:
                raise
            name, granted = readmitted
            _log.warning("publisher let in again unread", channel=name, reason=str(error))
            return Admitted(name, granted.principal)

    async def _look_up(self, key: str, lookup: str) -> Admitted | NotAdmitted:
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
        # From here on no await but this one: see LiveDesk.let_in.
        granted = GrantedKey(row.id, row.turn, row.digest)
        if not await self._desk.let_in(row.name, granted):
            return NotAdmitted.CLOSED
        self._uses.note(row.id, row.last_used_at_ms, self._clock())
        return Admitted(row.name, granted.principal)
