"""WaitingRoom: requests that wait for media; counted, bounded, sent home when the server stops."""

import asyncio
from collections.abc import Coroutine
from enum import Enum, auto


class Waited(Enum):
    """How a wait ended."""

    REACHED = auto()
    TIMED_OUT = auto()
    ROOM_FULL = auto()
    ROOM_CLOSED = auto()


class WaitingRoom:
    """Holds at most `limit` blocked requests. Owned by the event loop that serves them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: set[asyncio.Task[object]] = set()
        self._is_closed = False
        self.turned_away_count = 0

    @property
    def blocked_count(self) -> int:
        """How many requests wait at this moment."""
        return len(self._waiting)

    async def wait(self, reached: Coroutine[object, object, bool]) -> Waited:
        """Await `reached`, which says whether it ended well or ran out of its time.

        Cancelled, with what it awaits, when the viewer leaves.
        """
        if self._is_closed or len(self._waiting) >= self._limit:
            reached.close()
            self.turned_away_count += 1
            return Waited.ROOM_CLOSED if self._is_closed else Waited.ROOM_FULL
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - coroutines of requests run in tasks
        self._waiting.add(task)
        try:
            return Waited.REACHED if await reached else Waited.TIMED_OUT
        except asyncio.CancelledError:
            # Ours if close() made it and nobody else did: see asyncio.Task.uncancel().
            if self._is_closed and not task.uncancel():
                return Waited.ROOM_CLOSED
            raise
        finally:
            self._waiting.discard(task)

    def close(self) -> None:
        """End every wait, and let no new one begin."""
        self._is_closed = True
        for task in self._waiting:
            task.cancel()
