"""RoutedConnection: aiohttp's side of a viewer's connection, as we want it."""

import asyncio
from http import HTTPStatus
from typing import Any, Final

import structlog
from aiohttp import web

from distribution import caching
from distribution.response import plain_text

_log: structlog.stdlib.BoundLogger = structlog.get_logger("distribution.connection")

# aiohttp's own timer knows nothing of the requests that are answered without it.
_NEVER_S: Final = 10.0 * 365 * 86_400


class RoutedConnection(web.RequestHandler):
    """Reads requests that need all of HTTP/1.1, with limits and words of our own."""

    __slots__ = ()

    def __init__(self, server: web.Server, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            server,
            loop=loop,
            keepalive_timeout=_NEVER_S,
            access_log=None,  # type: ignore[arg-type] # what aiohttp documents for "no access log"
            # A player asks in less than 300 bytes; who comes back from an OpenID issuer brings what
            # that has made up, and issuers expect what most servers take.
            max_line_size=8190,
            max_headers=64,
            lingering_time=2.0,  # for the body of a refused POST; nothing here reads bodies
            auto_decompress=False,
        )

    @property
    def is_busy(self) -> bool:
        """Whether aiohttp has requests that it has not answered, or an upgraded connection."""
        waiter = self._waiter  # of its loop over requests, while there is none
        return waiter is None or waiter.done() or bool(self._messages)

    def note_malformed(self) -> None:
        """Take note of a request that could not be read."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - aiohttp calls it so; it quotes the request
    ) -> web.StreamResponse:
        """Answer a request that could not be read, in words that repeat nothing of it."""
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self.note_malformed()
        else:
            _log.error("request failed", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("a response has already begun")
        response = plain_text(
            status, "this request could not be read as HTTP/1.1", cache_control=caching.NEVER
        )
        response.force_close()
        return response

    def log_exception(self, *args: Any, **kwargs: Any) -> None:
        """Say in the program's own log what aiohttp could not handle."""
        _log.error("connection failed", reason=str(args[0]), exc_info=kwargs.get("exc_info"))
