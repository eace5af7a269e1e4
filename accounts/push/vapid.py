"""VapidKey: how push services know this server (RFC 8292, Voluntary Application Server ID).

A browser's consent is tied to the public half, so the key outlives everything else: it is made
once and kept in a private file, or given in the settings where several servers are one.
"""

import base64
import os
import tempfile
from pathlib import Path
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_KEY_BYTES: Final = 32
_LIFE_S: Final = 12 * 3600  # RFC 8292, 2: not more than 24 hours
_RENEWED_S: Final = 3600  # of life left: a clock may be wrong
_AUDIENCES_MAX: Final = 500


class VapidKeyError(Exception):
    """The key cannot be used; the text says why and holds no secret."""


class VapidKey:
    """A key pair of P-256. Tokens are kept while they are good: one for each push service."""

    def __init__(self, private: EllipticCurvePrivateKey) -> None:
        self._private = private
        self._tokens: dict[tuple[str, str], tuple[str, float]] = {}
        point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public_text = base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Take a private key of the settings. Raises VapidKeyError."""
        try:
            plain = text.rstrip("=").encode("ascii")
            secret = base64.b64decode(plain + b"=" * (-len(plain) % 4), b"-_", validate=True)
            private = derive_private_key(int.from_bytes(secret), SECP256R1())
        except ValueError:
            secret = b""
        if len(secret) != _KEY_BYTES:
            raise VapidKeyError(
                f"accounts.push.private_key: expected {_KEY_BYTES} bytes in base64url"
            )
        return cls(private)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read the file; make it at the first start. Raises VapidKeyError."""
        try:
            if not path.exists():
                _make(path)
            text = path.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            said = error.strerror if isinstance(error, OSError) else "expected text"
            raise VapidKeyError(f"{path}: cannot keep the key for Web Push: {said}") from None
        try:
            return cls.of_text(text)
        except VapidKeyError:
            raise VapidKeyError(f"{path}: expected the file that the server wrote") from None

    def authorization(self, audience: str, contact: str, now_s: float) -> str:
        """Return the header that proves who sends to a push service, by its origin."""
        import jwt  # noqa: PLC0415 - see accounts/later.py

        kept = self._tokens.get((audience, contact))
        if kept is None or kept[1] - now_s < _RENEWED_S:
            if len(self._tokens) >= _AUDIENCES_MAX:
                self._tokens.clear()
            expires_s = now_s + _LIFE_S
            claims = {"aud": audience, "exp": int(expires_s), "sub": contact}
            kept = jwt.encode(claims, self._private, algorithm="ES256"), expires_s
            self._tokens[audience, contact] = kept
        return f"vapid t={kept[0]}, k={self.public_text}"

    def __repr__(self) -> str:
        return f"VapidKey({self.public_text})"


def _make(path: Path) -> None:
    """Write a new key, whole or not at all, unless somebody else is first."""
    secret = generate_private_key(SECP256R1()).private_numbers().private_value
    text = base64.urlsafe_b64encode(secret.to_bytes(_KEY_BYTES)).rstrip(b"=").decode()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".push-key-")  # mode 0600
    written = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(written)
    except FileExistsError:
        pass
    finally:
        written.unlink(missing_ok=True)
