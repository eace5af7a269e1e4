"""InboundGuard: how much one connection may send, however it cuts that into frames.

A frame of six bytes costs as much as a long one, and pieces of a message that never ends are seen
by nobody who counts messages. A quarter of a megabyte of them, which is what an event loop reads at
one time, would hold it for as long as a part of live media lasts.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Final

from notify.command_rate import CommandRate

# Linux doubles it; so that one reading, between two looks at all other sockets, is some kilobytes.
_RECEIVE_BUFFER_BYTES: Final = 4096


class InboundGuard(asyncio.Protocol):
    """Stands before the protocol of a transport: passes on what is sent within the rate.

    `flooded` is called once, with the first byte beyond it; nothing is passed on from then on.
    """

    def __init__(
        self, protocol: asyncio.BaseProtocol, rate: CommandRate, flooded: Callable[[], None]
    ) -> None:
        self._protocol: asyncio.Protocol = protocol  # type: ignore[assignment] # HTTP's is of this kind
        self._rate = rate
        self._flooded = flooded
        self._is_over = False

    @classmethod
    def put_before(
        cls, transport: asyncio.Transport, rate: CommandRate, flooded: Callable[[], None]
    ) -> None:
        """Guard a transport from now on."""
        own = transport.get_extra_info("socket")
        if own is not None:
            own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
        transport.set_protocol(cls(transport.get_protocol(), rate, flooded))

    def data_received(self, data: bytes) -> None:
        """Pass on what has come, unless it is too much."""
        if self._is_over:
            return
        if self._rate.take(asyncio.get_running_loop().time(), len(data)):
            self._protocol.data_received(data)
        else:
            self._is_over = True
            self._flooded()

    def eof_received(self) -> bool | None:
        """Pass on."""
        return self._protocol.eof_received()

    def pause_writing(self) -> None:
        """Pass on."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Pass on."""
        self._protocol.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass on."""
        self._protocol.connection_lost(exc)
