"""Origins: how much of the ledger the players of one address take. Pure.

Sessions are bounded at each moment, and the rows that they make in each minute of the clock. A row
is a viewer who begins, or one who goes on with another rendition.
"""

from collections import Counter
from typing import Final

from analytics.viewers.session import Session

# All of an office may begin and change twice in one minute. Without a bound 128 sessions that leave
# and come again at once made some 40 rows a second.
_ROWS_PER_SESSION: Final = 3
_LEAST_ROWS: Final = 60  # where an address has few sessions, somebody may still load a page again
_MINUTE_MS: Final = 60_000


class Origins:
    """What each address takes. `sessions` is how many of them one may have.

    The last third of the rows is for those who begin: who cannot begin is not counted, and who
    cannot change is still counted for the rendition before.
    """

    def __init__(self, sessions: int) -> None:
        self._session_limit = sessions
        self._row_limit = max(_ROWS_PER_SESSION * sessions, _LEAST_ROWS)
        self._sessions: Counter[int] = Counter()
        self._rows: Counter[int] = Counter()
        self._minute = 0

    def has_room(self, origin: int) -> bool:
        """Whether the address may have one session more."""
        return self._sessions[origin] < self._session_limit

    def add(self, session: Session) -> None:
        """Take in a session."""
        self._sessions[session.origin] += 1

    def remove(self, session: Session) -> None:
        """Forget a session that was taken in."""
        self._sessions[session.origin] -= 1
        if not self._sessions[session.origin]:
            del self._sessions[session.origin]

    def may_begin(self, session: Session, now: int) -> bool:
        """Whether a session may make the row of a viewer who begins; if so, it has."""
        return self._take_row(session, self._row_limit, now)

    def may_change(self, session: Session, now: int) -> bool:
        """Whether a session may make the row of another rendition; if so, it has."""
        return self._take_row(session, self._row_limit * 2 // 3, now)

    def _take_row(self, session: Session, limit: int, now: int) -> bool:
        if session.is_exempt:
            return True
        minute = now // _MINUTE_MS
        if minute != self._minute:
            self._minute = minute
            self._rows.clear()
        if self._rows[session.origin] >= limit:
            return False
        self._rows[session.origin] += 1
        return True
