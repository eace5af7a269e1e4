"""Keys that are shown once: what they look like, what is kept of them, how one is recognised.

A key is `PREFIXLOOKUP_SECRET`. LOOKUP finds the row without scanning and may be shown ever after;
SECRET is 160 random bits. Of the whole only a SHA-256 is kept: that much randomness needs no slow
hash (there is no dictionary to try), and a fast one cannot be used to tire the server. The
alphabet has no character that a URL, a shell or an encoder's form takes for something else, and
none that are mistaken for each other when read aloud.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 characters: 5 bits each
_LOOKUP_CHARACTERS: Final = 10
_SECRET_CHARACTERS: Final = 32  # 160 bits
_NOTHING: Final = bytes(32)


@dataclass(frozen=True, slots=True)
class ShownOnceKey:
    """A key at the only moment at which anybody knows it."""

    lookup: str
    digest: bytes = field(repr=False)
    _text: str = field(repr=False)

    def reveal(self) -> str:
        """Return the key itself, to be shown once."""
        return self._text


class KeyKind:
    """The keys that begin with `prefix`; no key of one kind is one of another."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._key = re.compile(
            f"{prefix}([{_ALPHABET}]{{{_LOOKUP_CHARACTERS}}})_[{_ALPHABET}]{{{_SECRET_CHARACTERS}}}",
            re.ASCII,
        )

    def make(self) -> ShownOnceKey:
        """Make a key from the system's randomness."""
        lookup, secret = _random_text(_LOOKUP_CHARACTERS), _random_text(_SECRET_CHARACTERS)
        text = f"{self._prefix}{lookup}_{secret}"
        return ShownOnceKey(lookup, digest_of_key(text), text)

    def lookup_of(self, text: str) -> str | None:
        """Return the part of a key that finds its row; None for what cannot be such a key."""
        match = self._key.fullmatch(text)
        return match[1] if match is not None else None


def digest_of_key(text: str) -> bytes:
    """Return what is kept of a key: 32 bytes."""
    return hashlib.sha256(text.encode()).digest()


def is_key_of(text: str, digest: bytes | None) -> bool:
    """Compare in constant time; `digest` is None where the lookup found no row."""
    found = hmac.compare_digest(digest_of_key(text), digest or _NOTHING)
    return found and digest is not None


def _random_text(character_count: int) -> str:
    return "".join(_ALPHABET[octet & 31] for octet in secrets.token_bytes(character_count))
