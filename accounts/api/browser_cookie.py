"""BrowserCookie: a secret that a browser keeps for us, as safely as its way to us allows.

By HTTPS it is Secure and named `__Host-...`: browsers send it by HTTPS alone, and let no subdomain,
no page without TLS and no other path plant one (RFC 6265bis, 4.1.3.2). Without HTTPS no browser
would keep that, so there it has a plain name. The plain one counts nowhere else: what anybody can
plant is no proof where better can be had.

How a request came is known for certain to nobody behind a proxy, so any sign of HTTPS decides for
HTTPS. Who forges one gets a cookie that their browser drops; a sign that was taken away would need
a proxy that hides TLS from us and a browser that sends no Origin.
"""

from typing import Final

from aiohttp import web

from accounts.api.csrf import is_said_to_be_https

SESSION: Final = "rillcast"
OPENID_ATTEMPT: Final = "rillcast-openid"
_PREFIX: Final = "__Host-"
_LENGTH_LIMIT: Final = 4096


class BrowserCookie:
    """HttpOnly, SameSite=Lax, for this host alone. `public_url` is our own origin, if it is set."""

    def __init__(self, name: str, public_url: str) -> None:
        self._plain_name = name
        self._secure_name = _PREFIX + name
        self._is_always_https = public_url.startswith("https://")

    def read(self, request: web.BaseRequest) -> str | None:
        """Return the cookie's text, if one came. Of two that differ, somebody has planted one."""
        secure = _texts_of(request, self._secure_name)
        found = secure
        if not secure and not self._is_https(request):
            found = _texts_of(request, self._plain_name)
        if len(found) != 1:
            return None
        (text,) = found
        return text if 0 < len(text) <= _LENGTH_LIMIT else None

    def set(
        self, request: web.BaseRequest, response: web.StreamResponse, text: str, lifetime_s: int
    ) -> None:
        """Answer the request with a cookie, in place of any that the browser had."""
        is_https = self._is_https(request)
        response.set_cookie(
            self._secure_name if is_https else self._plain_name,
            text,
            max_age=lifetime_s,
            path="/",
            httponly=True,
            secure=is_https,
            samesite="Lax",  # issuers (OpenID) send browsers back from another site
        )

    def clear(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        """Make the browser forget it."""
        is_https = self._is_https(request)
        response.del_cookie(
            self._secure_name if is_https else self._plain_name,
            path="/",
            httponly=True,
            secure=is_https,
            samesite="Lax",
        )

    def _is_https(self, request: web.BaseRequest) -> bool:
        """Whether anything says that the browser speaks HTTPS, perhaps with a proxy before us."""
        return (
            self._is_always_https
            or request.secure
            or is_said_to_be_https(request.headers)
            or request.headers.get("Origin", "").startswith("https://")
            # Kept by HTTPS alone, or on localhost by browsers that keep more of the kind.
            or f"{_PREFIX}{SESSION}" in request.headers.get("Cookie", "")
        )


def _texts_of(request: web.BaseRequest, name: str) -> set[str]:
    """Return all texts that came under a name; ours hold nothing that needs quoting."""
    found = set()
    for header in request.headers.getall("Cookie", ()):
        for pair in header.split(";"):
            key, _, text = pair.strip().partition("=")
            if key == name:
                found.add(text)
    return found
