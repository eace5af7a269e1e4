"""FactDispatcher: tells this process every fact, in order, soon after it was committed.

What was written here is told at once; what other processes wrote, and what a crash left untold, is
looked for several times a second.
"""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Final

import structlog
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.alarm import Alarm
from accounts.facts.fact import Fact
from accounts.facts.sequence import (
    SEQUENCE,
    fact_of,
    has_unplaced,
    place_facts,
    reader_position,
)
from accounts.facts.tables import fact_readers, facts
from accounts.ports import Clock
from accounts.storage import Database, PreparedRead, StorageError, tell_trouble

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.facts")

Sink = Callable[[Fact], None]
"""Takes one fact. Does not wait and raises nothing."""

LOOK_INTERVAL_S: Final = 0.5
_BATCH: Final = 16  # some name a thousand people: reading one back takes 0.2 ms
_TURN_S: Final = 0.002  # then the event loop looks at all sockets
_PLACED_AT_ONCE: Final = 50
_NEXT: Final = PreparedRead(
    select(facts)
    .where(facts.c.position > bindparam("position"))
    .order_by(facts.c.position)
    .limit(_BATCH)
)
_TIDY_INTERVAL_MS: Final = 600_000
_TIDY_AT_ONCE: Final = 5_000


class FactDispatcher:
    """Owned by one event loop. `kept_ms` is how long facts are kept, `kept_count` how many."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sink: Sink,
        *,
        kept_ms: int,
        kept_count: int = 200_000,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sink = sink
        self._kept_ms = kept_ms
        self._kept_count = kept_count
        self._alarm = Alarm()
        self._tidied_at_ms = clock()
        self.position = 0  # of the last fact that was told

    async def start(self) -> None:
        """Begin behind what has its place already: whoever needs more asks for it."""
        async with self._database.reading() as connection:
            self.position = await reader_position(connection, SEQUENCE)

    def wake(self) -> None:
        """Look soon: something was committed."""
        self._alarm.ring()

    async def run(self) -> None:
        """Tell facts until cancelled."""
        while True:
            self._alarm.clear()
            try:
                await self.look()
            except StorageError as error:
                tell_trouble(_log, "facts not told yet", error)
            await self._alarm.wait(LOOK_INTERVAL_S)

    async def look(self) -> None:
        """Place what was committed and tell all that is new here. Raises StorageError."""
        until_s = monotonic() + _TURN_S
        while True:
            # In this order: what others have placed in between is found.
            is_behind = await has_unplaced(self._database)
            rows = await self._database.fetch(_NEXT, position=self.position)
            for fact in map(fact_of, rows):
                self.position = fact.position
                self._sink(fact)
                if monotonic() >= until_s:
                    await asyncio.sleep(0)
                    until_s = monotonic() + _TURN_S
            if is_behind:
                await self._database.write(_place, is_short=True, is_guarded=True)
            elif len(rows) < _BATCH:
                break
        now_ms = self._clock()
        if now_ms - self._tidied_at_ms >= _TIDY_INTERVAL_MS:
            self._tidied_at_ms = now_ms
            await self.tidy()

    async def tidy(self) -> None:
        """Delete facts that are too old or too many, once all readers have read them."""
        before_ms = self._clock() - self._kept_ms

        async def work(connection: AsyncConnection) -> int:
            read = await connection.scalar(select(func.min(fact_readers.c.position)))
            last = await reader_position(connection, SEQUENCE)
            old = (
                select(facts.c.id)
                .where(
                    facts.c.position <= (read or 0),
                    (facts.c.at_ms < before_ms) | (facts.c.position <= last - self._kept_count),
                )
                .limit(_TIDY_AT_ONCE)
            )
            gone = await connection.execute(delete(facts).where(facts.c.id.in_(old)))
            return int(gone.rowcount)

        while await self._database.write(work) == _TIDY_AT_ONCE:
            pass


async def _place(connection: AsyncConnection) -> int:
    return await place_facts(connection, _PLACED_AT_ONCE)
