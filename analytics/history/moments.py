"""Moments: the best of a broadcast, found in how people wrote and came. Pure.

What makes a moment stand out is how much it is above what is usual in the same broadcast: a quiet
room's ten messages are more than a busy room's hundred. Usual is the median, and how far from it
things usually are is the median distance: a few wild minutes do not make all others look dull.

- Chat: messages in any 30 s. People write a few seconds after what they write about, and see it
  some seconds after it happened: the moment begins 15 s before them.
- Viewers: by how many more watch in a minute than in any of the three before it. The first five
  minutes of a broadcast are left out, in which everybody arrives.

What stands out four times as far as is usual counts, which chance seldom does; both add up where
they meet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import median
from typing import Final

from analytics.history.step import MINUTE_MS

WINDOW_MS: Final = 10_000
"""How finely messages are counted."""

MOMENTS_MAX: Final = 10
_SPAN: Final = 3  # windows
_LEAD_MS: Final = 15_000
_APART_MS: Final = 120_000
_LEAST_SCORE: Final = 4.0
_LEAST_MESSAGES: Final = 5
_LEAST_GAIN: Final = 3.0
_ARRIVAL_MINUTES: Final = 5
_BEFORE_MINUTES: Final = 3
# The median distance of what is spread like a bell, as a share of its standard deviation.
_DISTANCE_SHARE: Final = 0.6745


class MomentReason(StrEnum):
    """What stood out."""

    CHAT = "chat"
    VIEWERS = "viewers"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """From `media_time_ms` of the broadcast on, for `duration_ms`."""

    media_time_ms: int
    duration_ms: int
    score: float
    messages: int
    viewers_gained: int
    reason: MomentReason


def best_moments(
    messages: Mapping[int, int],
    means: Sequence[float],
    duration_ms: int,
    *,
    first_minute_ms: int = 0,
) -> tuple[Moment, ...]:
    """Return what stood out, the best first, MOMENTS_MAX at most.

    `messages` counts those of each window of WINDOW_MS since the beginning; what is missing is
    none. `means` are viewers in each minute, the first of which began at `first_minute_ms`: when
    the broadcast did, or less than a minute before, below 0.
    """
    talk = _talk(messages, max(-(-duration_ms // WINDOW_MS), 0))
    gains = _gains(means)
    talk_scores = _scores(talk, talk, _LEAST_MESSAGES)
    gain_scores = _scores(gains, means, _LEAST_GAIN, left_out=_ARRIVAL_MINUTES)
    found = []
    for place, score in talk_scores.items():
        at_ms = place * WINDOW_MS
        minute = (at_ms - first_minute_ms) // MINUTE_MS
        gain_score = gain_scores.get(minute, 0.0)
        found.append(
            Moment(
                media_time_ms=max(0, at_ms - _LEAD_MS),
                duration_ms=_SPAN * WINDOW_MS + min(at_ms, _LEAD_MS),
                score=round(score + gain_score, 2),
                messages=round(talk[place]),
                viewers_gained=round(gains[minute]) if minute < len(gains) else 0,
                reason=MomentReason.BOTH if gain_score else MomentReason.CHAT,
            )
        )
    for minute, score in gain_scores.items():
        at_ms = minute * MINUTE_MS + first_minute_ms
        written = range(at_ms // WINDOW_MS, (at_ms + MINUTE_MS) // WINDOW_MS)
        found.append(
            Moment(
                media_time_ms=max(0, at_ms),
                duration_ms=MINUTE_MS,
                score=round(score, 2),
                messages=sum(messages.get(place, 0) for place in written),
                viewers_gained=round(gains[minute]),
                reason=MomentReason.VIEWERS,
            )
        )
    return _apart(found)


def _talk(messages: Mapping[int, int], windows: int) -> list[float]:
    """Return how many messages were written from each window on, for some windows."""
    counts = [messages.get(place, 0) for place in range(windows)]
    return [float(sum(counts[place : place + _SPAN])) for place in range(windows)]


def _gains(means: Sequence[float]) -> list[float]:
    """Return by how much each minute has more viewers than any of those before it had."""
    gains = []
    for minute, mean in enumerate(means):
        before = means[max(0, minute - _BEFORE_MINUTES) : minute]
        gains.append(mean - max(before) if before else 0.0)
    return gains


def _scores(
    values: Sequence[float], levels: Sequence[float], least: float, *, left_out: int = 0
) -> dict[int, float]:
    """Return how many usual distances above the usual one values are, of those that stand out.

    `levels` are counts that the values are, or come of.
    """
    if len(values) <= left_out:
        return {}
    counted = values[left_out:]
    usual = median(counted)
    distance = median(abs(value - usual) for value in counted) / _DISTANCE_SHARE
    # Counts of what happens by chance vary by their root at least.
    unit = max(distance, sqrt(median(levels[left_out:])), 1.0)
    scores = {}
    for place in range(left_out, len(values)):
        score = (values[place] - usual) / unit
        if score >= _LEAST_SCORE and values[place] >= least:
            scores[place] = score
    return scores


def _apart(found: Sequence[Moment]) -> tuple[Moment, ...]:
    """Keep the best of those that are near each other."""
    kept: list[Moment] = []
    for moment in sorted(found, key=lambda each: (-each.score, each.media_time_ms)):
        if len(kept) == MOMENTS_MAX:
            break
        if all(abs(moment.media_time_ms - other.media_time_ms) >= _APART_MS for other in kept):
            kept.append(moment)
    return tuple(kept)
