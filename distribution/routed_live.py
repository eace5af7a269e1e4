"""RoutedLiveResponse: live media for a request that aiohttp has read.

Such are requests of another method, with a body or an upgrade, or behind one of these on the same
connection: all that is no plain request.
"""

from aiohttp import HttpVersion11, hdrs, web
from aiohttp.abc import AbstractStreamWriter

from distribution.cmcd_text import CmcdText, cut_from_head, cut_from_line
from distribution.connection import ViewerConnection
from distribution.content_coding import accepts_gzip
from distribution.live.session_query import split_session_query
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
        query, cmcd = _cut_cmcd(self._query, request)
        query, session = split_session_query(query)
        forwarded = headers.getall(hdrs.X_FORWARDED_FOR, ())
        line = RequestLine(request.method, self._path, query, request.version >= HttpVersion11)
        fields = Fields(
            has_host=hdrs.HOST in headers,
            wants_close=not request.keep_alive,
            accepts_gzip=accepts_gzip(headers.get(hdrs.ACCEPT_ENCODING, "")),
            origin=headers.get(hdrs.ORIGIN),
            range=None if hdrs.IF_RANGE in headers else headers.get(hdrs.RANGE),
            user_agent=headers.get(hdrs.USER_AGENT),
            forwarded_for=",".join(forwarded) if forwarded else None,
        )
        self._writer = request.writer
        self._is_last = await connection.answer_routed(live_target(line), fields, cmcd, session)
        return self._writer

    async def write_eof(self, data: bytes = b"") -> None:
        """Wait while some of it lies unsent."""
        if self._writer is None or data:
            raise RuntimeError("expected prepare() before and no further body")
        await self._writer.drain()


def _cut_cmcd(query: str, request: web.BaseRequest) -> tuple[str, CmcdText | None]:
    """Return the query without CMCD, and that, wherever the player has put it."""
    rest, asked = cut_from_line(b"?" + query.encode("utf-8", "surrogateescape"))
    block, said = cut_from_head(header_block(request))
    text = asked if said is None else said
    if text is None:
        return query, None
    return rest[1:].decode("utf-8", "surrogateescape"), CmcdText(text, block)


def header_block(request: web.BaseRequest) -> bytes:
    """Return the header fields as they came, from the CRLF before the first to the empty line."""
    lines = [b"\r\n%b: %b" % (name, value) for name, value in request.raw_headers]
    return b"".join((*lines, b"\r\n\r\n"))
