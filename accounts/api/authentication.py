"""Who is asking: what a request carries to prove it, and the port that knows whether it does."""

from dataclasses import dataclass, field
from typing import Final, Protocol

from aiohttp import web

from accounts.api.caller import ANONYMOUS, Caller

_SECURE_NAME: Final = (
    "__Host-rillcast"  # the prefix: only this host sets it, over TLS (RFC 6265bis)
)
_PLAIN_NAME: Final = "rillcast-session"
_CREDENTIAL_LENGTH_LIMIT: Final = 4096


class Authenticator(Protocol):
    """Knows who holds a credential."""

    async def authenticate(self, cookie: str | None, bearer: str | None) -> Caller:
        """Return whose it is, ANONYMOUS if nobody's. `bearer` wins where both came."""
        ...


class NobodyAuthenticator:
    """Knows nobody. For an API without accounts behind it, and for tests."""

    async def authenticate(self, cookie: str | None, bearer: str | None) -> Caller:  # noqa: ARG002 - Authenticator's signature
        """Return ANONYMOUS."""
        return ANONYMOUS


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request carried. Neither is ever logged or printed."""

    cookie: str | None = field(repr=False)
    bearer: str | None = field(repr=False)


class SessionCookie:
    """The cookie that holds a browser's session.

    HttpOnly, SameSite=Lax, for this host alone. `plain_http` gives up Secure and the name that
    demands it: only for servers that browsers reach without TLS and not as localhost.
    """

    def __init__(self, *, plain_http: bool) -> None:
        self._secure = not plain_http
        self.name = _PLAIN_NAME if plain_http else _SECURE_NAME

    def read(self, request: web.BaseRequest) -> str | None:
        """Return the cookie's text, if one came."""
        text = request.cookies.get(self.name)
        return text if text and len(text) <= _CREDENTIAL_LENGTH_LIMIT else None

    def set(self, response: web.StreamResponse, text: str, lifetime_s: int) -> None:
        """Give the browser a session, in place of any that it had."""
        response.set_cookie(
            self.name,
            text,
            max_age=lifetime_s,
            path="/",
            httponly=True,
            secure=self._secure,
            samesite="Lax",
        )

    def clear(self, response: web.StreamResponse) -> None:
        """Make the browser forget its session."""
        response.del_cookie(self.name, path="/", httponly=True, secure=self._secure, samesite="Lax")


def credentials_of(request: web.BaseRequest, cookie: SessionCookie) -> Credentials:
    """Read what the request carries; an Authorization of another scheme counts as none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    has_token = scheme.lower() == "bearer" and 0 < len(token) <= _CREDENTIAL_LENGTH_LIMIT
    return Credentials(cookie=cookie.read(request), bearer=token if has_token else None)
