"""LiveDesk: keeps LiveRules true, and makes whatever has changed take effect on who is live.

Changes of this process come through `enforce` and are in force when it returns. Changes of others
(a second server, the command line) leave notes in the database, looked for several times a second:
the note says which channel, its rows say what.
"""

import asyncio
from collections.abc import Collection, Iterable
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.live_rules import ChannelRule, GrantedKey, LiveRules
from accounts.channels.owners import owner_is_closed
from accounts.channels.playback_voids import forget_voids
from accounts.channels.rule_notes import asks_for_cut, forget_notes, notes_since
from accounts.channels.settings import ChannelsSettings
from accounts.channels.tables import channels, playback_voids, stream_keys
from accounts.channels.visibility import Visibility
from accounts.ports import Clock, LiveControl
from accounts.storage import Database, StorageError, tell_trouble

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.channels")

# Notes are read again for this long: another process's transaction may commit late, and its clock
# may lag behind ours.
_OVERLAP_MS: Final = 10_000
_NOTES_KEPT_MS: Final = 3_600_000
_TIDY_INTERVAL_MS: Final = 600_000
_NAMES_AT_ONCE: Final = 500

KEY_VOID: Final = "This stream key is not valid any more. Use the new one."
CHANNEL_CLOSED: Final = "This channel has been closed."
SHOW_CUT: Final = "This show was ended by its owner or an administrator."


class LiveDesk:
    """Owns the rules of one process. `control` reaches those who are live here."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: ChannelsSettings,
        rules: LiveRules,
        control: LiveControl,
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._rules = rules
        self._control = control
        # What is read must be put before anybody reads again, or an older picture could win.
        self._turn = asyncio.Lock()
        self._seen_notes: frozenset[str] = frozenset()
        self._unread: set[str] = set()  # channels whose changes could not be read
        self._looked_at_ms = clock()
        self._tidied_at_ms = clock()

    async def load(self, names: Iterable[str]) -> None:
        """Learn the rules of channels, such as those whose shows a restart has left behind."""
        wanted = list(names)
        for first in range(0, len(wanted), _NAMES_AT_ONCE):
            batch = wanted[first : first + _NAMES_AT_ONCE]
            async with self._turn, self._database.reading() as connection:
                for rule in await read_rules(connection, names=batch):
                    self._rules.put(rule)

    async def let_in(self, name: str, key: GrantedKey) -> bool:
        """Learn a channel's rule for a publisher who has shown a key; whether it may publish.

        A change that comes later finds the publisher: nothing is awaited between the decision and
        the return.
        """
        async with self._turn:
            async with self._database.reading() as connection:
                found = await read_rules(connection, names=[name])
                is_key_good = await _is_principal_good(connection, key.principal)
            if not found or found[0].is_closed or not is_key_good:
                return False
            self._rules.put(found[0])
            self._rules.grant(name, key)
            return True

    def readmit(self, digest: bytes) -> tuple[str, GrantedKey] | None:
        """Return the channel on air here that the key of this digest was found good for before."""
        found = self._rules.granted_by(digest)
        return found if found is not None and found[0] in self._control.live_channels() else None

    async def enforce(self, name: str) -> None:
        """Take a change of this channel into force.

        If the database cannot be read, the channel is not served until it can.
        """
        async with self._turn:
            await self._enforce(name)

    async def _enforce(self, name: str) -> None:
        try:
            async with self._database.reading() as connection:
                found = await read_rules(connection, names=[name])
                # The key on air is judged: another of the channel's may have been tried since.
                principal = self._control.principal_of(name)
                is_key_good = principal is None or await _is_principal_good(connection, principal)
        except StorageError as error:
            _log.error("channel not served, rules unreadable", channel=name, reason=str(error))
            self._rules.close(name)
            self._unread.add(name)
            return
        self._unread.discard(name)
        if not found or found[0].is_closed:
            if found:
                self._rules.put(found[0])
            else:
                self._rules.forget(name)
            if self._control.cut(name, CHANNEL_CLOSED, ends_show=True):
                _log.info("closed channel cut", channel=name)
            return
        if name in self._rules or name in self._control.live_channels():
            self._rules.put(found[0])
        if principal is None or is_key_good:
            return
        self._rules.revoke(name, principal)
        if self._control.cut(name, KEY_VOID, ends_show=False):
            _log.info("publisher with a void key cut", channel=name)

    async def run(self) -> None:
        """Look for what other processes changed, until cancelled."""
        while True:
            await asyncio.sleep(self._settings.check_interval_s)
            try:
                await self.look()
            except StorageError as error:
                tell_trouble(_log, "rules not looked for", error)

    async def look(self) -> None:
        """Act on the notes that have come since the last look, and now and then delete old ones."""
        now_ms = self._clock()
        notes = await notes_since(self._database, self._looked_at_ms - _OVERLAP_MS)
        unseen = {note: notes[note] for note in notes.keys() - self._seen_notes}
        names: set[str] = set()
        names_to_cut: set[str] = set()
        if unseen:
            to_cut = {channel for note, channel in unseen.items() if asks_for_cut(note)}
            async with self._database.reading() as connection:
                names = await self._names_of(connection, set(unseen.values()))
                names_to_cut = await self._names_of(connection, to_cut) if to_cut else set()
        for name in names | self._unread:
            await self.enforce(name)
        for name in names_to_cut:
            if self._control.cut(name, SHOW_CUT, ends_show=True):
                _log.info("show cut, as was asked for elsewhere", channel=name)
        self._seen_notes = frozenset(notes)
        self._looked_at_ms = now_ms
        if now_ms - self._tidied_at_ms >= _TIDY_INTERVAL_MS:
            self._tidied_at_ms = now_ms
            await self._tidy(now_ms)

    async def _names_of(self, connection: AsyncConnection, ids: Collection[str]) -> set[str]:
        """Return the names of those of the channels that matter here, deleted ones included."""
        names = {rule.name for rule in self._rules if rule.channel_id in ids}
        live = set(self._control.live_channels())
        wanted = list(ids)  # an administrator's leave to watch may end for all channels at once
        for first in range(0, len(wanted), _NAMES_AT_ONCE):
            batch = wanted[first : first + _NAMES_AT_ONCE]
            found = await connection.scalars(
                select(channels.c.name).where(channels.c.id.in_(batch))
            )
            names |= set(found) & live
        return names

    async def _tidy(self, now_ms: int) -> None:
        live = set(self._control.live_channels())
        for rule in self._rules:
            if rule.name not in live:
                self._rules.forget(rule.name)

        async def work(connection: AsyncConnection) -> None:
            await forget_notes(connection, now_ms - _NOTES_KEPT_MS)
            await forget_voids(connection, now_ms)

        await self._database.write(work)


async def read_rules(connection: AsyncConnection, *, names: Collection[str]) -> list[ChannelRule]:
    """Return the rules of the channels with these names, as far as there are such."""
    rows = (
        await connection.execute(
            select(
                channels.c.id,
                channels.c.name,
                channels.c.visibility,
                channels.c.banned_at_ms,
                channels.c.latency_profile,
                channels.c.grace_s,
                channels.c.tokens_void_ms,
                owner_is_closed().label("owner_is_closed"),
            ).where(channels.c.name.in_(names))
        )
    ).all()
    voids: dict[str, dict[str, int]] = {}
    for channel_id, viewer, void_ms in await connection.execute(
        select(
            playback_voids.c.channel_id, playback_voids.c.viewer, playback_voids.c.void_ms
        ).where(playback_voids.c.channel_id.in_([row.id for row in rows]))
    ):
        voids.setdefault(channel_id, {})[viewer] = void_ms
    return [
        ChannelRule(
            channel_id=row.id,
            name=row.name,
            visibility=Visibility(row.visibility),
            is_closed=row.banned_at_ms is not None or bool(row.owner_is_closed),
            latency_profile=row.latency_profile,
            grace_s=row.grace_s,
            tokens_void_ms=row.tokens_void_ms,
            shut_out=voids.get(row.id, {}),
        )
        for row in rows
    ]


async def _is_principal_good(connection: AsyncConnection, principal: str) -> bool:
    key_id, _, turn = principal.rpartition(".")
    return turn == str(
        await connection.scalar(select(stream_keys.c.turn).where(stream_keys.c.id == key_id))
    )
