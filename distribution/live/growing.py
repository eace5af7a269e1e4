"""GrowingResponse: a segment sent part by part while it is still being made.

Low-latency DASH players read it as it comes (ISO/IEC 23009-1, availabilityTimeComplete).
"""

import asyncio
from typing import Final

from aiohttp import HttpVersion11, web

from distribution.connection import ViewerConnection
from distribution.live.deciding import AwaitGrowth, ServeGrowing
from distribution.live.responding import growing_headers
from distribution.live.waiting import BlockedRequests, Waited
from distribution.response import FixedResponse
from distribution.response_counters import ResourceKind, ResponseCounters

_LAST_CHUNK: Final = b"0\r\n\r\n"


class GrowingResponse(FixedResponse):
    """The open segment: one HTTP chunk and one write for each part, and no Content-Length.

    Readers share the bytes of the parts; each costs its place among those who wait. A reader too
    slow for the segment gets the rest of it once it is complete. Where the rest cannot be sent the
    connection is cut, so that nobody takes a piece of a segment for all of it.
    """

    def __init__(
        self,
        request: web.BaseRequest,
        decision: ServeGrowing,
        blocked: BlockedRequests,
        counters: ResponseCounters,
        cors: bytes,
    ) -> None:
        self._is_chunked = request.version >= HttpVersion11
        super().__init__(
            200, growing_headers(decision, cors, is_chunked=self._is_chunked), (), None
        )
        self._request = request
        self._segment = decision
        self._blocked = blocked
        self._counters = counters

    async def write_eof(self, data: bytes = b"") -> None:
        """Send parts until the segment is complete. Raises ConnectionError if it cannot be."""
        if self._request.method != "HEAD":
            await self._send_parts()
        await super().write_eof(data)

    async def _send_parts(self) -> None:
        rendition, msn, limit_s = self._segment
        part_count = 0
        may_wait = True
        while (growth := rendition.growth(msn, part_count)) is not None:
            for part in growth.parts:
                await self._send(part)
            part_count = growth.part_count
            if growth.is_complete:
                if self._is_chunked:
                    self._transport().write(_LAST_CHUNK)
                return
            if not may_wait:
                break
            awaited = AwaitGrowth(rendition, msn, part_count, limit_s)
            waited = await self._blocked.wait(awaited, limit_s, has_begun=True)
            # As the server stops, the show may have ended just before: then the rest is there.
            may_wait = waited is Waited.REACHED
        self._cut()

    async def _send(self, part: bytes) -> None:
        """Write one part at once, after the reader has taken most of those before."""
        transport = self._transport()
        if self._is_chunked:
            transport.writelines((b"%x\r\n" % len(part), part, b"\r\n"))
        else:
            transport.write(part)
        self._counters.body_bytes[ResourceKind.SEGMENT] += len(part)
        await super().write_eof()

    def _transport(self) -> asyncio.Transport:
        transport = self._request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the viewer has left")
        return transport

    def _cut(self) -> None:
        connection = self._request.protocol
        if not self._is_chunked and isinstance(connection, ViewerConnection):
            connection.abort()  # for readers of HTTP/1.0 an orderly end is the end of the segment
        raise ConnectionResetError("the segment cannot be completed")
