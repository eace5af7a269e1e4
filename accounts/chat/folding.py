"""Folding: what readers take for the same word becomes the same text. For filters, never shown.

Compatibility forms, case, accents and letters of other alphabets that look alike are one. Pure.
"""

# ruff: noqa: RUF001 - letters that look alike are what this is about
import unicodedata
from typing import Final

# Letters that look like Latin ones in usual typefaces, after case folding. Whole alphabets are
# folded onto the letter that they resemble: nobody reads what this makes.
_UNSEEN: Final = frozenset({"Mn", "Mc", "Me", "Cf"})
_LOOKALIKES: Final = str.maketrans(
    {
        # Cyrillic
        "а": "a", "в": "b", "е": "e", "ё": "e", "ѕ": "s", "і": "i", "ї": "i", "ј": "j", "к": "k",
        "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t", "у": "y", "ү": "y", "х": "x",
        "һ": "h", "ԁ": "d", "ԛ": "q", "ԝ": "w", "ӏ": "l", "ь": "b", "г": "r", "п": "n", "ѵ": "v",
        # Greek
        "α": "a", "β": "b", "γ": "y", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o",
        "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "ω": "w", "σ": "o", "ϲ": "c", "ϳ": "j",
        # Latin beyond what marks explain, and small capitals
        "ı": "i", "ɩ": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ɑ": "a", "ɡ": "g",
        "ƅ": "b", "ʀ": "r", "ɴ": "n", "ʏ": "y", "ʜ": "h", "ʟ": "l", "ᴀ": "a", "ᴄ": "c", "ᴅ": "d",
        "ᴇ": "e", "ᴊ": "j", "ᴋ": "k", "ᴍ": "m", "ᴏ": "o", "ᴘ": "p", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v",
        "ᴡ": "w", "ᴢ": "z", "ʙ": "b", "ɢ": "g", "ɪ": "i", "ѐ": "e", "ꜱ": "s",
        # Armenian and others
        "օ": "o", "ո": "n", "ս": "u", "հ": "h", "ց": "g", "ӧ": "o",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """Return the folded text. Folding what is folded changes nothing."""
    while (folded := _folded_once(text)) != text:
        text = folded
    return folded


def _folded_once(text: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    seen = "".join(
        each for each in apart if unicodedata.category(each)[0] != "M" and each != "\xad"
    )
    bare = "".join(each for each in seen if unicodedata.category(each) != "Cf")
    return unicodedata.normalize("NFKC", bare).translate(_LOOKALIKES)
