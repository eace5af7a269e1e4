"""FixedResponse: a Reply to a request that aiohttp has read.

aiohttp's own `web.Response` builds a dict of headers and serialises it for every reader.
"""

from collections.abc import Sequence

from aiohttp import HttpVersion11, hdrs, web
from aiohttp.abc import AbstractStreamWriter
from pydantic import BaseModel

from distribution import caching
from distribution.reply import Chunk, Reply, plain_text_reply


class FixedResponse(web.StreamResponse):
    """A Reply whose bytes go to the socket in one piece."""

    def __init__(
        self,
        status: int,
        header_block: bytes,
        chunks: Sequence[Chunk],
        length: int | None,
    ) -> None:
        super().__init__(status=status)
        self.reply = Reply(status, header_block, chunks, length)
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
        """Hand all bytes to the socket."""
        # Readers of HTTP/1.0 are mostly proxies, which ask for an end of the connection anyway.
        if request.version < HttpVersion11 or not request.keep_alive:
            self._is_last = True
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the viewer has left")
        self.reply.write(transport, is_head=request.method == hdrs.METH_HEAD, is_last=self._is_last)
        self._writer = request.writer
        return self._writer

    async def write_eof(self, data: bytes = b"") -> None:
        """Wait while some of it lies unsent."""
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
    return FixedResponse(
        *plain_text_reply(status, text, cache_control=cache_control, more_headers=more_headers)
    )
