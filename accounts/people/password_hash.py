"""PasswordHash: argon2id with certain parameters, written as the PHC string that databases keep.

libsodium computes it with the widest instructions that the processor has, in two thirds of the
time that OpenSSL and the algorithm's own authors take. It checks hashes of any lanes, but makes
those of one lane alone; OpenSSL makes the others.
"""

import os
from dataclasses import dataclass
from typing import Final

_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
_TEXT_LIMIT: Final = 127  # what libsodium reads; its own and OpenSSL's take 96 to 104 characters


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """What new hashes cost. Each call takes 10 ms or more: never on the event loop."""

    memory_kib: int
    passes: int
    lanes: int

    def make(self, password: bytes) -> str:
        """Return what to store, with a salt of its own."""
        if self.lanes != 1:
            return self._made_with_lanes(password)
        from nacl.pwhash import argon2id  # noqa: PLC0415 - see accounts/later.py

        made = argon2id.str(password, opslimit=self.passes, memlimit=self.memory_kib * 1024)
        return str(made, "ascii")

    def matches(self, stored: str, password: bytes) -> bool:
        """Whether the hash, made with whatever parameters, is that of the password."""
        from nacl.exceptions import InvalidkeyError  # noqa: PLC0415 - as above
        from nacl.pwhash import argon2id  # noqa: PLC0415 - as above

        if len(stored) > _TEXT_LIMIT or not stored.isascii():
            return False
        try:
            return argon2id.verify(stored.encode(), password)
        except InvalidkeyError:  # or the hash is none
            return False

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters."""
        return not stored.startswith(
            f"$argon2id$v=19$m={self.memory_kib},t={self.passes},p={self.lanes}$"
        )

    def _made_with_lanes(self, password: bytes) -> str:
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415 - as above

        return Argon2id(
            salt=os.urandom(_SALT_BYTES),
            length=_HASH_BYTES,
            iterations=self.passes,
            lanes=self.lanes,
            memory_cost=self.memory_kib,
        ).derive_phc_encoded(password)
