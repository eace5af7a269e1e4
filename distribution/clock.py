"""The server's clock as text, and the URL where DASH players compare theirs with it."""

import time
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from distribution import caching
from distribution.cors import CorsPolicy
from distribution.response import FixedResponse


def unix_ms_now() -> int:
    """Tell the calendar time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def utc_text(unix_ms: int) -> str:
    """Write a moment as an xs:dateTime in UTC, to the millisecond."""
    moment = datetime.fromtimestamp(unix_ms // 1000, tz=UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{unix_ms % 1000:03d}Z"


# The body is nothing but the time: `urn:mpeg:dash:utc:http-xsdate:2014` (ISO/IEC 23009-1, 5.8.5.7).
TIME_HEADERS: Final = (
    b"Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
    b"Cache-Control: " + caching.NEVER + b"\r\n"
)


class ClockApi:
    """Serves `/api/v1/time` for whoever compares clocks; manifests name one beside themselves."""

    def __init__(self, cors: CorsPolicy) -> None:
        self._cors = cors

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Serve it."""
        router.add_get("/api/v1/time", self._respond)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        body = utc_text(unix_ms_now()).encode()
        return FixedResponse(
            200,
            TIME_HEADERS + self._cors.response_headers(request.headers.get("Origin")),
            (body,),
            len(body),
        )
