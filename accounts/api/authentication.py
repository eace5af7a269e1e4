"""Who is asking: what a request carries to prove it, and the port that knows whether it does."""

from dataclasses import dataclass, field
from typing import Final, Protocol

from aiohttp import web

from accounts.api.browser_cookie import BrowserCookie
from accounts.api.caller import ANONYMOUS, Caller

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


def credentials_of(request: web.BaseRequest, cookie: BrowserCookie) -> Credentials:
    """Read what the request carries; an Authorization of another scheme counts as none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    has_token = scheme.lower() == "bearer" and 0 < len(token) <= _CREDENTIAL_LENGTH_LIMIT
    return Credentials(cookie=cookie.read(request), bearer=token if has_token else None)
