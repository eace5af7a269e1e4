"""WaitingRoom: thousands of requests that wait for the same few things.

Each waiter has a future of its own in the set of what it waits for. So a release wakes exactly
those whose wish came true, and a waiter that gives up leaves in constant time and touches nobody
else; with one future for all, ten thousand that give up at once would each search its callbacks.
"""

import asyncio
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Wish = TypeVar("Wish", bound=Hashable)


class WaitingRoom(Generic[Wish]):
    """Waiters by wish. Belongs to one event loop; a few wishes, any number of waiters each."""

    __slots__ = ("_waiters",)

    def __init__(self) -> None:
        self._waiters: dict[Wish, set[asyncio.Future[None]]] = {}

    def __len__(self) -> int:
        """Count the waiters."""
        return sum(map(len, self._waiters.values()))

    async def wait(self, wish: Wish, timeout_s: float) -> None:
        """Return when the wish is released or the time is up; the caller looks which.

        Cancellation leaves all other waiters as they are.
        """
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        waiters = self._waiters.setdefault(wish, set())
        waiters.add(future)
        timer = loop.call_later(timeout_s, _finish, future)
        try:
            await future
        finally:
            timer.cancel()
            waiters.discard(future)
            if not waiters and self._waiters.get(wish) is waiters:
                del self._waiters[wish]

    def release(self, is_true: Callable[[Wish], bool]) -> None:
        """Wake everybody whose wish is true now."""
        for wish in [wish for wish in self._waiters if is_true(wish)]:
            for future in self._waiters.pop(wish):
                _finish(future)


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
