"""SpellBook: the spells of all sessions, from their beginning until somebody writes them. Pure.

Lengths are measured by the steady clock, and only beginnings are dated by the wall clock: one that
is set makes no spell longer or shorter, and none negative.
"""

from collections.abc import Iterable
from itertools import islice

from analytics.viewers.session import Session
from analytics.viewers.spell import Spell, SpellEnd


class SpellBook:
    """Keeps what is not written yet.

    `ahead_ms` is how far the wall clock is ahead of the steady one.
    """

    def __init__(self, ahead_ms: int) -> None:
        self.ahead_ms = ahead_ms
        self._number = 0
        self._fresh: dict[Session, None] = {}
        self._done: list[Spell | SpellEnd] = []

    def __len__(self) -> int:
        """Count what waits."""
        return len(self._fresh) + len(self._done)

    def begin(self, session: Session, at: int) -> None:
        """Begin the first spell of a session, or one after a step of the clock."""
        self._begin(session, at, at + self.ahead_ms)

    def change(self, session: Session, rendition: str, at: int) -> None:
        """Go on at once with another rendition."""
        at = max(at, session.since)
        started_unix_ms = _unix_ms(session, at)
        self.end(session, at)
        session.main = rendition
        self._begin(session, at, started_unix_ms)

    def end(self, session: Session, at: int) -> None:
        """End the spell of a session."""
        if session.is_written:
            self._done.append(SpellEnd(session.number, _unix_ms(session, at)))
        else:
            del self._fresh[session]
            self._done.append(_spell(session, _unix_ms(session, at), is_open=False))

    def set_clock(self, ahead_ms: int, sessions: Iterable[Session], now: int) -> None:
        """Take note that the wall clock was set: spells end by the old one, others begin."""
        self.ahead_ms = ahead_ms
        for session in sessions:
            if session.main is not None:
                self.end(session, session.seen)
                self.begin(session, now)

    def take(self, now: int, limit: int) -> list[Spell | SpellEnd]:
        """Hand over what waits, in the order in which it is to be written; `limit` at most."""
        taken = self._done[:limit]
        self._done = self._done[limit:]
        for session in list(islice(self._fresh, limit - len(taken))):
            del self._fresh[session]
            session.is_written = True
            taken.append(_spell(session, _unix_ms(session, now), is_open=True))
        return taken

    def _begin(self, session: Session, at: int, unix_ms: int) -> None:
        self._number += 1
        session.number = self._number
        session.since = at
        session.since_unix_ms = unix_ms
        session.is_written = False
        self._fresh[session] = None


def _unix_ms(session: Session, at: int) -> int:
    return session.since_unix_ms + max(at - session.since, 0)


def _spell(session: Session, ended_ms: int, *, is_open: bool) -> Spell:
    return Spell(
        number=session.number,
        channel=session.tally.channel,
        session=session.name,
        viewer=session.viewer,
        rendition=session.main or "",
        player=session.player,
        started_ms=session.since_unix_ms,
        ended_ms=ended_ms,
        is_open=is_open,
    )
