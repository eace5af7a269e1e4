"""RightsWatch: sees that channels or log-ins have changed, and has listeners looked at anew.

What changes in this process is acted on at once; what other processes changed is found by the
notes that they leave, several times a second.
"""

import asyncio
from collections.abc import Callable, Collection
from typing import Final

import structlog

from accounts.alarm import Alarm
from accounts.channels.rule_notes import notes_since
from accounts.ports import Clock
from accounts.storage import Database, StorageError, tell_trouble
from notify.audience import Audience
from notify.ports import UnavailableError

_log: structlog.stdlib.BoundLogger = structlog.get_logger("notify")

_LOOK_INTERVAL_S: Final = 0.5
# Notes are read again for this long: another process's transaction may commit late, and its clock
# may lag behind ours.
_OVERLAP_MS: Final = 10_000


class RightsWatch:
    """Owned by one event loop. `changed` is told which channels have changed elsewhere, too."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        audience: Audience,
        changed: Callable[[Collection[str]], None] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._audience = audience
        self._changed = changed
        self._alarm = Alarm()
        self._channel_ids: set[str] = set()
        self._account_ids: set[str] = set()
        self._seen: frozenset[str] = frozenset()
        self._looked_at_ms = clock()

    def note_channel(self, channel_id: str) -> None:
        """Look soon at who hears a channel."""
        self._channel_ids.add(channel_id)
        self._alarm.ring()

    def note_account(self, account_id: str) -> None:
        """Look soon at an account's log-ins."""
        self._account_ids.add(account_id)
        self._alarm.ring()

    async def run(self) -> None:
        """Look until cancelled. What cannot be looked at is looked at again."""
        while True:
            self._alarm.clear()
            try:
                await self.look()
            except StorageError as error:
                tell_trouble(_log, "listeners' rights not looked at", error)
                await asyncio.sleep(_LOOK_INTERVAL_S)
            except UnavailableError as error:
                _log.warning("listeners' rights not looked at", reason=str(error))
                await asyncio.sleep(_LOOK_INTERVAL_S)
            await self._alarm.wait(_LOOK_INTERVAL_S)

    async def look(self) -> None:
        """Act on what has changed since the last look."""
        await self._read_notes()
        for channel_id in list(self._channel_ids):
            await self._audience.recheck_channels([channel_id])
            self._channel_ids.discard(channel_id)
        for account_id in list(self._account_ids):
            await self._audience.recheck_logins(account_id)
            self._account_ids.discard(account_id)

    async def _read_notes(self) -> None:
        now_ms = self._clock()
        notes = await notes_since(self._database, self._looked_at_ms - _OVERLAP_MS)
        new = _new(notes.items(), self._seen)
        if new and self._changed is not None:
            self._changed(new)
        self._channel_ids |= new
        self._seen = frozenset(notes)
        self._looked_at_ms = now_ms


def _new(notes: Collection[tuple[str, str]], seen: frozenset[str]) -> set[str]:
    return {channel_id for note, channel_id in notes if note not in seen}
