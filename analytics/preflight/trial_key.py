"""Test keys: what they look like, what is kept of them, and how one is recognised.

A test key is `rct_LOOKUP_SECRET`, so that it can be no stream key (`rc_...`), and no stream key one
of these: neither is ever looked for among the others. As of stream keys, LOOKUP finds the row,
SECRET is 160 random bits, and of the whole only a SHA-256 is kept: that much randomness needs no
slow hash.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

TRIAL_KEY_PREFIX: Final = "rct_"
_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 characters: 5 bits each
_LOOKUP_CHARACTERS: Final = 10
_SECRET_CHARACTERS: Final = 32  # 160 bits
_KEY: Final = re.compile(
    f"{TRIAL_KEY_PREFIX}([{_ALPHABET}]{{{_LOOKUP_CHARACTERS}}})"
    f"_[{_ALPHABET}]{{{_SECRET_CHARACTERS}}}",
    re.ASCII,
)
_NOTHING: Final = bytes(32)


@dataclass(frozen=True, slots=True)
class NewTrialKey:
    """A test key at the only moment at which anybody knows it."""

    lookup: str
    digest: bytes = field(repr=False)
    _text: str = field(repr=False)

    def reveal(self) -> str:
        """Return the key itself, to be shown once."""
        return self._text


def make_trial_key() -> NewTrialKey:
    """Make a key from the system's randomness."""
    lookup, secret = _random_text(_LOOKUP_CHARACTERS), _random_text(_SECRET_CHARACTERS)
    text = f"{TRIAL_KEY_PREFIX}{lookup}_{secret}"
    return NewTrialKey(lookup, _digest_of(text), text)


def is_meant_as_trial_key(text: str) -> bool:
    """Whether whoever sent this means a test key, a good one or not."""
    return text.startswith(TRIAL_KEY_PREFIX)


def trial_lookup(text: str) -> str | None:
    """Return the part of a key that finds its row; None for what cannot be a test key."""
    match = _KEY.fullmatch(text)
    return match[1] if match is not None else None


def is_trial_key_of(text: str, digest: bytes | None) -> bool:
    """Compare in constant time; `digest` is None where the lookup found no row."""
    found = hmac.compare_digest(_digest_of(text), digest or _NOTHING)
    return found and digest is not None


def _digest_of(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _random_text(character_count: int) -> str:
    return "".join(_ALPHABET[octet & 31] for octet in secrets.token_bytes(character_count))
