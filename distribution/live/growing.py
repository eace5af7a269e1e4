"""GrowingResponse: a segment sent part by part while it is still being made.

Low-latency DASH players read it as it comes (ISO/IEC 23009-1, availabilityTimeComplete).
"""

import asyncio
from collections import deque
from typing import Final

from distribution.live.deciding import ServeGrowing, await_growth
from distribution.live.outlet import Outlet
from distribution.live.waiting import Blocked, BlockedRequests, Waited
from distribution.response_counters import Tally

_LAST_CHUNK: Final = b"0\r\n\r\n"


class GrowingResponse(Blocked):
    """The body of the open segment: one HTTP chunk and one write for each part.

    Readers share the bytes of the parts; each costs its place among those who wait. A reader too
    slow for the segment gets the rest of it once it is complete. Where the rest cannot be sent the
    connection is cut, so that nobody takes a piece of a segment for all of it; for readers of
    HTTP/1.0, who get no chunks, an orderly end would be the end of the segment.
    """

    __slots__ = (
        "_is_chunked",
        "_is_complete",
        "_is_last",
        "_may_wait",
        "_part_count",
        "_segment",
        "_tally",
        "_unsent",
    )

    def __init__(
        self,
        among: BlockedRequests,
        outlet: Outlet,
        segment: ServeGrowing,
        tally: Tally,
        *,
        is_chunked: bool,
        is_last: bool,
    ) -> None:
        super().__init__(among, outlet)
        self._segment = segment
        self._tally = tally
        self._is_chunked = is_chunked
        self._is_last = is_last
        self._unsent: deque[bytes] = deque()
        self._part_count = 0
        self._is_complete = False
        self._may_wait = True

    def go_on(self) -> None:
        """Send what there is, until the reader has enough, the segment is complete, or to wait."""
        transport = self.outlet.transport
        if self.awaited is not None or transport is None or transport.is_closing():
            return
        while not self.outlet.writing_paused:
            if self._unsent:
                self._send(transport, self._unsent.popleft())
            elif self._is_complete:
                if self._is_chunked:
                    transport.write(_LAST_CHUNK)
                self.outlet.end_response(is_last=self._is_last)
                return
            elif not self._look():
                return

    def cancel(self) -> None:
        """Wait no longer."""
        if self.leave() and self.outlet.seat is not None:
            self.outlet.seat.hang_up()

    def end_wait(self, waited: Waited) -> None:
        """Send what there is now."""
        # As the server stops, the show may have ended just before: then the rest is there.
        self._may_wait = waited is Waited.REACHED
        self.go_on()

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
            self.deadline_s = asyncio.get_running_loop().time() + limit_s
            awaited = await_growth(rendition, msn, self._part_count, limit_s)
            if self._among.begin(self, awaited, has_begun=True) is None:
                return False
        self.outlet.cut_response(is_abrupt=not self._is_chunked)
        return False

    def _send(self, transport: asyncio.Transport, part: bytes) -> None:
        if self._is_chunked:
            transport.writelines((b"%x\r\n" % len(part), part, b"\r\n"))
        else:
            transport.write(part)
        self._tally.body_bytes += len(part)
        self._segment.rendition.outflow.body_bytes += len(part)
