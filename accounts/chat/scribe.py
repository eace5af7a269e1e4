"""Scribe: has many people's messages written together, and tells each when theirs is safe.

One commit takes as long for a hundred messages as for one. So whoever comes while a batch is being
written waits for the next one, which begins when this is done, but not before a pause: at two
hundred messages a second that makes a few batches of many, which cost listeners as much less as
they cost the database.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy.exc import IntegrityError

from accounts.chat.message import Message, Utterance
from accounts.chat.refusal import Refusal, RefusalCode, RefusedError, refused
from accounts.chat.stream import Beside, ChatStream
from accounts.storage import StorageError, tell_trouble

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.chat")

PAUSE_S: Final = 0.05
_BATCH: Final = 500

Objection = Callable[[Utterance], Refusal | None]
"""Says at the last moment why something is not to be said after all."""


@dataclass(slots=True, eq=False)
class _Waiting:
    said: Utterance
    beside: Beside | None
    done: asyncio.Future[Message]


class Scribe:
    """Owned by one event loop. `capacity` is how many messages may wait to be written."""

    def __init__(self, stream: ChatStream, objection: Objection, capacity: int) -> None:
        self._stream = stream
        self._objection = objection
        self._capacity = capacity
        self._waiting: deque[_Waiting] = deque()
        self._something = asyncio.Event()
        self.written_count = 0
        self.batch_count = 0
        self.refused_count = 0

    def __len__(self) -> int:
        """Count what waits to be written."""
        return len(self._waiting)

    async def write(self, said: Utterance, beside: Beside | None = None) -> Message:
        """Have a message written; return it once it is safe and told.

        It is written although who waits for it leaves. Raises RefusedError, StorageError.
        """
        if len(self._waiting) >= self._capacity:
            self.refused_count += 1
            raise refused(RefusalCode.ROOM_BUSY, 1)
        waiting = _Waiting(said, beside, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._something.set()
        return await asyncio.shield(waiting.done)

    async def run(self) -> None:
        """Write until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._something.wait()
            began = loop.time()
            await self.write_batch()
            if not self._waiting:
                self._something.clear()
            await asyncio.sleep(max(0.0, began + PAUSE_S - loop.time()))

    async def drain(self) -> None:
        """Write what waits."""
        while self._waiting:
            await self.write_batch()

    async def write_batch(self) -> None:
        """Write some of what waits."""
        batch: list[_Waiting] = []
        while self._waiting and len(batch) < _BATCH:
            waiting = self._waiting.popleft()
            objection = self._objection(waiting.said)
            if objection is None:
                batch.append(waiting)
            else:
                _fail(waiting, RefusedError(objection))
        if batch:
            await self._write(batch)

    async def _write(self, batch: list[_Waiting]) -> None:
        try:
            written = await self._stream.append([(each.said, each.beside) for each in batch])
        except StorageError as error:
            tell_trouble(_log, "messages not written", error, count=len(batch))
            for each in batch:
                _fail(each, error)
        except IntegrityError:
            # Somebody's account or channel has gone meanwhile: only theirs is not written.
            if len(batch) == 1:
                _fail(batch[0], refused(RefusalCode.NO_CHANNEL))
                return
            for each in batch:
                await self._write([each])
        except asyncio.CancelledError:
            for each in batch:
                each.done.cancel()
            raise
        else:
            self.batch_count += 1
            self.written_count += len(written)
            for each, message in zip(batch, written, strict=True):
                if not each.done.done():
                    each.done.set_result(message)


def _fail(waiting: _Waiting, error: Exception) -> None:
    if not waiting.done.done():
        waiting.done.set_exception(error)
        waiting.done.exception()  # told to who waits, if they still do
