"""Cross-site requests: what another site may not make a browser do here. Pure.

A browser adds its cookies to requests that other sites make it send. Four things stand in the way:

1. The session cookie is SameSite=Lax: other sites' forms and scripts do not get it sent.
2. By HTTPS it is named __Host-...: no subdomain and no page without TLS can plant one.
3. Bodies must be application/json: a form cannot send that, and a script of another site must ask
   first (a CORS preflight), which is granted for live media alone, never for the API.
4. Here: whatever changes something must come from our own origin. Browsers say so in
   Sec-Fetch-Site, which no script can set, and, where that is missing (older ones, and pages
   without TLS), in Origin. A cookie with neither comes from no browser of the last years: refused.

So no token is needed in pages, and none can leak or be forgotten. Requests by a bearer token need
none of it: no browser adds one by itself, and a script of another site would have to ask first, as
above. A password for a proxy in front (Basic) is added by browsers, and excuses nothing. Requests
that carry no cookie yet (signing in) are judged too, so that no other site can sign a browser in
as somebody else.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def is_cross_site(
    method: str,
    headers: Mapping[str, str],
    *,
    has_cookie: bool,
    has_bearer: bool,
    public_url: str = "",
) -> bool:
    """Whether the request must be refused because another site may have caused it.

    `headers` are looked up in any case. `public_url` is our own origin; without it, the Host
    header says what the browser believes to talk to, and what a page without TLS asks for is not
    ours where the request itself came by HTTPS.
    """
    if method in SAFE_METHODS or has_bearer:
        return False
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site != "same-origin"
    origin = headers.get("Origin")
    if origin is None:
        return has_cookie
    if public_url:
        return origin != public_url
    if is_said_to_be_https(headers) and not origin.startswith("https://"):
        return True
    return not _names_host(origin, headers.get("Host", ""))


def is_said_to_be_https(headers: Mapping[str, str]) -> bool:
    """Whether a proxy says that the browser speaks HTTPS with it.

    Anybody's word is good enough: it can only make us stricter with who sent it.
    """
    # Of several proxies, the first one is who the browser spoke with.
    return headers.get("X-Forwarded-Proto", "").partition(",")[0].strip().lower() == "https"


def _names_host(origin: str, host: str) -> bool:
    try:
        return bool(host) and urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:  # brackets that hold no IPv6 address
        return False
