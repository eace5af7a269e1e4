"""FactReader: does something about every fact that it wants, once, however often it is killed.

How far it has come stands in the database, and moves in the transaction that does it. A crash
between two steps goes on with the next; two servers that try the same step find that one of them
came first.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.alarm import Alarm
from accounts.facts.fact import Fact
from accounts.facts.lookout import Lookout
from accounts.facts.sequence import facts_after, move_reader, reader_progress
from accounts.storage import Database, StorageError, tell_trouble

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

    `wanted` says of a row of `facts` whether it is for it: others are passed over without being
    read, some name a thousand people. At most `at_once` are taken together. Who can wait lets
    those of `gather_s` seconds come together, for a step has the database's writer, whom others
    want, too. `is_guarded`: what `take` reads may change while it writes, as `Database.write` says;
    the reader's own row is what keeps two servers from doing the same.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        wanted: ColumnElement[bool],
        take: Take,
        done: Callable[[], None],
        *,
        at_once: int = 100,
        gather_s: float = 0.0,
        is_guarded: bool = False,
    ) -> None:
        self._database = database
        self._name = name
        self._wanted = wanted
        self._lookout = Lookout(database, name, wanted)
        self._take = take
        self._done = done
        self._at_once = at_once
        self._gather_s = gather_s
        self._is_guarded = is_guarded
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
                tell_trouble(_log, "facts not read yet", error, reader=self._name)
                await asyncio.sleep(_RETRY_S)
                continue
            if await self._alarm.wait(_LOOK_INTERVAL_S):
                await asyncio.sleep(self._gather_s)

    async def step(self) -> bool:
        """Do some; whether there was anything to do."""
        return await self._lookout.sees_one() and await self._database.write(
            self._step, is_guarded=self._is_guarded
        )

    async def _step(self, connection: AsyncConnection) -> bool:
        position, progress = await reader_progress(connection, self._name)
        found = await facts_after(connection, position, self._at_once, wanted=self._wanted)
        if not found:
            return False
        taken = await self._take(connection, found, progress)
        if taken.progress is None:
            reached = found[taken.count - 1].position
        else:
            reached = found[taken.count].position - 1
        await move_reader(connection, self._name, reached, taken.progress)
        return True
