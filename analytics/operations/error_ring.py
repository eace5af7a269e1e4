"""ErrorRing: what went wrong in the last hour, by kind. Bounded, and without anybody's words.

A kind is the logger and the constant text of a line of the log; none of the line's values.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from analytics.operations.state import Level

WINDOW_MS: Final = 3_600_000
KINDS_LIMIT: Final = 50
KIND_CHARACTERS: Final = 100
OTHER: Final = "other"
_MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """How often something went wrong within the last hour, and when last."""

    kind: str
    level: Level
    count: int
    last_at_ms: int


@dataclass(slots=True)
class _Kind:
    level: Level
    last_at_ms: int = 0
    minutes: deque[list[int]] = field(default_factory=lambda: deque(maxlen=61))


class ErrorRing:
    """Counts by kind and minute. Beyond `kinds` of them within an hour, they are called "other"."""

    def __init__(self, kinds: int = KINDS_LIMIT) -> None:
        self._limit = kinds
        self._kinds: dict[tuple[Level, str], _Kind] = {}
        self.totals: dict[Level, int] = {"warning": 0, "error": 0}

    def note(self, level: Level, kind: str, at_ms: int) -> None:
        """Count one."""
        self.totals[level] += 1
        found = self._find(level, kind[:KIND_CHARACTERS], at_ms)
        found.last_at_ms = max(found.last_at_ms, at_ms)
        minute = at_ms // _MINUTE_MS
        if found.minutes and found.minutes[-1][0] >= minute:
            found.minutes[-1][1] += 1
        else:
            found.minutes.append([minute, 1])

    def counts(self, now_ms: int) -> list[ErrorCount]:
        """Return the last hour: errors before warnings, the most frequent first."""
        self._forget(now_ms)
        found = [
            ErrorCount(kind, level, sum(count for _, count in each.minutes), each.last_at_ms)
            for (level, kind), each in self._kinds.items()
        ]
        return sorted(found, key=lambda each: (each.level != "error", -each.count, each.kind))

    def _find(self, level: Level, kind: str, at_ms: int) -> _Kind:
        known = self._kinds.get((level, kind))
        if known is not None:
            return known
        if len(self._kinds) >= self._limit:
            self._forget(at_ms)
        if len(self._kinds) >= self._limit:
            kind = OTHER  # once a level, beyond the limit
        return self._kinds.setdefault((level, kind), _Kind(level))

    def _forget(self, now_ms: int) -> None:
        """Let go of minutes that are over for an hour, and of kinds that have no others."""
        oldest = (now_ms - WINDOW_MS) // _MINUTE_MS
        for key, each in list(self._kinds.items()):
            while each.minutes and each.minutes[0][0] <= oldest:
                each.minutes.popleft()
            if not each.minutes:
                del self._kinds[key]
