"""Encryption of one alert for one browser (RFC 8291), which alone can read it. Not its service."""

from dataclasses import dataclass, field
from typing import Final

import http_ece
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

CONTENT_ENCODING: Final = "aes128gcm"
PLAIN_BYTES: Final = 3_000  # services take 4,096 bytes, of which 103 go around them


@dataclass(frozen=True, slots=True)
class BrowserKeys:
    """What a browser gave with its consent: a point of P-256, and 16 bytes."""

    public_key: bytes
    auth_secret: bytes = field(repr=False)


def encrypted(plain: bytes, keys: BrowserKeys) -> bytes:
    """Encrypt with a key that is used once."""
    if len(plain) > PLAIN_BYTES:
        raise ValueError(f"expected at most {PLAIN_BYTES} bytes, got {len(plain)}")
    sealed: bytes = http_ece.encrypt(
        plain,
        private_key=generate_private_key(SECP256R1()),
        dh=keys.public_key,
        auth_secret=keys.auth_secret,
        version=CONTENT_ENCODING,
    )
    return sealed
