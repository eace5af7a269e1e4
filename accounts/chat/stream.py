"""ChatStream: writes what is said, and tells this process all that is said and done, in order.

What was written here is told as soon as it is safe, without reading it again, unless another server
came between: then, as for all that others write, the rows say what comes first.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.alarm import Alarm
from accounts.chat.message import Act, Message, Utterance
from accounts.chat.rows import message_row
from accounts.chat.sequence import (
    LOCK,
    entries_after,
    last_place,
    look_at_places,
    place_acts,
    place_of,
    take_places,
)
from accounts.chat.tables import chat_messages
from accounts.storage import Database, StorageError, tell_trouble
from accounts.storage.errors import BusyError, ConflictError

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.chat")

Entry = Message | Act
Sink = Callable[[Entry], None]
"""Takes what was said or done. Does not wait and raises nothing."""

Beside = Callable[[AsyncConnection], Awaitable[None]]
"""Work to be done in the transaction that writes a message."""

_IDLE_LOOK_S: Final = 0.5
_BUSY_LOOK_S: Final = 0.1  # while others talk, so that they are heard here within that
_BUSY_FOR_S: Final = 10.0
_BATCH: Final = 500
_ATTEMPTS: Final = 5


class ChatStream:
    """Owned by one event loop. `position` is the place of what was told last."""

    def __init__(self, database: Database, sink: Sink) -> None:
        self._database = database
        self._sink = sink
        self._alarm = Alarm()
        self._busy_until = 0.0
        self.position = 0

    async def start(self) -> None:
        """Begin behind what there is."""
        async with self._database.reading() as connection:
            self.position = await last_place(connection)

    def wake(self) -> None:
        """Look soon: something was done."""
        self._alarm.ring()

    async def append(self, batch: Sequence[tuple[Utterance, Beside | None]]) -> list[Message]:
        """Write messages, all or none, and tell them. Raises StorageError, IntegrityError."""
        first = await self._write(batch)
        messages = [Message(first + number, said) for number, (said, _) in enumerate(batch)]
        if first == self.position + 1:
            self._tell(messages)
        else:
            self.wake()
        return messages

    async def run(self) -> None:
        """Tell until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self._alarm.clear()
            try:
                if await self.look():
                    self._busy_until = loop.time() + _BUSY_FOR_S
            except StorageError as error:
                tell_trouble(_log, "rooms not looked at", error)
            is_busy = loop.time() < self._busy_until
            await self._alarm.wait(_BUSY_LOOK_S if is_busy else _IDLE_LOOK_S)

    async def look(self) -> bool:
        """Give what was done its place and tell all that is new; whether there was any.

        Raises StorageError.
        """
        has_found = False
        while True:
            is_behind, last = await look_at_places(self._database)
            found: list[Entry] = []
            if last > self.position:
                async with self._database.reading() as connection:
                    found = await entries_after(connection, self.position, _BATCH)
            self._tell(found)
            has_found |= bool(found)
            if is_behind:
                async with self._database.writing_alone(LOCK) as connection:
                    await place_acts(connection, _BATCH)
            elif len(found) < _BATCH:
                return has_found

    def _tell(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if place_of(entry) > self.position:
                self.position = place_of(entry)
                self._sink(entry)

    async def _write(self, batch: Sequence[tuple[Utterance, Beside | None]]) -> int:
        for _ in range(_ATTEMPTS):
            try:
                async with self._database.writing_alone(LOCK) as connection:
                    first = await take_places(connection, len(batch))
                    await connection.execute(
                        insert(chat_messages),
                        [
                            message_row(first + number, said)
                            for number, (said, _) in enumerate(batch)
                        ],
                    )
                    for _, beside in batch:
                        if beside is not None:
                            await beside(connection)
                    return first
            except ConflictError:  # an account is being deleted meanwhile
                continue
        raise BusyError(f"others came first {_ATTEMPTS} times")
