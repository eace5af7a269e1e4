"""Labels: what playbacks are split by, each with few values; and who asks not to be counted. Pure.

All of it is read from header fields as a browser sends them anyway, and coarse: no version of
anything, no region of a country.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from analytics.quality.languages import language_named
from analytics.viewers.agents import OTHER, player_of

UNKNOWN: Final = "unknown"

# The first that is found names the browser: most claim to be Chrome or Safari, too.
_BROWSERS: Final = (
    ("edg", "edge"),
    ("opr/", "opera"),
    ("samsungbrowser/", "samsung"),
    ("firefox/", "firefox"),
    ("fxios/", "firefox"),
    ("crios/", "chrome"),
    ("chrome/", "chrome"),
    ("chromium/", "chrome"),
    ("safari/", "safari"),
)
BROWSERS: Final = frozenset({OTHER, *(name for _, name in _BROWSERS)})
_LANGUAGE: Final = re.compile(r"[ \t]*([A-Za-z]{2,3})(?![A-Za-z0-9])")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_NOWHERE: Final = frozenset({"XX", "ZZ"})  # what proxies say of addresses that they do not know
_READ_CHARACTERS: Final = 512


class Dimension(StrEnum):
    """By what figures are split, by one of these at a time."""

    BROWSER = "browser"
    PLAYER = "player"
    COUNTRY = "country"
    LANGUAGE = "language"


class Labels(NamedTuple):
    """The values of one playback, in the order of Dimension."""

    browser: str
    player: str
    country: str
    language: str


class Client(NamedTuple):
    """What header fields say. `is_cross_site`: a page of somebody else's has sent it.

    `opts_out`: by Global Privacy Control or Do Not Track. `forwarded_for` and `country` count if a
    trusted proxy has sent them.
    """

    browser: str
    player: str | None
    language: str
    country: str
    forwarded_for: str
    opts_out: bool
    is_cross_site: bool


def read_client(block: bytes, country_header: str) -> Client:
    """Read header fields, from the CRLF before the first to the empty line. Never raises."""
    found: dict[str, str] = {}
    for line in block.decode("latin-1").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            found[name.lower()] = value.strip(" \t")
    agent = found.get("user-agent", "")[:_READ_CHARACTERS]
    country = found.get(country_header.lower(), "") if country_header else ""
    return Client(
        browser_of(agent),
        player_of(agent),
        language_of(found.get("accept-language", "")),
        country_of(country),
        found.get("x-forwarded-for", ""),
        opts_out=found.get("sec-gpc") == "1" or found.get("dnt") == "1",
        is_cross_site=found.get("sec-fetch-site", "") in {"cross-site", "same-site"},
    )


@lru_cache(maxsize=1024)
def browser_of(user_agent: str) -> str:
    """Name the browser of a User-Agent."""
    text = user_agent[:_READ_CHARACTERS].lower()
    return next((browser for token, browser in _BROWSERS if token in text), OTHER)


def language_of(text: str) -> str:
    """Return the primary subtag of a language tag, or of a list of them (RFC 5646, 2.1).

    It is "other" for one that is no language's.
    """
    match = _LANGUAGE.match(text[:_READ_CHARACTERS])
    return UNKNOWN if match is None else language_named(match[1].lower()) or OTHER


def country_of(text: str) -> str:
    """Return a country's two letters (ISO 3166-1)."""
    country = text.upper()
    if country in _NOWHERE or _COUNTRY.fullmatch(country) is None:
        return UNKNOWN
    return country.lower()


class LabelBounds:
    """Lets a channel have so many languages and countries a day; what comes later is "other".

    Browsers and players are few by themselves.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._day = 0
        self._seen: dict[tuple[str, Dimension], set[str]] = {}

    def bounded(self, channel_id: str, day: int, labels: Labels) -> Labels:
        """Return the labels, with "other" for what is one too many."""
        if day != self._day:
            self._day = day
            self._seen.clear()
        country = self._admitted(channel_id, Dimension.COUNTRY, labels.country)
        language = self._admitted(channel_id, Dimension.LANGUAGE, labels.language)
        return Labels(labels.browser, labels.player, country, language)

    def _admitted(self, channel_id: str, dimension: Dimension, value: str) -> str:
        if value in {UNKNOWN, OTHER}:
            return value
        key = channel_id, dimension
        seen = self._seen.get(key)
        if seen is None:
            seen = self._seen[key] = set()
        if value in seen:
            return value
        if len(seen) >= self._limit:
            return OTHER
        seen.add(value)
        return value
