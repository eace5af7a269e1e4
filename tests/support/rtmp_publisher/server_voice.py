"""What the server said: its commands and control messages, in order."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tests.support.rtmp_publisher import amf0
from tests.support.rtmp_publisher.amf0 import AmfValue
from tests.support.rtmp_publisher.chunk_reader import ChunkReader
from tests.support.rtmp_publisher.errors import ServerClosedError
from tests.support.rtmp_publisher.message import Message, MessageType

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """A command of the server: `_result`, `_error`, `onStatus`, ..."""

    name: str
    transaction_id: float
    arguments: tuple[AmfValue, ...]

    @property
    def status(self) -> dict[str, AmfValue]:
        """The status object among the arguments: the last one that has a code."""
        for argument in reversed(self.arguments):
            if isinstance(argument, dict) and "code" in argument:
                return argument
        return {}

    @property
    def code(self) -> str:
        """The status code, or an empty string."""
        return str(self.status.get("code", ""))


class ServerVoice(asyncio.Protocol):
    """The receiving half of the connection. Owned by its RtmpPublisher.

    `messages` are all that came, `answers` the commands among them. `handshake` holds S0, S1 and
    S2 once they are complete.
    """

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.answers: list[Answer] = []
        self.handshake = bytearray()
        self.is_closed = False
        self._reader = ChunkReader()
        self._can_write = asyncio.Event()
        self._can_write.set()
        self._changed = asyncio.Event()

    @property
    def status_codes(self) -> list[str]:
        """The codes of all `onStatus` commands so far."""
        return [answer.code for answer in self.answers if answer.name == "onStatus"]

    def data_received(self, data: bytes) -> None:
        """Take bytes: first the handshake, then chunks."""
        missing = 3073 - len(self.handshake)
        self.handshake += data[:missing]
        for message in self._reader.receive(data[missing:]) if len(data) > missing else ():
            self.messages.append(message)
            if message.type_id in {MessageType.COMMAND_AMF0, MessageType.COMMAND_AMF3}:
                self.answers.append(_read_answer(message))
        self._changed.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end, whoever made it."""
        del exc
        self.is_closed = True
        self._can_write.set()
        self._changed.set()

    def pause_writing(self) -> None:
        """The server reads more slowly than the publisher writes."""
        self._can_write.clear()

    def resume_writing(self) -> None:
        """The server caught up."""
        self._can_write.set()

    async def wait_for_room(self) -> None:
        """Return when more may be written. Raises ServerClosedError."""
        await self._can_write.wait()
        if self.is_closed:
            raise ServerClosedError("the server closed the connection")

    async def wait_for(self, look: Callable[[], T | None], limit_s: float) -> T:
        """Return what `look` finds, as soon as it finds something. Raises ServerClosedError."""
        async with asyncio.timeout(limit_s):
            while True:
                found = look()
                if found is not None:
                    return found
                if self.is_closed:
                    raise ServerClosedError("the server closed the connection")
                self._changed.clear()
                await self._changed.wait()

    async def wait_closed(self, limit_s: float) -> None:
        """Return when the connection has ended."""
        await self.wait_for(lambda: self.is_closed or None, limit_s)


def _read_answer(message: Message) -> Answer:
    """Read a command; some of ffmpeg's have no transaction id."""
    is_amf3 = message.type_id == MessageType.COMMAND_AMF3
    name, *arguments = amf0.decode(message.payload[is_amf3:])
    assert isinstance(name, str)
    transaction_id = arguments.pop(0) if arguments else 0.0
    assert isinstance(transaction_id, float)
    return Answer(name, transaction_id, tuple(arguments))
