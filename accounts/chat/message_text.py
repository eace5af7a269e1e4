"""What people write in rooms: one line, made harmless without changing what it says. Pure.

Markup is kept as it is: pages show text as text. Taken out is what no reader sees and what would
turn the lines around it about or pile marks over them.
"""

import re
import unicodedata
from typing import Final

# Vietnamese has two marks on a letter, pointed Hebrew up to four; what piles dozens is no language.
MARKS_PER_BASE: Final = 5

# Directional marks, embeddings, overrides and isolates (UAX #9, 2): a line of chat needs none, for
# pages isolate each; and none may reach beyond its own line.
_DIRECTIONS: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u206a-\u206f"
# Letters and symbols that show nothing, and spaces without width.
_UNSEEN: Final = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u2800\u3164\ufeff\uffa0"
    "\ufff0-\ufff8\U000e0100-\U000e0fff"
)
_NO_CHARACTERS: Final = "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff\ue000-\uf8ff"
_TAKEN_OUT: Final = re.compile(f"[{_DIRECTIONS}{_UNSEEN}{_NO_CHARACTERS}]")
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f]")  # line ends and tabs become blanks
# Flags of regions are written with invisible tags (UTS #51, 5.1); nothing else may be.
_TAGS: Final = re.compile(
    "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f)"
    "|[\U000e0000-\U000e007f]"
)
_BLANKS: Final = re.compile(r"\s+")
_JOINERS: Final = re.compile("[\u200c\u200d]+")
# Persian, Indic scripts and emoji join with them; beside nothing they only hide.
_LOOSE_JOINER: Final = re.compile(
    "(?:^|(?<=[\\s!-/:-@\\[-`{-~]))[\u200c\u200d]|[\u200c\u200d](?=\\s|$)"
)
_ZERO_WIDTH_JOINER: Final = "\u200d"


class MessageTextError(ValueError):
    """The text cannot be said: `code` says why for programs, the error for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def tidy(text: str, *, graphemes_max: int, bytes_max: int) -> str:
    """Return the text as it is said: composed (NFC), in one line, nothing hidden in it.

    What is tidy stays as it is. Lengths are counted as readers count letters, and in UTF-8.
    Raises MessageTextError with the code `empty` or `too-long`.
    """
    if len(text) > bytes_max * 4:
        raise _too_long(graphemes_max)  # before anything is made of it
    line = _without_hidden(unicodedata.normalize("NFC", text))
    line = unicodedata.normalize("NFC", line)
    if not any(map(_is_seen, line)):
        raise MessageTextError("empty", "There is nothing to read in it.")
    if grapheme_count(line) > graphemes_max or len(line.encode()) > bytes_max:
        raise _too_long(graphemes_max)
    return line


def grapheme_count(text: str) -> int:
    """Count what readers take for one letter or picture each.

    A near miss of UAX #29 that needs no tables: marks, joined pictures, skin tones, flags and
    Hangul belong to what is before them.
    """
    count, is_joined, half_flag = 0, False, False
    for character in text:
        is_flag = "\U0001f1e6" <= character <= "\U0001f1ff"
        if is_flag and half_flag:
            half_flag = False
        elif _belongs_to_last(character):
            is_joined = character == _ZERO_WIDTH_JOINER
            count = max(count, 1)
            continue
        elif not is_joined:
            count += 1
            half_flag = is_flag
        is_joined = False
    return count


def _without_hidden(text: str) -> str:
    text = _TAGS.sub(lambda found: found[1] or "", text)
    text = _CONTROLS.sub(" ", _TAKEN_OUT.sub("", text))
    text = _bounded_marks(_JOINERS.sub(lambda found: found[0][0], text))
    text = _BLANKS.sub(" ", text).strip()
    while (fewer := _LOOSE_JOINER.sub("", text)) != text:
        text = _BLANKS.sub(" ", fewer).strip()
    return text


def _bounded_marks(text: str) -> str:
    kept, marks = [], MARKS_PER_BASE  # a mark without a letter before it is none
    for character in text:
        if unicodedata.category(character)[0] != "M":
            marks = MARKS_PER_BASE if character.isspace() else 0
        elif marks >= MARKS_PER_BASE:
            continue
        else:
            marks += 1
        kept.append(character)
    return "".join(kept)


def _belongs_to_last(character: str) -> bool:
    return (
        character in {"\u200c", _ZERO_WIDTH_JOINER}
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags
        or "\u1160" <= character <= "\u11ff"  # vowels and finals of Hangul
        or unicodedata.category(character)[0] == "M"
    )


def _is_seen(character: str) -> bool:
    # Pictures newer than our tables are "unassigned" to them, and seen all the same.
    return unicodedata.category(character)[0] in "LNPS" or unicodedata.category(character) == "Cn"


def _too_long(graphemes_max: int) -> MessageTextError:
    return MessageTextError("too-long", f"It may have {graphemes_max} characters at most.")
