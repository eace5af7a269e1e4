"""Text that people write about their channels: what is kept of it, and what is refused.

Markup is kept as it is: pages show text as text. Refused is what no reader could see or what
would turn the text around it about. Pure.
"""

import re
import unicodedata
from typing import Final

TITLE_CHARACTERS: Final = 140
DESCRIPTION_CHARACTERS: Final = 5_000
TAG_CHARACTERS: Final = 32
TAGS_PER_CHANNEL: Final = 10
LABEL_CHARACTERS: Final = 60
REASON_CHARACTERS: Final = 500
LANGUAGE_CHARACTERS: Final = 35  # the longest that RFC 5646, 4.4.1 asks implementations to take

# Overrides and embeddings reach beyond the text that they stand in (UAX #9, 2.2); the marks and
# isolates that right-to-left scripts need are not among them, and isolates must be closed.
_REACHING: Final = re.compile("[\u202a-\u202e]")
_ISOLATE: Final = re.compile("[\u2066-\u2068]")
_ISOLATE_END: Final = "\u2069"
_BLANKS: Final = re.compile(r"\s+")
_TAG_JOINT: Final = re.compile(r"[\s_-]+")


class WrittenTextError(ValueError):
    """The text cannot be kept; the error says what was expected. It repeats nothing of it."""


def one_line(text: str, limit: int) -> str:
    """Return a single line: composed (NFC), trimmed, its blanks made single. May be empty."""
    line = _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()
    _refuse_unseen(line, "")
    return _within(line, limit)


def several_lines(text: str, limit: int) -> str:
    """Return text of any number of lines: composed, trimmed, lines ended by LF. May be empty."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    _refuse_unseen(lines, "\n\t")
    return _within(lines, limit)


def label(text: str) -> str:
    """Return a name that its owner gives to a key or a link; never empty."""
    line = one_line(text, LABEL_CHARACTERS)
    if not line:
        raise WrittenTextError("expected a name, got nothing")
    return line


def tag(text: str) -> str:
    """Return the canonical form of a tag: folded, words joined by hyphens, letters and digits.

    NFKC and case folding make one tag of what readers take for one ("Ｃａｆé", "CAFÉ").
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    joined = _TAG_JOINT.sub("-", folded.lstrip("#")).strip("-")
    if not joined:
        raise WrittenTextError("expected a word, got nothing")
    for character in joined:
        if character != "-" and unicodedata.category(character)[0] not in "LMN":
            raise WrittenTextError("expected letters, digits and hyphens")
    return _within(joined, TAG_CHARACTERS)


def language(text: str) -> str:
    """Return a language tag in its canonical form. Source: BCP 47 (RFC 5646), the IANA registry."""
    if 0 < len(text) <= LANGUAGE_CHARACTERS:
        # Loaded when the first tag comes: 32 ms that a start need not wait for.
        from langcodes import standardize_tag, tag_is_valid  # noqa: PLC0415 - as said
        from langcodes.tag_parser import LanguageTagError  # noqa: PLC0415 - as said

        try:
            if tag_is_valid(text):
                return standardize_tag(text)
        except LanguageTagError:
            pass
    raise WrittenTextError("expected a language tag such as en, pt-BR or zh-Hant")


def _refuse_unseen(text: str, allowed: str) -> None:
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs", "Cn"} and character not in allowed:
            raise WrittenTextError(f"expected text, got the character U+{ord(character):04X}")
    if (reaching := _REACHING.search(text)) is not None:
        raise WrittenTextError(f"expected text, got the character U+{ord(reaching[0]):04X}")
    if len(_ISOLATE.findall(text)) != text.count(_ISOLATE_END):
        raise WrittenTextError("expected every isolate of text direction to be closed")


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise WrittenTextError(f"expected at most {limit} characters, got {len(text)}")
    return text
