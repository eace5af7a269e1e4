"""Filters: what may not be said in a room, as its people have written it down. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from accounts.chat.folding import fold
from accounts.chat.links import host_of, hosts_in, is_within

PATTERN_CHARACTERS: Final = 100
_WORD: Final = re.compile(r"\w+")


class FilterKind(StrEnum):
    """How a pattern is meant."""

    WORD = "word"  # one word, or several in a row; not as a part of longer words
    PART = "part"  # anywhere, within words too: for scripts without blanks, and stubborn people
    DOMAIN = "domain"  # links to there, also where links are allowed
    ALLOWED_DOMAIN = "allowed-domain"  # links to there are allowed where others are not


class FilterError(ValueError):
    """The pattern can match nothing; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One pattern, in the form in which it is kept."""

    kind: FilterKind
    pattern: str

    @classmethod
    def of(cls, kind: FilterKind, text: str) -> "Filter":
        """Read what somebody wrote. Raises FilterError."""
        if kind in {FilterKind.DOMAIN, FilterKind.ALLOWED_DOMAIN}:
            host = host_of(text)
            if host is None:
                raise FilterError("expected a domain such as example.org")
            return cls(kind, host)
        pattern = " ".join(text.split())
        if len(pattern) > PATTERN_CHARACTERS:
            raise FilterError(f"expected at most {PATTERN_CHARACTERS} characters")
        if not (_words(pattern) if kind is FilterKind.WORD else fold(pattern).strip()):
            raise FilterError("expected letters or digits")
        return cls(kind, pattern)


class FilterSet:
    """The filters of one room, ready to be held against what is said there."""

    def __init__(self, filters: Iterable[Filter] = ()) -> None:
        phrases: dict[int, set[tuple[str, ...]]] = {}
        self._parts: list[str] = []
        self._domains: list[str] = []
        self._allowed: list[str] = []
        for each in filters:
            match each.kind:
                case FilterKind.WORD:
                    words = _words(each.pattern)
                    phrases.setdefault(len(words), set()).add(words)
                case FilterKind.PART:
                    self._parts.append(fold(each.pattern))
                case FilterKind.DOMAIN:
                    self._domains.append(each.pattern)
                case FilterKind.ALLOWED_DOMAIN:
                    self._allowed.append(each.pattern)
        self._phrases = {length: frozenset(found) for length, found in phrases.items()}

    def refuses_words(self, text: str) -> bool:
        """Whether a word or a part of the text is not to be said."""
        if not self._phrases and not self._parts:
            return False
        folded = fold(text)
        if any(part in folded for part in self._parts):
            return True
        words = tuple(_WORD.findall(folded))
        return any(
            words[first : first + length] in found
            for length, found in self._phrases.items()
            for first in range(len(words) - length + 1)
        )

    def refuses_links(self, text: str, *, links_allowed: bool) -> bool:
        """Whether the text leads to where it may not."""
        if links_allowed and not self._domains:
            return False
        for host in hosts_in(text):
            if any(is_within(host, domain) for domain in self._domains):
                return True
            if not links_allowed and not any(is_within(host, each) for each in self._allowed):
                return True
        return False


def _words(pattern: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(pattern)))
