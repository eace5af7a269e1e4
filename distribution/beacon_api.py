"""The beacon's route, for those that come in a way that needs all of HTTP."""

import asyncio
from typing import Final

from aiohttp import web

from distribution.beacon_head import BEACON_PATH, MAX_BEACON_BYTES
from distribution.ports import PlayerListener
from distribution.response import FixedResponse
from distribution.routed_live import header_block

_NO_STORE: Final = b"Cache-Control: no-store\r\n"
BODY_LIMIT_S: Final = 10.0  # for two kilobytes; a ViewerConnection has the same patience


class BeaconApi:
    """Passes beacons on. Most never come here: ViewerConnection reads them itself."""

    def __init__(self, listener: PlayerListener) -> None:
        self._listener = listener

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Add the one route."""
        router.add_post(BEACON_PATH, self._respond)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        if request.content_length is None or request.content_length > MAX_BEACON_BYTES:
            status = 411 if request.content_length is None else 413
            return FixedResponse(status, _NO_STORE, (), 0)
        try:
            async with asyncio.timeout(BODY_LIMIT_S):
                body = await request.read()
        except TimeoutError:
            answer = FixedResponse(408, _NO_STORE, (), 0)
            answer.force_close()
            return answer
        peer = request.transport.get_extra_info("peername") if request.transport else None
        address = str(peer[0]) if peer else ""
        status = self._listener.take_beacon(body, header_block(request), address)
        return FixedResponse(status, _NO_STORE, (), None if status == 204 else 0)
