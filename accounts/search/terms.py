"""Terms: text as the words that are searched for, the same on every database.

Databases cut text into words each in its own way, and some by the locale of the machine. So words
are cut, folded and, where a script writes no spaces, overlapped here; the database only stores
and finds them. Pure.
"""

import unicodedata
from collections.abc import Iterator
from itertools import groupby, islice, pairwise
from typing import Final

TERM_CHARACTERS: Final = 64
TERMS_PER_TEXT: Final = 1_000
QUERY_CHARACTERS: Final = 200
TERMS_PER_QUERY: Final = 8

# Accents that Latin, Greek and Cyrillic readers leave out when they type: the combining marks of
# U+0300 to U+036F. The marks of other scripts make other words and stay.
_ACCENTS: Final = range(0x300, 0x370)
# Scripts written without spaces: Thai to Khmer, kana, CJK ideographs. Hangul has spaces.
_UNSPACED: Final = (
    range(0x0E00, 0x0F00),
    range(0x1000, 0x10A0),
    range(0x1780, 0x1800),
    range(0x3040, 0x3100),
    range(0x31F0, 0x3200),
    range(0x3400, 0x4DC0),
    range(0x4E00, 0xA000),
    range(0xF900, 0xFB00),
    range(0x20000, 0x32000),
)


def terms_of(text: str, limit: int = TERMS_PER_TEXT) -> list[str]:
    """Return the words of a text in their order, folded, at most `limit`.

    A run of an unspaced script becomes its overlapping pairs of letters (生放送 is 生放 and 放送),
    so that any part of it of two letters or more is found. Words hold letters, marks and digits
    alone.
    """
    return list(islice(_terms(fold(text)), limit))


def query_terms(text: str) -> list[str]:
    """Return the words that a search is for, each once; none if there is nothing to look for."""
    return list(dict.fromkeys(terms_of(text[:QUERY_CHARACTERS], TERMS_PER_QUERY)))


def fold(text: str) -> str:
    """Return a text as it is compared: whatever its capitals, widths and accents."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(letter for letter in decomposed if ord(letter) not in _ACCENTS)
    return unicodedata.normalize("NFC", bare)


def _terms(folded: str) -> Iterator[str]:
    for kind, letters in groupby(folded, _kind):
        run = "".join(letters)
        if kind == "word":
            # A word beyond the limit is still found by how it begins.
            yield run[:TERM_CHARACTERS]
        elif kind == "unspaced":
            if len(run) == 1:
                yield run
            for first, second in pairwise(run):
                yield first + second


def _kind(letter: str) -> str:
    if unicodedata.category(letter)[0] not in "LMN":
        return "gap"
    code = ord(letter)
    return "unspaced" if any(code in block for block in _UNSPACED) else "word"
