"""CORS: which web origins may read the responses (fetch.spec.whatwg.org, "HTTP CORS protocol")."""

from collections.abc import Sequence
from typing import Final

# hls.js and Shaka estimate bandwidth from sizes and timing, and the clock from Date.
_EXPOSED: Final = (
    b"Access-Control-Expose-Headers: Content-Length, Content-Range, Date, ETag, Retry-After\r\n"
)
_PREFLIGHT: Final = (
    b"Access-Control-Allow-Methods: GET, HEAD, OPTIONS\r\n"
    b"Access-Control-Allow-Headers: "
    b"Accept, Cache-Control, CMCD-Object, CMCD-Request, CMCD-Session, CMCD-Status, Content-Type, "
    b"If-None-Match, If-Range, Range\r\n"
    b"Access-Control-Max-Age: 86400\r\n"
)


class CorsPolicy:
    """Header blocks for responses and preflights, ready made for every allowed origin."""

    def __init__(self, allowed_origins: Sequence[str]) -> None:
        self._by_origin: dict[str, bytes] = {}
        if "*" in allowed_origins:
            self._default = _grant(b"*")
        else:
            # The response depends on who asks, which shared caches must know (RFC 9110, 12.5.5).
            self._default = b"Vary: Origin\r\n"
            for origin in allowed_origins:
                self._by_origin[origin] = _grant(origin.encode()) + self._default

    def response_headers(self, origin: str | None) -> bytes:
        """Headers for any response, errors included, to a request with this Origin header."""
        if origin is None or not self._by_origin:
            return self._default
        return self._by_origin.get(origin, self._default)

    def preflight_headers(self, origin: str | None) -> bytes:
        """Headers for the answer to OPTIONS."""
        return self.response_headers(origin) + _PREFLIGHT


def _grant(origin: bytes) -> bytes:
    return (
        b"Access-Control-Allow-Origin: " + origin + b"\r\n"
        b"Timing-Allow-Origin: " + origin + b"\r\n" + _EXPOSED
    )
