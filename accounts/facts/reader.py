"""FactReader: does something about every fact that it wants, once, however often it is killed.

How far it has come stands in the database, and moves in the transaction that does it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.alarm import Alarm
from accounts.facts.fact import Fact
from accounts.facts.lookout import Lookout
from accounts.facts.sequence import facts_after, move_reader, reader_position
from accounts.storage import Database, StorageError, tell_trouble

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.facts")

Take = Callable[[AsyncConnection, Sequence[Fact]], Awaitable[int]]
"""Does what is to be done about facts, the first first; returns of how many, one or more."""

_BATCH: Final = 100
_LOOK_INTERVAL_S: Final = 5.0
_RETRY_S: Final = 1.0


class FactReader:
    """Owned by one event loop. `name` is its row's. `done` is called after each step.

    `wanted` says of a row of `facts` whether it is for it: others are passed over.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        wanted: ColumnElement[bool],
        take: Take,
        done: Callable[[], None],
    ) -> None:
        self._database = database
        self._name = name
        self._wanted = wanted
        self._lookout = Lookout(database, name, wanted)
        self._take = take
        self._done = done
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
            await self._alarm.wait(_LOOK_INTERVAL_S)

    async def step(self) -> bool:
        """Do some; whether there was anything to do."""
        return await self._lookout.sees_one() and await self._database.write(self._step)

    async def _step(self, connection: AsyncConnection) -> bool:
        position = await reader_position(connection, self._name)
        found = await facts_after(connection, position, _BATCH, wanted=self._wanted)
        if not found:
            return False
        taken = await self._take(connection, found)
        await move_reader(connection, self._name, found[taken - 1].position)
        return True
