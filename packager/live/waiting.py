"""WaitingRoom: thousands of requests that wait for the same few things.

A waiter is an object that can be woken, no task and no future: to be woken a thousand viewers
cost a thousand calls, in the moment in which what they wait for came.
"""

from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar

Wish = TypeVar("Wish", bound=Hashable)


class Waiter(Protocol):
    """Whoever waits. Compared by identity."""

    def wake(self) -> None:
        """Take note that the wish came true. Is called while changes are applied: just note it."""
        ...


class WaitingRoom(Generic[Wish]):
    """Waiters by wish: a few wishes, any number of waiters each."""

    __slots__ = ("_waiters",)

    def __init__(self) -> None:
        self._waiters: dict[Wish, dict[Waiter, None]] = {}  # in the order in which they came

    def __len__(self) -> int:
        """Count the waiters."""
        return sum(map(len, self._waiters.values()))

    def enter(self, wish: Wish, waiter: Waiter) -> None:
        """Wait. Whether the wish is true already is for the caller to look at before."""
        self._waiters.setdefault(wish, {})[waiter] = None

    def leave(self, wish: Wish, waiter: Waiter) -> None:
        """Wait no longer; nothing happens to a waiter that was woken, or to anybody else."""
        waiters = self._waiters.get(wish)
        if waiters is not None:
            waiters.pop(waiter, None)
            if not waiters:
                del self._waiters[wish]

    def release(self, is_true: Callable[[Wish], bool]) -> None:
        """Wake everybody whose wish is true now."""
        for wish in [wish for wish in self._waiters if is_true(wish)]:
            for waiter in self._waiters.pop(wish):
                waiter.wake()
