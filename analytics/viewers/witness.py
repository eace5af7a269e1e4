"""Witness: for how much of what a session says to have watched there was somebody. Pure."""

from typing import Final

from analytics.viewers.departures import Departure
from analytics.viewers.ledger import Ledger
from analytics.viewers.session_id import SessionIds

# More than was seen: a session is over at its last request, and its player still has something in
# its buffer; one that waits for a line that broke is over, too; and after a restart of the server
# the first word is about what was watched before it. A page tells every 25 to 35 s.
_SLACK_MS: Final = 30_000
# So that sessions that begin again and again gain no half minutes.
_SLACK_SHARE: Final = 4


class Witness:
    """Vouches for what players tell, each moment of a session once."""

    def __init__(self, ledger: Ledger, ids: SessionIds) -> None:
        self._ledger = ledger
        self._ids = ids

    def is_ours(self, session: str, channel: str) -> bool:
        """Whether the name was made here, for this channel. Never raises."""
        return self._ids.is_ours(session.encode(errors="replace"), channel)

    def vouch(self, session: str, channel: str, ms: int) -> int | None:
        """Return for how much of `ms` there is somebody; None if nobody has watched lately.

        What was vouched for is gone; the rest may be asked for again. `session` is one of ours.
        """
        ledger = self._ledger
        sid = session.encode()
        watching = ledger.find(sid, channel)
        if watching is not None:
            granted = _granted(ledger.now - watching.began, watching.vouched_ms, ms)
            watching.vouched_ms += granted
            return granted
        departed = ledger.departures.take(sid)
        if departed is None:
            return None
        granted = _granted(departed.span_ms, departed.vouched_ms, ms)
        left = Departure(departed.span_ms, departed.vouched_ms + granted)
        ledger.departures.add(sid, left, ledger.now)
        return granted


def _granted(span_ms: int, vouched_ms: int, ms: int) -> int:
    most_ms = span_ms + min(span_ms // _SLACK_SHARE, _SLACK_MS)
    return min(ms, max(0, most_ms - vouched_ms))
