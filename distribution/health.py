"""/health and /ready for whoever starts, stops and balances servers."""

from collections.abc import Callable

from aiohttp import web

from distribution import caching
from distribution.response import plain_text


class HealthPages:
    """Says whether the process lives, and whether it wants new viewers."""

    def __init__(self, is_draining: Callable[[], bool]) -> None:
        self._is_draining = is_draining

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Serve both."""
        router.add_get("/health", self._respond_health)
        router.add_get("/ready", self._respond_ready)

    async def _respond_health(self, _request: web.Request) -> web.StreamResponse:
        return _say(200, "alive")

    async def _respond_ready(self, _request: web.Request) -> web.StreamResponse:
        if self._is_draining():
            return _say(503, "draining")
        return _say(200, "ready")


def _say(status: int, word: str) -> web.StreamResponse:
    return plain_text(status, word, cache_control=caching.NEVER)
