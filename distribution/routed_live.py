"""RoutedLiveResponse: live media for a request that aiohttp has read.

Such are requests of another method, with a body or an upgrade, or behind one of these on the same
connection: all that is no plain request.
"""

from aiohttp import HttpVersion11, hdrs, web
from aiohttp.abc import AbstractStreamWriter

from distribution.connection import ViewerConnection
from distribution.content_coding import accepts_gzip
from distribution.live.target import live_target
from distribution.request_head import Fields, RequestLine


class RoutedLiveResponse(web.StreamResponse):
    """Lets the connection answer as it answers plain requests, and waits for that."""

    def __init__(self, path: str, query: str) -> None:
        super().__init__()
        self._path = path
        self._query = query
        self._is_last = False
        self._writer: AbstractStreamWriter | None = None

    @property
    def keep_alive(self) -> bool:
        """Whether the connection may carry another request."""
        return not self._is_last

    def force_close(self) -> None:
        """Leave it to whoever answers, who knows of draining, too."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter:
        """Answer, as soon as there is an answer."""
        connection = request.protocol
        if not isinstance(connection, ViewerConnection):
            raise TypeError(f"expected a ViewerConnection, got {type(connection).__name__}")
        headers = request.headers
        line = RequestLine(
            request.method, self._path, self._query, request.version >= HttpVersion11
        )
        fields = Fields(
            has_host=hdrs.HOST in headers,
            wants_close=not request.keep_alive,
            accepts_gzip=accepts_gzip(headers.get(hdrs.ACCEPT_ENCODING, "")),
            origin=headers.get(hdrs.ORIGIN),
            range=None if hdrs.IF_RANGE in headers else headers.get(hdrs.RANGE),
        )
        self._writer = request.writer
        self._is_last = await connection.answer_routed(live_target(line), fields)
        return self._writer

    async def write_eof(self, data: bytes = b"") -> None:
        """Wait while some of it lies unsent."""
        if self._writer is None or data:
            raise RuntimeError("expected prepare() before and no further body")
        await self._writer.drain()
