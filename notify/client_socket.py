"""ClientSocket: one WebSocket, from its handshake to its end.

Knows bytes, frames, signs of life and how a connection ends; not what is said on it. Holds neither
a task nor a request: what ten thousand idle sockets cost is memory, and objects that the garbage
collector looks at.
"""

import asyncio
import socket
from typing import Final, Protocol, cast

from notify.close_code import CloseCode
from notify.frame import Opcode, control_frame
from notify.frame_reader import FrameError, FrameReader, Message

_CLOSE_LIMIT_S: Final = 5.0
_FLOOD_LIMIT_S: Final = 0.5  # what a flooder answers is not heard
# Linux doubles it; so that one reading, between two looks at all other sockets, is some kilobytes:
# a quarter of a megabyte of frames of six bytes, each as dear as a long one, would hold up the
# event loop for as long as a part of live media lasts.
_RECEIVE_BUFFER_BYTES: Final = 4096
_PING: Final = control_frame(Opcode.PING)
_CODE_BYTES: Final = 2


class SocketUser(Protocol):
    """Whoever talks on a socket. Nothing here waits or raises anything."""

    def take_bytes(self, count: int) -> bool:
        """Take note of what has come, however it is cut into frames; whether to read it."""
        ...

    def take_text(self, text: str) -> None:
        """Take a message."""
        ...

    def take_call(self) -> bool:
        """Take note of a ping, or of a pong; whether it is to be answered."""
        ...

    def take_other(self, code: CloseCode) -> None:
        """Take note of what is no text, or no WebSocket's: the code to close with."""
        ...

    def take_room(self) -> None:
        """Take note that there is room for more to be written."""
        ...

    def take_loss(self) -> None:
        """Take note that it is over. Called once, in the end."""
        ...


class ClientSocket(asyncio.Protocol):
    """Owned by one event loop. Made for a connection on which HTTP has ended."""

    __slots__ = (
        "_closing",
        "_has_room",
        "_is_called",
        "_is_deaf",
        "_is_over",
        "_pong",
        "_reader",
        "_transport",
        "_user",
        "_was_heard",
    )

    def __init__(self, user: SocketUser, limit_bytes: int, *, inflates: bool) -> None:
        self._user: SocketUser | None = user
        self._reader = FrameReader(limit_bytes, inflates=inflates)
        self._transport: asyncio.Transport | None = None
        self._closing: asyncio.TimerHandle | None = None
        self._is_over = False  # nothing is read or said any more
        self._has_room = True
        self._pong: bytes | None = None  # owed to a client that takes nothing
        self._was_heard = True
        self._is_called = False
        self._is_deaf = False  # to who sends too much

    @property
    def is_writable(self) -> bool:
        """Whether something may be written, and the client has taken all that was."""
        return self._has_room and not self._is_over

    def write(self, frames: bytes) -> None:
        """Send whole frames. Whoever minds slow clients asks `is_writable` before."""
        transport = self._transport
        if not (self._is_over or transport is None or transport.is_closing()):
            transport.write(frames)

    def pause_reading(self) -> None:
        """Let the client wait with what it has to say."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def close(self, code: CloseCode) -> None:
        """Say why, and wait a moment for who may not take it; then cut."""
        self._is_deaf |= code is CloseCode.TOO_MANY_COMMANDS
        reason = code.name.lower().encode()
        self._end(code.to_bytes(_CODE_BYTES, "big") + reason)

    def abort(self) -> None:
        """Cut."""
        if self._transport is not None:
            self._is_over = True
            self._transport.abort()

    def look(self) -> None:
        """Ask for a sign of life if there was none since the last look; cut who gives none."""
        if self._was_heard:
            self._was_heard = self._is_called = False
        elif self._is_called:
            self.abort()
        else:
            self._is_called = True
            self.write(_PING)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        own = transport.get_extra_info("socket")
        if own is not None:
            own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
        # Told as soon as a client has not taken all: what waits here can still be left out.
        self._transport.set_write_buffer_limits(high=0)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        """Let go of everything that refers back, so that nothing is left to be collected."""
        self._is_over = True
        if self._closing is not None:
            self._closing.cancel()
        user, self._user, self._transport, self._closing = self._user, None, None, None
        if user is not None:
            user.take_loss()

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        self._was_heard = True
        if self._is_deaf:
            return
        if self._user is not None and not self._user.take_bytes(len(data)):
            self._is_deaf = True
            return
        try:
            for message in self._reader.feed(data):
                self._take(message)
        except FrameError as error:
            if self._user is not None and not self._is_over:
                self._user.take_other(error.code)
            else:
                self.abort()

    def pause_writing(self) -> None:
        """Note that the client takes less than it is sent."""
        self._has_room = False

    def resume_writing(self) -> None:
        """Go on: the client has taken all."""
        self._has_room = self._was_heard = True
        if self._pong is not None:
            self.write(self._pong)
            self._pong = None
        if self._user is not None and not self._is_over:
            self._user.take_room()

    def _take(self, message: Message) -> None:
        if message.opcode is Opcode.CLOSE:
            self._take_close(message.payload)
            return
        user = self._user
        if user is None or self._is_over:
            return
        match message.opcode:
            case Opcode.TEXT:
                try:
                    text = message.payload.decode()
                except UnicodeDecodeError:
                    user.take_other(CloseCode.NOT_TEXT)
                else:
                    user.take_text(text)
            case Opcode.BINARY:
                user.take_other(CloseCode.UNSUPPORTED)
            case Opcode.PING:
                if user.take_call():
                    self._answer(control_frame(Opcode.PONG, message.payload))
            case _:
                user.take_call()  # a sign of life, which any byte is

    def _answer(self, pong: bytes) -> None:
        """Answer a ping; a client that takes nothing is owed an answer to the last one (5.5.3)."""
        if self._has_room:
            self.write(pong)
        else:
            self._pong = pong

    def _take_close(self, payload: bytes) -> None:
        """Answer, unless this is the answer, and be done."""
        self._end(payload[:_CODE_BYTES])
        if self._transport is not None:
            self._transport.close()

    def _end(self, payload: bytes) -> None:
        if self._is_over or self._transport is None:
            return
        self.write(control_frame(Opcode.CLOSE, payload))
        self._is_over = True
        loop = asyncio.get_running_loop()
        limit_s = _FLOOD_LIMIT_S if self._is_deaf else _CLOSE_LIMIT_S
        self._closing = loop.call_later(limit_s, self._transport.abort)
