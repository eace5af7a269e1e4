"""Switching: a connection goes from aiohttp to the protocol that it was upgraded to.

aiohttp keeps a request, its parser, a response and two tasks for each connection as long as it
lasts: 85 objects that the garbage collector looks at, for sockets that are silent most of the time.
"""

import asyncio
from typing import cast

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import WebSocketReader


class SwitchedResponse(web.StreamResponse):
    """What a handler returns that has switched: there is nothing more to be said by HTTP."""

    def __init__(self) -> None:
        super().__init__(status=101)
        self.force_close()

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:  # noqa: ARG002 - aiohttp's
        """Say nothing: who has the connection now has said it."""
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Say nothing."""


class _Early:
    """Catches what came behind the request: it is for the new protocol."""

    def __init__(self) -> None:
        self.received = b""

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        self.received += data
        return False, b""

    def feed_eof(self) -> None:
        """Nothing more comes: the connection says so itself."""


def switch(request: web.BaseRequest, protocol: asyncio.Protocol, head: bytes) -> bool:
    """Send the head of the response and give the connection away; whether there still was one.

    For aiohttp the connection is lost with that: it frees what it holds, and its limits do not
    count it any more. The handler must return a SwitchedResponse without waiting for anything.
    """
    handler = request.protocol
    transport = handler.transport
    if transport is None or transport.is_closing():
        return False
    early = _Early()
    handler.set_parser(cast("WebSocketReader", early))
    handler.transport = None  # else it would close what is not its own any more
    transport.set_protocol(protocol)
    transport.write(head)
    protocol.connection_made(transport)
    asyncio.get_running_loop().call_soon(handler.connection_lost, None)
    if early.received:
        protocol.data_received(early.received)
    return True
