"""Dispatcher: the first to see a request and the last to see what goes wrong with it."""

from collections.abc import Awaitable, Callable
from time import perf_counter

import structlog
from aiohttp import web

from distribution import caching
from distribution.connection import ViewerConnection
from distribution.cors import CorsPolicy
from distribution.live.target import LIVE_FOLDER
from distribution.live.token_path import without_token
from distribution.response import FixedResponse, plain_text
from distribution.response_counters import ResourceKind, ResponseCounters
from distribution.routed_live import RoutedLiveResponse

_log: structlog.stdlib.BoundLogger = structlog.get_logger("distribution")

RoutedResponder = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
NothingThere = Callable[[web.BaseRequest], web.StreamResponse | None]
"""Answers a browser at an address that nothing has; None for who is no browser."""


class Dispatcher:
    """Sends requests through aiohttp's routes, and back those for live media.

    Most of these never come here: ViewerConnection answers what it can read itself.
    """

    def __init__(
        self,
        routed: RoutedResponder,
        cors: CorsPolicy,
        counters: ResponseCounters,
        is_draining: Callable[[], bool],
        nothing_there: NothingThere,
    ) -> None:
        self._routed = routed
        self._nothing_there = nothing_there
        self._cors = cors
        self._counters = counters
        self._is_draining = is_draining

    async def respond(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer any request; whatever is raised on the way becomes a 500 without details."""
        connection = request.protocol
        if isinstance(connection, ViewerConnection):
            connection.note_routed()
        target = request.raw_path
        if not target.startswith("/"):
            target = request.path_qs  # absolute-form, which proxies may send (RFC 9112, 3.2.2)
        path, _, query = target.partition("?")
        try:
            response = await self._respond(request, path, query)
        except Exception:  # noqa: BLE001 - the one place where nothing may pass
            _log.exception("request failed", method=request.method, path=without_token(path))
            response = plain_text(
                500,
                "something went wrong here",
                cache_control=caching.NEVER,
                more_headers=self._cors.response_headers(request.headers.get("Origin")),
            )
        if self._is_draining():
            response.force_close()
        return response

    async def _respond(self, request: web.BaseRequest, path: str, query: str) -> web.StreamResponse:
        is_live = path.startswith(LIVE_FOLDER)
        if request.method == "OPTIONS" and (is_live or path.startswith("/api/")):
            return FixedResponse(
                204, self._cors.preflight_headers(request.headers.get("Origin")), (), None
            )
        if is_live:
            return self._respond_live(request, path, query)
        is_api = path.startswith("/api/")
        began_s = perf_counter()
        try:
            response = await self._routed(request)
        except web.HTTPException as refusal:
            response = self._explain(request, refusal)
            if refusal.status == 404 and not is_api and request.method in {"GET", "HEAD"}:
                page = self._nothing_there(request)
                response = response if page is None else page
        self._count(request, response, perf_counter() - began_s, is_api=is_api)
        return response

    def _count(
        self, request: web.BaseRequest, response: web.StreamResponse, took_s: float, *, is_api: bool
    ) -> None:
        """Note a response; how long a connection lasted that went on as another is none's time."""
        kind = ResourceKind.API if is_api else ResourceKind.PAGE
        counters = self._counters
        if isinstance(response, FixedResponse):
            counters.count(kind, request.method, response.reply)
        elif isinstance(response, web.Response):
            length = response.content_length or 0
            counters.count_routed(kind, request.method, response.status, length)
        else:
            return
        counters.times[kind].note(took_s)

    def _respond_live(self, request: web.BaseRequest, path: str, query: str) -> web.StreamResponse:
        if request.method in {"GET", "HEAD"}:
            return RoutedLiveResponse(path, query)
        response = plain_text(
            405,
            "expected GET or HEAD",
            cache_control=caching.NEVER,
            more_headers=b"Allow: GET, HEAD, OPTIONS\r\n"
            + self._cors.response_headers(request.headers.get("Origin")),
        )
        self._counters.count(ResourceKind.OTHER_LIVE, request.method, response.reply)
        return response

    def _explain(self, request: web.BaseRequest, refusal: web.HTTPException) -> FixedResponse:
        """Say what aiohttp's router found wrong, in our words and with our headers."""
        headers = self._cors.response_headers(request.headers.get("Origin"))
        if isinstance(refusal, web.HTTPMethodNotAllowed):
            allowed = ", ".join(sorted(refusal.allowed_methods))
            headers += f"Allow: {allowed}\r\n".encode()
            text = f"expected one of {allowed}"
        else:
            text = "there is nothing at this URL"
        return plain_text(
            refusal.status, text, cache_control=caching.NOT_FOUND, more_headers=headers
        )
