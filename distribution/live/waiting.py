"""BlockedRequests: those that wait for media; counted, bounded, woken when the server stops."""

import asyncio
from enum import Enum, auto

from distribution.live.deciding import Await, AwaitGrowth, AwaitPart
from packager.live import PENDING


class Waited(Enum):
    """How a wait ended."""

    REACHED = auto()
    TIMED_OUT = auto()
    TOO_MANY = auto()
    STOPPING = auto()


class BlockedRequests:
    """Lets at most `limit` requests wait at a time. Owned by the event loop that serves them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._tasks: set[asyncio.Task[object]] = set()
        self._is_stopping = False
        self.turned_away_count = 0
        self.timed_out_count = 0

    def __len__(self) -> int:
        return len(self._tasks)

    async def wait(self, awaited: Await, timeout_s: float, *, has_begun: bool = False) -> Waited:
        """Wait for what was decided to be worth it. Cancelled when the viewer leaves.

        A request whose response `has_begun` is not turned away any more.

        STOPPING says that no wait goes on, not that the wish is unmet: just before, the show may
        have ended, and with it the wait.
        """
        if self._is_stopping:
            return Waited.STOPPING
        if len(self._tasks) >= self._limit and not has_begun:
            self.turned_away_count += 1
            return Waited.TOO_MANY
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - every request is answered in a task of its own
        self._tasks.add(task)
        try:
            if isinstance(awaited, AwaitPart):
                part = await awaited.rendition.wait_part(awaited.number, timeout_s)
                is_reached = part is not PENDING
            elif isinstance(awaited, AwaitGrowth):
                is_reached = await awaited.rendition.wait_growth(
                    awaited.msn, awaited.part_count, timeout_s
                )
            else:
                is_reached = await awaited.rendition.wait_past(awaited.position, timeout_s)
        except asyncio.CancelledError:
            # Ours if stop() made it and nobody else did: see asyncio.Task.uncancel().
            if self._is_stopping and not task.uncancel():
                return Waited.STOPPING
            raise
        finally:
            self._tasks.discard(task)
        if is_reached:
            return Waited.REACHED
        self.timed_out_count += 1
        return Waited.TIMED_OUT

    def stop(self) -> None:
        """End every wait, and let no new one begin."""
        self._is_stopping = True
        for task in self._tasks:
            task.cancel()
