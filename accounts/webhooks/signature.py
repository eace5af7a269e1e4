"""Signatures of deliveries, as in Standard Webhooks 1.0. Pure but for new secrets.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Final

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - begins secrets, and is none
_SECRET_BYTES: Final = 32  # the specification: 24 to 64


def new_secret() -> bytes:
    """Make the key of one webhook."""
    return secrets.token_bytes(_SECRET_BYTES)


def secret_text(secret: bytes) -> str:
    """Write a key as its owner gets it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def signed_headers(
    message_id: str, unix_s: int, body: bytes, keys: Sequence[bytes]
) -> Mapping[str, str]:
    """Return the headers that prove who sent a body, and when; one signature for each key."""
    signed = b".".join((message_id.encode(), str(unix_s).encode(), body))
    signatures = (
        "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys
    )
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(unix_s),
        "webhook-signature": " ".join(signatures),
    }
