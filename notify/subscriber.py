"""Subscriber: one who hears, with a queue of stated size and a stated end. No I/O."""

from collections.abc import Callable
from enum import Enum

from notify.batch import Batch
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
        "_batches",
        "_capacity",
        "_count",
        "_ready",
        "_taken",
        "_when_full",
        "closed_for_overflow",
        "dropped_count",
        "has_strays",
        "keys",
    )

    def __init__(self, capacity: int, when_full: WhenFull, ready: Callable[[], None]) -> None:
        if capacity < 1:
            raise ValueError(f"capacity: expected 1 or more, got {capacity}")
        self._capacity = capacity
        self._when_full = when_full
        self._ready = ready
        self._batches: list[Batch] = []
        self._taken = 0  # of the first batch
        self._count = 0
        self.keys: set[Key] = set()  # kept by the bus
        self.has_strays = False  # what waits may be of keys that it does not listen to any more
        self.dropped_count = 0
        self.closed_for_overflow = False

    def __len__(self) -> int:
        return self._count

    def offer(self, batch: Batch) -> int:
        """Take notices if there is room; return how many were dropped for them or with them."""
        if self.closed_for_overflow:
            self.dropped_count += batch.count
            return batch.count
        before = self._count
        dropped = 0
        if before + batch.count <= self._capacity:
            self._batches.append(batch)
            self._count = before + batch.count
        else:
            dropped = self._overflow(batch)
            self.dropped_count += dropped
        if not before or self.closed_for_overflow:
            self._ready()
        return dropped

    def take(self) -> Notice | None:
        """Return the next notice; None if there is none now."""
        if not self._batches:
            return None
        batch = self._batches[0]
        notice = batch.notices[self._taken]
        self._taken += 1
        if self._taken == batch.count:
            del self._batches[0]
            self._taken = 0
        self._reduce(1)
        return notice

    def take_batch(self) -> Batch | None:
        """Return the next notices that came together; None if there are none now."""
        if not self._batches:
            return None
        batch = self._batches.pop(0)
        if self._taken:
            batch = Batch(batch.notices[self._taken :])
            self._taken = 0
        self._reduce(batch.count)
        return batch

    def close(self) -> None:
        """Hear nothing any more, and refer to nobody who would."""
        self._batches.clear()
        self._count = self._taken = 0
        self._ready = _deaf

    def _reduce(self, count: int) -> None:
        self._count -= count
        if not self._count:
            self.has_strays = False

    def _overflow(self, batch: Batch) -> int:
        """Have as many notices as there may be; return how many were dropped."""
        if self._when_full is WhenFull.CLOSE:
            dropped = self._count + batch.count
            self._batches.clear()
            self._count = self._taken = 0
            self.closed_for_overflow = True
            return dropped
        notices = [notice for each in self._batches for notice in each.notices][self._taken :]
        notices += batch.notices
        first = len(notices) - self._capacity if self._when_full is WhenFull.DROP_OLDEST else 0
        self._batches = [Batch(notices[first : first + self._capacity])]
        self._count, self._taken = self._capacity, 0
        return len(notices) - self._capacity


def _deaf() -> None:
    """Nobody is there any more."""
