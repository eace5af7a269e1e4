"""FactReader: does something about every fact, once, however often the server is killed.

How far it has come stands in the database, and moves in the transaction that does it. A crash
between two steps goes on with the next; two servers that try the same step find that one of them
came first.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.alarm import Alarm
from accounts.facts.fact import Fact, FactKind
from accounts.facts.sequence import (
    SEQUENCE,
    facts_after,
    move_reader,
    reader_position,
    reader_progress,
)
from accounts.storage import Database, StorageError

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.facts")


@dataclass(frozen=True, slots=True)
class Taken:
    """How many facts are done with; and how much of the one behind these, if any of it."""

    count: int
    progress: Any = None


Take = Callable[[AsyncConnection, Sequence[Fact], Any], Awaitable[Taken]]
"""Does what is to be done about facts, the first first; of that one a part was done already, if
there is a progress. Does something: a fact, or a part of one."""

_LOOK_INTERVAL_S: Final = 5.0
_RETRY_S: Final = 1.0


class FactReader:
    """Owned by one event loop. `name` is its row's. `done` is called after each step.

    Facts of other kinds than `kinds` are passed over without being read: some name a thousand
    people. At most `at_once` are taken together. Who can wait lets those of `gather_s` seconds
    come together, for a step has the database's writer, whom others want, too.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        take: Take,
        done: Callable[[], None],
        *,
        kinds: Collection[FactKind],
        at_once: int = 100,
        gather_s: float = 0.0,
    ) -> None:
        self._database = database
        self._name = name
        self._take = take
        self._done = done
        self._kinds = kinds
        self._at_once = at_once
        self._gather_s = gather_s
        self._alarm = Alarm()

    def wake(self) -> None:
        """Look soon."""
        self._alarm.ring()

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            self._alarm.clear()
            try:
                while await self.step():
                    self._done()
            except StorageError as error:
                _log.warning("facts not read yet", reader=self._name, reason=str(error))
                await asyncio.sleep(_RETRY_S)
                continue
            if await self._alarm.wait(_LOOK_INTERVAL_S):
                await asyncio.sleep(self._gather_s)

    async def step(self) -> bool:
        """Do some; whether there was anything to do."""
        async with self._database.reading() as connection:
            position = await reader_position(connection, self._name)
            if position >= await reader_position(connection, SEQUENCE):
                return False
        return await self._database.write(self._step)

    async def _step(self, connection: AsyncConnection) -> bool:
        position, progress = await reader_progress(connection, self._name)
        last = await reader_position(connection, SEQUENCE)
        found = await facts_after(connection, position, self._at_once, kinds=self._kinds)
        taken = await self._take(connection, found, progress) if found else Taken(0)
        if taken.progress is not None:
            reached = found[taken.count].position - 1
        elif taken.count == len(found) < self._at_once:
            reached = last
        else:
            reached = found[taken.count - 1].position
        await move_reader(connection, self._name, reached, taken.progress)
        return reached > position or taken.progress is not None
