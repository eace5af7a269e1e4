"""SessionIds: short names of playback sessions, which nobody else can make up. Pure.

A name is made where a player begins, and stands in the URLs that it then asks for. Nothing is
remembered of it before it is used: that it was made here, for this channel, its last bytes prove.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Final

SESSION_ID_LENGTH: Final = 12  # characters
_RANDOM_BYTES: Final = 5
_PROOF_BYTES: Final = 4


class SessionIds:
    """Makes and recognises names. `keys` are secrets, the newest first; `random_bytes` is chance.

    Who guesses is right once in four thousand million times, and has won a viewer.
    """

    def __init__(self, keys: tuple[bytes, ...], random_bytes: Callable[[int], bytes]) -> None:
        self._keys = keys
        self._random_bytes = random_bytes

    def make(self, channel: str) -> bytes:
        """Return a new name."""
        number = self._random_bytes(_RANDOM_BYTES)
        return urlsafe_b64encode(number + _proof(self._keys[0], number, channel))

    def is_ours(self, name: bytes, channel: str) -> bool:
        """Whether the name was made for this channel. Never raises."""
        try:
            raw = urlsafe_b64decode(name)
        except ValueError:
            return False
        if len(name) != SESSION_ID_LENGTH or len(raw) != _RANDOM_BYTES + _PROOF_BYTES:
            return False
        number, proof = raw[:_RANDOM_BYTES], raw[_RANDOM_BYTES:]
        return any(_proof(key, number, channel) == proof for key in self._keys)


def _proof(key: bytes, number: bytes, channel: str) -> bytes:
    text = number + channel.encode()
    return hashlib.blake2b(text, digest_size=_PROOF_BYTES, key=key).digest()
