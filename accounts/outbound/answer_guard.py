"""AnswerGuard: takes no more of what a stranger answers than anybody would want to read.

What is read of an answer's body is bounded elsewhere; what comes before one is not: a receiver may
begin any number of interim answers (RFC 9110, 15.2), which HTTP libraries pass over one by one. A
quarter of a megabyte of them, which is what an event loop reads at one time, holds it for a tenth
of a second.
"""

import asyncio
from typing import Any, Final

from aiohttp import ClientRequest, ClientTimeout, TCPConnector
from aiohttp.connector import Connection

ANSWER_MAX_BYTES: Final = 128 * 1024
"""How much may come to one request: headers, and what is read of the body."""


class AnswerTooLongError(OSError):
    """More has come than anybody asked for."""


class AnswerGuard(asyncio.Protocol):
    """Stands before the protocol of a transport, and ends the connection when too much comes."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        # HTTP's is of this kind.
        self._protocol: asyncio.Protocol = transport.get_protocol()  # type: ignore[assignment]
        self._left = ANSWER_MAX_BYTES

    def begin(self) -> None:
        """Expect an answer."""
        self._left = ANSWER_MAX_BYTES

    def data_received(self, data: bytes) -> None:
        """Pass on what has come, unless it is too much."""
        self._left -= len(data)
        if self._left >= 0:
            self._protocol.data_received(data)
        else:
            self._transport.abort()

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
        """Pass on, with what the reason was."""
        too_long = AnswerTooLongError("more has come than anybody asked for")
        self._protocol.connection_lost(too_long if self._left < 0 else exc)


class GuardedConnector(TCPConnector):
    """Connects, and guards every answer."""

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Any],
        timeout: ClientTimeout,  # noqa: ASYNC109 - aiohttp's signature
    ) -> Connection:
        """Return a connection on which one request may be sent."""
        connection = await super().connect(req, traces, timeout)
        transport = connection.transport
        if transport is not None:
            guard = transport.get_protocol()
            if not isinstance(guard, AnswerGuard):
                guard = AnswerGuard(transport)
                transport.set_protocol(guard)
            guard.begin()
        return connection
