"""Taste: what somebody likes, from what they watched and follow. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

# After this many days what was watched counts half: tastes change within weeks.
HALF_LIFE_DAYS: Final = 14
# A follow says as much of a taste as this much watching, today.
FOLLOW_WORTH_MS: Final = 30 * 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a channel is like; `language` is a BCP 47 tag."""

    category: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    is_mature: bool = False


@dataclass(frozen=True, slots=True)
class Watched:
    """How long somebody watched a channel on one day; `day` counts from 1970 (UTC)."""

    channel_id: str
    day: int
    watched_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """What somebody likes.

    `watched_ms` is by channel, with what is long ago counted less. The shares are 0 to 1: how much
    of all that they watch and follow is of a category, has a tag, is in a language (without its
    region).
    """

    watched_ms: Mapping[str, float] = field(default_factory=dict)
    categories: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, float] = field(default_factory=dict)
    languages: Mapping[str, float] = field(default_factory=dict)
    likes_mature: bool = False

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of somebody."""
        return not self.watched_ms and not self.categories and not self.languages


def taste_of(
    watched: Iterable[Watched],
    followed: Iterable[str],
    traits: Mapping[str, Traits],
    today: int,
) -> Taste:
    """Sum up what somebody watched and the ids of what they follow.

    Channels without traits, which are gone, count for nothing. Days after today, of a clock that
    was set back, count as today.
    """
    watched_ms: dict[str, float] = {}
    for each in watched:
        if each.channel_id in traits and each.watched_ms > 0:
            worth = each.watched_ms * 0.5 ** (max(0, today - each.day) / HALF_LIFE_DAYS)
            watched_ms[each.channel_id] = watched_ms.get(each.channel_id, 0.0) + worth
    worth_ms = dict(watched_ms)
    for channel_id in set(followed):
        if channel_id in traits:
            worth_ms[channel_id] = worth_ms.get(channel_id, 0.0) + FOLLOW_WORTH_MS
    categories: dict[str, float] = {}
    tags: dict[str, float] = {}
    languages: dict[str, float] = {}
    total_ms = sum(worth_ms.values())
    if total_ms <= 0:
        return Taste()
    for channel_id, worth in worth_ms.items():
        liked = traits[channel_id]
        share = worth / total_ms
        if liked.category is not None:
            categories[liked.category] = categories.get(liked.category, 0.0) + share
        for tag in dict.fromkeys(liked.tags):
            tags[tag] = tags.get(tag, 0.0) + share
        if liked.language is not None:
            language = primary_language(liked.language)
            languages[language] = languages.get(language, 0.0) + share
    return Taste(
        watched_ms=watched_ms,
        categories=categories,
        tags=tags,
        languages=languages,
        likes_mature=any(traits[channel_id].is_mature for channel_id in worth_ms),
    )


def primary_language(language: str) -> str:
    """Return a language without its region: "pt" of "pt-BR"."""
    return language.split("-", 1)[0].lower()
