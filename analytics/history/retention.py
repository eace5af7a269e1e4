"""Retention: how many of a broadcast's viewers are left, minute by minute. Pure.

Two curves, since two questions are asked. *Present* is what a video's audience curve shows: of all
who watched any of the broadcast, how many watched in its minute n. It rises while people arrive and
tells which parts were seen. *Stayed* puts everybody's arrival at 0: of those who came at least n
minutes before the end, how many still watched n minutes later. It tells whether who comes stays,
whatever the hour of arrival; who came too late to be able to is in neither part of the fraction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from analytics.history.step import MINUTE_MS

MINUTES_MAX: Final = 1_440
"""Minutes that curves go on for: longer broadcasts are told of for their first day."""


@dataclass(frozen=True, slots=True)
class Stay:
    """So many viewers came in minute `came` of the broadcast, and were last there in `left`."""

    came: int
    left: int
    viewers: int


@dataclass(frozen=True, slots=True)
class RetentionPoint:
    """Both curves at one minute; fractions of 0 to 1. `stayed`: None where nobody could have."""

    minute: int
    present: float
    stayed: float | None


def retention(
    stays: Iterable[Stay], present: Mapping[int, int], duration_ms: int
) -> tuple[RetentionPoint, ...]:
    """Return both curves, a point for each minute that began.

    `present` is how many watched in a minute of the broadcast; what is missing is nobody.
    """
    minutes = min(-(-duration_ms // MINUTE_MS), MINUTES_MAX)
    if minutes <= 0:
        return ()
    total = 0
    # How many more could have been there n minutes after their arrival, or were, than n + 1.
    last_could = [0] * (minutes + 1)
    last_was = [0] * (minutes + 1)
    for stay in stays:
        total += stay.viewers
        came = min(max(stay.came, 0), minutes - 1)
        left = min(max(stay.left, came), minutes - 1)
        last_could[minutes - 1 - came] += stay.viewers
        last_was[left - came] += stay.viewers
    could = list(accumulate(reversed(last_could)))[::-1]
    was = list(accumulate(reversed(last_was)))[::-1]
    return tuple(
        RetentionPoint(
            minute,
            round(min(present.get(minute, 0) / total, 1.0), 4) if total else 0.0,
            round(was[minute] / could[minute], 4) if could[minute] else None,
        )
        for minute in range(minutes)
    )
