"""ReplayRing: the last notices of one run, for clients who were away for a moment. Pure."""

from collections import deque
from collections.abc import Collection

from notify.notice import Notice
from notify.topic import Key


class ReplayRing:
    """Holds at most `capacity` notices of at most `capacity_bytes` together; the oldest go first.

    Notices are put in the order of their numbers, which are consecutive.
    """

    def __init__(self, capacity: int, capacity_bytes: int) -> None:
        self._capacity = capacity
        self._capacity_bytes = capacity_bytes
        self._notices: deque[Notice] = deque()
        self._bytes = 0
        self._forgotten = 0  # number of the newest notice that is no more here

    def __len__(self) -> int:
        return len(self._notices)

    @property
    def held_bytes(self) -> int:
        """How much is held."""
        return self._bytes

    def put(self, notice: Notice) -> None:
        """Remember a notice, and forget old ones if need be."""
        self._notices.append(notice)
        self._bytes += len(notice.message)
        while len(self._notices) > self._capacity or self._bytes > self._capacity_bytes:
            oldest = self._notices.popleft()
            self._bytes -= len(oldest.message)
            self._forgotten = oldest.id.number

    def after(self, number: int, keys: Collection[Key]) -> list[Notice] | None:
        """Return what was told on these keys after a number; None if some of it is forgotten."""
        if number < self._forgotten:
            return None
        found = []
        wanted = frozenset(keys)
        for notice in reversed(self._notices):
            if notice.id.number <= number:
                break
            if not wanted.isdisjoint(notice.keys):
                found.append(notice)
        found.reverse()
        return found
