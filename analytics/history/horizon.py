"""Horizon: which time has to be rolled up anew, by how far each server has written. Pure.

A server's mark says until when all of its spells are written. Whatever it writes later is about
what happened after its last mark, less what it found out late: that a session had fallen silent. So
a server that was cut off for an hour and comes back opens that hour again, and no other, though
others took it for gone meanwhile and deleted its mark. A mark that goes back: the clock was set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analytics.history.step import MINUTE_MS

LATE_MS: Final = 5 * MINUTE_MS
"""How long after the fact a server may notice that somebody has left."""

REMEMBERED_MAX: Final = 1_000
"""How many servers are remembered that are gone: each start of one is another."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """Whole minutes from `from_ms` on, before `until_ms`: not empty."""

    from_ms: int
    until_ms: int


def horizon(
    marks: Mapping[str, int], rolled: Mapping[str, int], oldest_ms: int | None
) -> Horizon | None:
    """Return what to roll up, or None if nothing new was written.

    `marks` and `rolled` are by server: how far it has written, and how much of that is rolled up.
    `oldest_ms` is when the oldest spell began; a server that nobody knew begins at what was rolled
    up of all others, for it wrote nothing before.
    """
    behind = {server: at_ms for server, at_ms in marks.items() if at_ms != rolled.get(server)}
    if not behind:
        return None
    until_ms = max(marks.values())
    until_ms -= until_ms % MINUTE_MS
    unknown_ms = max(rolled.values()) if rolled else oldest_ms
    begins_ms = []
    for server, at_ms in behind.items():
        since_ms = rolled.get(server, unknown_ms)
        if since_ms is not None:
            begins_ms.append(min(since_ms, at_ms) - LATE_MS)
    if not begins_ms:
        return None
    from_ms = max(min(begins_ms), 0)
    from_ms -= from_ms % MINUTE_MS
    return Horizon(from_ms, until_ms) if from_ms < until_ms else None


def rolled_after(
    marks: Mapping[str, int], rolled: Mapping[str, int], until_ms: int
) -> dict[str, int]:
    """Return how much of each server's spells is rolled up once all before `until_ms` is."""
    after = dict(rolled)
    for server, at_ms in marks.items():
        done_ms = min(at_ms, until_ms)
        known_ms = rolled.get(server, done_ms)
        after[server] = done_ms if at_ms < known_ms else max(known_ms, done_ms)
    newest = sorted(after, key=lambda server: (server in marks, after[server]), reverse=True)
    return {server: after[server] for server in newest[: max(REMEMBERED_MAX, len(marks))]}
