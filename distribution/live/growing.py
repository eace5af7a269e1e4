"""GrowingResponse: a segment sent part by part while it is still being made.

Low-latency DASH players read it as it comes (ISO/IEC 23009-1, availabilityTimeComplete).
"""

import asyncio
from collections import deque
from typing import Final

from distribution.live.deciding import ServeGrowing, await_growth
from distribution.live.outlet import Outlet
from distribution.live.waiting import BlockedRequests, Wait, Waited
from distribution.response_counters import ResourceKind, ResponseCounters

_LAST_CHUNK: Final = b"0\r\n\r\n"


class GrowingResponse:
    """The body of the open segment: one HTTP chunk and one write for each part.

    Readers share the bytes of the parts; each costs its place among those who wait. A reader too
    slow for the segment gets the rest of it once it is complete. Where the rest cannot be sent the
    connection is cut, so that nobody takes a piece of a segment for all of it; for readers of
    HTTP/1.0, who get no chunks, an orderly end would be the end of the segment.
    """

    __slots__ = (
        "_blocked",
        "_counters",
        "_is_chunked",
        "_is_complete",
        "_is_last",
        "_may_wait",
        "_outlet",
        "_part_count",
        "_segment",
        "_unsent",
        "_wait",
    )

    def __init__(
        self,
        segment: ServeGrowing,
        outlet: Outlet,
        blocked: BlockedRequests,
        counters: ResponseCounters,
        *,
        is_chunked: bool,
        is_last: bool,
    ) -> None:
        self._segment = segment
        self._outlet = outlet
        self._blocked = blocked
        self._counters = counters
        self._is_chunked = is_chunked
        self._is_last = is_last
        self._unsent: deque[bytes] = deque()
        self._part_count = 0
        self._is_complete = False
        self._may_wait = True
        self._wait: Wait | None = None

    def go_on(self) -> None:
        """Send what there is, until the reader has enough, the segment is complete, or to wait."""
        transport = self._outlet.transport
        if self._wait is not None or transport is None or transport.is_closing():
            return
        while not self._outlet.writing_paused:
            if self._unsent:
                self._send(transport, self._unsent.popleft())
            elif self._is_complete:
                if self._is_chunked:
                    transport.write(_LAST_CHUNK)
                self._outlet.end_response(is_last=self._is_last)
                return
            elif not self._look():
                return

    def cancel(self) -> None:
        """Wait no longer."""
        if self._wait is not None:
            self._wait.leave()
            self._wait = None

    def _look(self) -> bool:
        """Take what is new; whether there was anything. If not, wait for it, or cut."""
        rendition, msn, limit_s = self._segment
        growth = rendition.growth(msn, self._part_count)
        if growth is not None and (growth.part_count > self._part_count or growth.is_complete):
            self._unsent.extend(growth.parts)
            self._part_count = growth.part_count
            self._is_complete = growth.is_complete
            return True
        if growth is not None and self._may_wait:
            awaited = await_growth(rendition, msn, self._part_count, limit_s)
            deadline_s = asyncio.get_running_loop().time() + limit_s
            wait = self._blocked.begin(awaited, deadline_s, self._end_wait, has_begun=True)
            if isinstance(wait, Wait):
                self._wait = wait
                return False
        self._outlet.cut_response(is_abrupt=not self._is_chunked)
        return False

    def _end_wait(self, waited: Waited) -> None:
        self._wait = None
        # As the server stops, the show may have ended just before: then the rest is there.
        self._may_wait = waited is Waited.REACHED
        self.go_on()

    def _send(self, transport: asyncio.Transport, part: bytes) -> None:
        if self._is_chunked:
            transport.writelines((b"%x\r\n" % len(part), part, b"\r\n"))
        else:
            transport.write(part)
        self._counters.body_bytes[ResourceKind.SEGMENT] += len(part)
