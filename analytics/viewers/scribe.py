"""ViewerScribe: writes spells down every few seconds, and knows how far it has come.

Whatever happens to the process, who watched is known up to the last mark: spells that were open
then are closed there by whoever starts next.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import Database, StorageError, new_id, tell_trouble
from analytics.ports import Clock, LiveIds
from analytics.viewers.ledger import Ledger
from analytics.viewers.salts import Salts
from analytics.viewers.spell import Spell, SpellEnd
from analytics.viewers.spell_book import SpellBook
from analytics.viewers.spell_rows import (
    Row,
    close_left_behind,
    spell_id,
    write_batch,
    write_mark,
)

_log: structlog.stdlib.BoundLogger = structlog.get_logger("analytics.viewers")

FLUSH_INTERVAL_S: Final = 5.0
# With nobody watching there is nothing to be exact about.
_IDLE_MARK_MS: Final = 60_000
_BATCH_ROWS: Final = 1_000  # a transaction of some 20 ms: others wait for SQLite's one writer
_GONE_MS: Final = 60_000
_LOOK_FOR_GONE_MS: Final = 60_000
_CLOCK_STEP_MS: Final = 2_000


class ViewerScribe:
    """Takes spells from the book and keeps them until the database has them.

    At most `backlog_rows` wait: spells that begin beyond that are dropped, and counted in
    `dropped_count`. Ends of others are kept, which are as many as there are sessions at most: a
    spell that lost its end would go on as long as this process does.
    `steady_ms` is the clock that the ledger goes by, `clock` that on the wall.
    """

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        book: SpellBook,
        salts: Salts,
        ids: LiveIds,
        *,
        clock: Clock,
        steady_ms: Callable[[], int],
        backlog_rows: int,
    ) -> None:
        self.server = new_id("srv")
        self.dropped_count = 0
        self.written_count = 0
        self._database = database
        self._ledger = ledger
        self._book = book
        self._salts = salts
        self._ids = ids
        self._clock = clock
        self._steady_ms = steady_ms
        self._backlog_rows = backlog_rows
        self._backlog: deque[Row | SpellEnd] = deque()
        self._newest_kept = 0  # the number of a spell
        self._marked_ms = 0
        self._had_sessions = False
        self._looked_ms = 0

    def __len__(self) -> int:
        """Count what waits to be written."""
        return len(self._backlog)

    async def prepare(self) -> None:
        """Do what is to be done before the first viewer. Raises StorageError."""
        await self._salts.turn(self._clock())
        await self.recover()

    async def recover(self) -> None:
        """Close what was left open by processes that are gone. Raises StorageError."""
        self._looked_ms = self._steady_ms()
        silent_since_ms = None if self._database.is_sqlite else self._clock() - _GONE_MS

        async def work(connection: AsyncConnection) -> int:
            gone = await close_left_behind(connection, self.server, silent_since_ms=silent_since_ms)
            return len(gone)

        await self._database.write(work)

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_INTERVAL_S)
            try:
                await self.flush()
                if self._steady_ms() - self._looked_ms >= _LOOK_FOR_GONE_MS:
                    await self.recover()
            except StorageError as error:
                tell_trouble(_log, "viewers not written down yet", error)
            except Exception:  # noqa: BLE001 - the next flush may go well
                _log.exception("viewers not written down")

    async def flush(self) -> None:
        """Write all that is known by now. Raises StorageError; what is left comes with the next."""
        self._follow_clock()
        try:
            await self._salts.turn(self._ledger.now + self._book.ahead_ms)
            while True:
                self._gather(_BATCH_ROWS)
                if len(self._backlog) <= _BATCH_ROWS and not self._book:
                    break
                # The first has a mark with it: only who has one is missed when he is gone.
                at_ms = None if self._marked_ms else self._ledger.now + self._book.ahead_ms
                await self._write(min(_BATCH_ROWS, len(self._backlog)), at_ms)
                self._marked_ms = at_ms or self._marked_ms
        except StorageError:
            self._gather(len(self._book))  # the backlog has a bound
            raise
        now_ms = self._ledger.now + self._book.ahead_ms
        has_sessions = len(self._ledger) > 0
        is_due = has_sessions or self._had_sessions or bool(self._backlog)
        if is_due or not 0 <= now_ms - self._marked_ms < _IDLE_MARK_MS:
            await self._write(len(self._backlog), now_ms)
            self._marked_ms, self._had_sessions = now_ms, has_sessions

    async def finish(self) -> None:
        """End every session and write that down. Raises StorageError."""
        self._ledger.beat(self._steady_ms())
        self._ledger.end_all()
        await self.flush()

    def _follow_clock(self) -> None:
        ahead_ms = self._clock() - self._steady_ms()
        if abs(ahead_ms - self._book.ahead_ms) >= _CLOCK_STEP_MS:
            _log.info("the clock was set", by_ms=ahead_ms - self._book.ahead_ms)
            self._ledger.set_clock(ahead_ms)

    def _gather(self, limit: int) -> None:
        """Take what is new into the backlog."""
        for item in self._book.take(self._ledger.now, limit):
            is_full = len(self._backlog) >= self._backlog_rows
            if isinstance(item, SpellEnd):
                if not is_full or item.number <= self._newest_kept:
                    self._backlog.append(item)
            elif is_full:
                self.dropped_count += 1
            else:
                self._newest_kept = max(self._newest_kept, item.number)
                row = self._row(item)
                if row is not None:
                    self._backlog.append(row)

    def _row(self, spell: Spell) -> Row | None:
        channel_id = self._ids.channel_id(spell.channel)
        if channel_id is None:
            return None
        return {
            "id": spell_id(self.server, spell.number),
            "channel_id": channel_id,
            "broadcast_id": self._ids.broadcast_id(spell.channel),
            "session": spell.session,
            "viewer": spell.viewer,
            "rendition": spell.rendition[:64],
            "player": spell.player,
            "started_ms": spell.started_ms,
            "ended_ms": spell.ended_ms,
            "is_open": spell.is_open,
            "server": self.server,
        }

    async def _write(self, count: int, mark_ms: int | None) -> None:
        batch = [self._backlog[index] for index in range(count)]

        async def work(connection: AsyncConnection) -> None:
            await write_batch(connection, self.server, batch, is_sqlite=self._database.is_sqlite)
            if mark_ms is not None:
                await write_mark(connection, self.server, mark_ms)

        try:
            await self._database.write(work)
        except IntegrityError:
            # A channel was deleted in the midst of it, again and again. Others' rows must not wait.
            _log.warning("viewers dropped that cannot be written", rows=count)
            self.dropped_count += count
        else:
            self.written_count += count
        for _ in range(count):
            self._backlog.popleft()
