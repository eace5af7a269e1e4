"""A push service and its browsers: takes alerts as RFC 8030 says, and really reads them.

What comes is checked by other means than it was made with: the token with PyJWT and the key that
the browser subscribed with, the body with http_ece and the browser's own private key.
"""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.push.subscriptions import OfferedSubscription
from tests.accounts.outbound.receiver import Got, Receiver, answer, receiver

TAKEN = answer(201, location="/message/1")
LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Browser:
    """A browser that agreed: its address at the service and its keys."""

    url: str
    private: EllipticCurvePrivateKey = field(
        default_factory=lambda: generate_private_key(SECP256R1())
    )
    auth: bytes = b"0123456789abcdef"

    def offer(self) -> OfferedSubscription:
        return OfferedSubscription(**self.json(), user_agent=LINUX)

    def json(self) -> dict[str, str]:
        point = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        return {"endpoint": self.url, "p256dh": b64(point), "auth": b64(self.auth)}

    def read(self, got: Got) -> Any:
        """Decrypt what came for this browser."""
        plain = http_ece.decrypt(
            got.body, private_key=self.private, auth_secret=self.auth, version="aes128gcm"
        )
        return json.loads(plain)


@dataclass
class PushService:
    """A service on this machine. It refuses nothing: tests look at what came."""

    taking: Receiver

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.taking.port}"

    def browser(self, name: str = "one") -> Browser:
        return Browser(f"{self.origin}/push/{name}")

    def alerts_of(self, browser: Browser) -> list[Any]:
        """Read all that came for a browser, in the order in which it came."""
        path = urlsplit(browser.url).path
        return [browser.read(got) for got in self.taking.got if got.head.split(" ")[1] == path]

    def proven(self, got: Got, public_key: str) -> dict[str, Any]:
        """Check who sent something (RFC 8292); return the token's claims."""
        scheme, _, rest = got.headers["authorization"].partition(" ")
        members = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert (scheme, members["k"]) == ("vapid", public_key)
        key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), unb64(members["k"]))
        claims: dict[str, Any] = jwt.decode(
            members["t"],
            key,
            algorithms=["ES256"],
            audience=self.origin,
            options={"verify_exp": False, "require": ["aud", "exp", "sub"]},
        )
        return claims


@asynccontextmanager
async def push_service(*answers: bytes | None) -> AsyncIterator[PushService]:
    """Run one that answers so in turn, the last one for ever."""
    async with receiver(*(answers or (TAKEN,))) as taking:
        yield PushService(taking)
