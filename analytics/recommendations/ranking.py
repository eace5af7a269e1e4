"""Ranking: the order in which live channels are recommended, and why each is there. Pure.

A channel gets points for what speaks for it. It is shown with what binds the person to it itself,
if they follow or watched it, and else with the reason that gave most: what its category gave may
come from itself. No point comes from what cannot be said: the sum is the whole ranking.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from analytics.recommendations.taste import Taste, Traits, primary_language

_FOLLOWED_POINTS: Final = 4.0
_WATCHED_POINTS: Final = 3.0
_CATEGORY_POINTS: Final = 2.0
_TAG_POINTS: Final = 1.0
_LANGUAGE_POINTS: Final = 0.5
_POPULAR_POINTS: Final = 0.5
# As much watching, or as many viewers, as gives half the points that there are for it.
_HALF_WATCHED_MS: Final = 20 * 60_000
_HALF_VIEWERS: Final = 100


class Reason(StrEnum):
    """Why a channel is recommended."""

    FOLLOWED = "followed"
    WATCHED = "watched"
    CATEGORY = "category"
    TAG = "tag"
    LANGUAGE = "language"
    POPULAR = "popular"


_OWN: Final = (Reason.FOLLOWED, Reason.WATCHED)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A channel that is live and that the person may watch."""

    channel_id: str
    traits: Traits
    viewers: int
    is_followed: bool


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A channel with its points. `subject` is the category, tag or language that is the reason."""

    candidate: Candidate
    points: float
    reason: Reason
    subject: str | None = None


def rank(candidates: Iterable[Candidate], taste: Taste, limit: int) -> list[Recommendation]:
    """Order candidates by their points, the most first; equals by viewers, then by id.

    What is not for everybody is left out unless the person watches or follows such channels.
    """
    judged = [
        judge(each, taste)
        for each in candidates
        if each.is_followed or taste.likes_mature or not each.traits.is_mature
    ]
    judged.sort(key=lambda one: (-one.points, -one.candidate.viewers, one.candidate.channel_id))
    return judged[:limit]


def judge(candidate: Candidate, taste: Taste) -> Recommendation:
    """Give a candidate its points, and the reason that is told."""
    traits = candidate.traits
    grounds: list[tuple[float, Reason, str | None]] = [
        (_POPULAR_POINTS * _half_at(candidate.viewers, _HALF_VIEWERS), Reason.POPULAR, None)
    ]
    if candidate.is_followed:
        grounds.append((_FOLLOWED_POINTS, Reason.FOLLOWED, None))
    watched_ms = taste.watched_ms.get(candidate.channel_id, 0.0)
    if watched_ms > 0:
        points = _WATCHED_POINTS * _half_at(watched_ms, _HALF_WATCHED_MS)
        grounds.append((points, Reason.WATCHED, None))
    if traits.category is not None and traits.category in taste.categories:
        points = _CATEGORY_POINTS * taste.categories[traits.category]
        grounds.append((points, Reason.CATEGORY, traits.category))
    liked_tags = [tag for tag in traits.tags if tag in taste.tags]
    if liked_tags:
        tag = max(liked_tags, key=lambda each: taste.tags[each])
        grounds.append((_TAG_POINTS * taste.tags[tag], Reason.TAG, tag))
    if traits.language is not None:
        language = primary_language(traits.language)
        if language in taste.languages:
            points = _LANGUAGE_POINTS * taste.languages[language]
            grounds.append((points, Reason.LANGUAGE, language))
    _, reason, subject = max(grounds, key=lambda ground: (ground[1] in _OWN, ground[0]))
    return Recommendation(candidate, math.fsum(each[0] for each in grounds), reason, subject)


def _half_at(amount: float, half: float) -> float:
    """Return 0 for nothing, a half for `half`, and nearly 1 for very much."""
    return max(0.0, amount) / (max(0.0, amount) + half)
