"""DueWheel: sessions by the second in which it is looked whether they are over. Pure.

Who has asked meanwhile is put on again, so that a request costs nothing here: a session comes round
once in a silence, however often it asks.
"""

from collections import deque
from collections.abc import Iterator
from typing import Final

from analytics.viewers.session import Session

_LOOKS_A_BEAT: Final = 2_000  # some milliseconds
_BEATS_FOR_ALL: Final = 24  # half of the shortest silence


class DueWheel:
    """The sessions that wait to be looked at. `second` is the one that it has come to."""

    def __init__(self, second: int) -> None:
        self.second = second
        self._due: dict[int, list[Session]] = {}
        self._come: deque[Session] = deque()

    def put(self, session: Session, second: int) -> None:
        """Have a session looked at in a second to come."""
        self._due.setdefault(second, []).append(session)

    def turn(self, second: int) -> None:
        """Go on to a second: those of it and of all before it have come."""
        for due in range(self.second + 1, second + 1):
            self._come.extend(self._due.pop(due, ()))
        self.second = second

    def take(self, session_count: int) -> Iterator[Session]:
        """Take off those that have come; of a crowd not all in one beat.

        `session_count` is how many sessions there are.
        """
        most = max(_LOOKS_A_BEAT, session_count // _BEATS_FOR_ALL)
        for _ in range(min(len(self._come), most)):
            yield self._come.popleft()
