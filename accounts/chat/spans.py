"""Spans: where in a text emotes and names stand. Pure.

Places are in units of UTF-16, as JavaScript and JSON's readers there count.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CODE_PATTERN: Final = r"[A-Za-z0-9_]{2,32}"
EMOTES_PER_MESSAGE: Final = 50
MENTIONS_PER_MESSAGE: Final = 10
_CODE: Final = re.compile(rf":({CODE_PATTERN}):", re.ASCII)
_AT: Final = re.compile(r"(?<!\w)@(?=\S)")
_NAME_CHARACTERS: Final = 50


@dataclass(frozen=True, slots=True)
class Span:
    """`what` stands from `start` to before `end`."""

    what: str
    start: int
    end: int


def emotes_in(text: str, known: Mapping[str, object]) -> tuple[Span, ...]:
    """Return where codes of known emotes stand, colons included."""
    found: list[Span] = []
    place = 0
    while len(found) < EMOTES_PER_MESSAGE:
        code = _CODE.search(text, place)
        if code is None:
            break
        if code[1] in known:
            found.append(_span(code[1], text, code.start(), code.end()))
            place = code.end()
        else:
            place = code.end() - 1  # its last colon may begin the next
    return tuple(found)


def mentions_in(text: str, known: Mapping[str, str]) -> tuple[Span, ...]:
    """Return where people are called with @ and their name; `what` is their account.

    `known` holds accounts by case-folded name. Of several names that fit the longest is meant.
    """
    found: list[Span] = []
    end = 0
    for at in _AT.finditer(text):
        if at.start() < end or len(found) == MENTIONS_PER_MESSAGE:
            continue
        for stop in range(min(len(text), at.end() + _NAME_CHARACTERS), at.end(), -1):
            if stop < len(text) and text[stop].isalnum() and text[stop - 1].isalnum():
                continue  # within a word
            account = known.get(text[at.end() : stop].casefold())
            if account is not None:
                found.append(_span(account, text, at.start(), stop))
                end = stop
                break
    return tuple(found)


def _span(what: str, text: str, start: int, end: int) -> Span:
    return Span(what, _units(text, start), _units(text, end))


def _units(text: str, place: int) -> int:
    return place + sum(character > "\uffff" for character in text[:place])
