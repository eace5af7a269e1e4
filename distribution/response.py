"""FixedResponse: a response of which every byte is known before the first is written.

aiohttp's own `web.Response` builds a dict of headers and serialises it for every reader. Here all
readers of one resource share the header block and the body, which halves the cost of a response.
"""

import time
from collections.abc import Sequence
from email.utils import formatdate
from http import HTTPStatus
from typing import Final

from aiohttp import HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter
from pydantic import BaseModel

from distribution import caching

Chunk = bytes | memoryview

_STATUS_LINES: Final = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}
_JOIN_BELOW_BYTES: Final = 16 * 1024  # copying this little costs less than a second write


class _DateLine:
    """The Date header of the current second (RFC 9110, 6.6.1), formatted once per second."""

    def __init__(self) -> None:
        self._second = -1
        self._line = b""

    def now(self) -> bytes:
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._line = f"Date: {formatdate(second, usegmt=True)}\r\n".encode()
        return self._line


_date_line = _DateLine()


class FixedResponse(web.StreamResponse):
    """A status, a ready header block and a body in chunks that nobody changes or copies.

    `header_block` holds whole lines, each with its CRLF, without Content-Length, Date and
    Connection. `length` is the sum of the chunks' lengths, or None where the status allows no
    body (RFC 9110, 8.6). HEAD gets the same without the chunks. A slow reader costs references
    to bytes that the window holds anyway, plus one head.
    """

    def __init__(
        self,
        status: int,
        header_block: bytes,
        chunks: Sequence[Chunk],
        length: int | None,
    ) -> None:
        super().__init__(status=status)
        self.header_block = header_block
        self.chunks = chunks
        self.length = length
        self._is_last = False
        self._writer: AbstractStreamWriter | None = None

    @property
    def keep_alive(self) -> bool:
        """Whether the connection may carry another request."""
        return not self._is_last

    def force_close(self) -> None:
        """Make this the last response of its connection."""
        self._is_last = True

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter:
        """Hand all bytes to the socket at once; only there, slow readers' bytes pile up."""
        # Readers of HTTP/1.0 are mostly proxies, which ask for an end of the connection anyway.
        if request.version < HttpVersion11 or not request.keep_alive:
            self._is_last = True
        length = self.length
        head = b"%b%b%b%b%b\r\n" % (
            _STATUS_LINES[self.status],
            self.header_block,
            b"" if length is None else b"Content-Length: %d\r\n" % length,
            _date_line.now(),
            b"Connection: close\r\n" if self._is_last else b"",
        )
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the viewer has left")
        if not length or request.method == "HEAD":
            transport.write(head)
        elif length < _JOIN_BELOW_BYTES:
            transport.write(b"".join((head, *self.chunks)))
        else:
            transport.writelines((head, *self.chunks))
        self._writer = request.writer
        return self._writer

    async def write_eof(self, data: bytes = b"") -> None:
        """Wait while more than the connection's limit lies unsent."""
        if self._writer is None or data:
            raise RuntimeError("expected prepare() before and no further body")
        await self._writer.drain()


def json_answer(answer: BaseModel, cors_headers: bytes) -> FixedResponse:
    """Send what the API says of this moment, for nobody to keep."""
    body = answer.model_dump_json(by_alias=True).encode()
    return FixedResponse(
        200,
        b"Content-Type: application/json\r\nCache-Control: %b\r\n"
        b"X-Content-Type-Options: nosniff\r\n%b" % (caching.NEVER, cors_headers),
        (body,),
        len(body),
    )


def plain_text(
    status: int, text: str, *, cache_control: bytes, more_headers: bytes = b""
) -> FixedResponse:
    """Say something short to a person or a program; `text` must not repeat what the reader sent."""
    body = text.encode() + b"\n"
    return FixedResponse(
        status,
        b"Content-Type: text/plain; charset=utf-8\r\n"
        b"X-Content-Type-Options: nosniff\r\n"
        b"Cache-Control: %b\r\n%b" % (cache_control, more_headers),
        (body,),
        len(body),
    )
