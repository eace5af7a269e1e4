"""LogGate: one line for a condition that strangers can repeat as often as they like."""

_INTERVAL_S = 10.0


class LogGate:
    """Lets one line per subject through each interval and counts the others.

    Subjects are the program's own words, never the peer's: there are few.
    """

    def __init__(self) -> None:
        self._opens_at: dict[str, float] = {}
        self._suppressed: dict[str, int] = {}

    def ask(self, subject: str, now: float) -> int | None:
        """Return how many lines were held back before this one, or None to hold it back too."""
        if now < self._opens_at.get(subject, now):
            self._suppressed[subject] = self._suppressed.get(subject, 0) + 1
            return None
        self._opens_at[subject] = now + _INTERVAL_S
        return self._suppressed.pop(subject, 0)
