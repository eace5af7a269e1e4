"""Sealing: values that have to be read again, kept so that the database alone shows nothing."""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.key_ring import DerivedKeys

_NONCE_BYTES: Final = 12  # NIST SP 800-38D, 8.2.2: random, far below 2**32 seals a key


class UnsealError(Exception):
    """The value was sealed with a key that is gone, for somebody else, or was tampered with."""


class Seal:
    """Seals with the newest key (AES-256-GCM) and opens with any that is known."""

    def __init__(self, keys: DerivedKeys) -> None:
        self._keys = keys

    def close(self, value: bytes, owner: str) -> bytes:
        """Seal a value so that it can be opened for this owner alone."""
        key_id = bytes.fromhex(self._keys.newest_id)
        nonce = os.urandom(_NONCE_BYTES)
        return key_id + nonce + AESGCM(self._keys.newest).encrypt(nonce, value, owner.encode())

    def open(self, sealed: bytes, owner: str) -> bytes:
        """Return the value. Raises UnsealError."""
        id_bytes = len(self._keys.newest_id) // 2
        key = self._keys.by_id.get(sealed[:id_bytes].hex())
        if key is None:
            raise UnsealError("expected a key that is in the server's file of secrets")
        nonce, text = sealed[id_bytes : id_bytes + _NONCE_BYTES], sealed[id_bytes + _NONCE_BYTES :]
        try:
            return AESGCM(key).decrypt(nonce, text, owner.encode())
        except (InvalidTag, ValueError):
            raise UnsealError("expected a value that was sealed for this owner") from None
