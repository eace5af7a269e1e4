"""Doubts: sessions that may stand for one that has just gone, as after the reload of a page. Pure.

The old session of a page that is loaded again says nothing more, but is over only after its
silence. Until then the new one is not counted beside it. If the old one speaks again, both are
there: two tabs. So a reload never counts twice, and a second tab a moment late.
"""

from typing import Final

from analytics.viewers.session import Session

# Who has more sessions than these at one address is no single person.
_LOOKED_AT: Final = 64


class Doubts:
    """The sessions that are not counted yet, and whose place each may have taken."""

    def __init__(self) -> None:
        self._sessions: dict[Session, None] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    def is_new(self, session: Session) -> bool:
        """Whether the session is one more; if not, it is looked at again later."""
        session.claim = _find_predecessor(session)
        if session.claim is None:
            return True
        session.claim.is_claimed = True
        self._sessions[session] = None
        return False

    def forget(self, session: Session) -> None:
        """Let go of a session that is over."""
        if self._sessions.pop(session, session) is None and session.claim is not None:
            session.claim.is_claimed = False
        session.claim = None

    def resolve(self) -> list[Session]:
        """Return those of which it is clear by now that they are one more."""
        resolved = []
        for session in self._sessions:
            claim = session.claim
            if claim is not None and not claim.is_over and claim.seen <= session.since:
                continue
            if claim is not None:
                claim.is_claimed = False
            # It is over, or it was another one that goes on. Perhaps a third has gone.
            session.claim = _find_predecessor(session)
            if session.claim is None:
                resolved.append(session)
            else:
                session.claim.is_claimed = True
        for session in resolved:
            del self._sessions[session]
        return resolved


def _find_predecessor(session: Session) -> Session | None:
    for other in session.tally.of_visitor(session.visitor, _LOOKED_AT):
        if (
            other.number < session.number  # began before, and is a viewer or in doubt itself
            and other.main is not None
            and not other.is_claimed
            and other.seen <= session.since
        ):
            return other
    return None
