"""Subscriber: one who hears, with a queue of stated size and a stated end. No I/O."""

from collections import deque
from collections.abc import Callable
from enum import Enum

from notify.notice import Notice
from notify.topic import Key


class WhenFull(Enum):
    """What becomes of a notice for which the queue has no room."""

    DROP_OLDEST = "drop oldest"  # the newest matters: counts, states
    DROP_NEWEST = "drop newest"  # what is in hand is worth finishing: work lists
    CLOSE = "close"  # a gap would be worse than an end: clients resume where they were


class Subscriber:
    """Hears notices of some keys.

    `capacity` is in notices, at least 1. `ready` is called when there is something to take after
    there was nothing, or when the subscriber has been closed; it does not wait and raises nothing.
    Whoever takes notices does so until there are none.
    """

    __slots__ = (
        "_capacity",
        "_notices",
        "_ready",
        "_when_full",
        "closed_for_overflow",
        "dropped_count",
        "keys",
    )

    def __init__(self, capacity: int, when_full: WhenFull, ready: Callable[[], None]) -> None:
        if capacity < 1:
            raise ValueError(f"capacity: expected 1 or more, got {capacity}")
        self._capacity = capacity
        self._when_full = when_full
        self._ready = ready
        self._notices: deque[Notice] = deque()
        self.keys: set[Key] = set()  # kept by the bus
        self.dropped_count = 0
        self.closed_for_overflow = False

    def __len__(self) -> int:
        return len(self._notices)

    def offer(self, notice: Notice) -> int:
        """Take a notice if there is room; return how many were dropped for it or with it."""
        if self.closed_for_overflow:
            self.dropped_count += 1
            return 1
        if len(self._notices) < self._capacity:
            self._notices.append(notice)
            if len(self._notices) == 1:
                self._ready()
            return 0
        dropped = 1
        match self._when_full:
            case WhenFull.DROP_OLDEST:
                self._notices.popleft()
                self._notices.append(notice)
            case WhenFull.DROP_NEWEST:
                pass
            case WhenFull.CLOSE:
                dropped += len(self._notices)
                self._notices.clear()
                self.closed_for_overflow = True
                self._ready()
        self.dropped_count += dropped
        return dropped

    def take(self) -> Notice | None:
        """Return the next notice; None if there is none now."""
        return self._notices.popleft() if self._notices else None
