"""RtmpPublisher: publishes shows over a real connection, as encoders do or as they should not."""

import asyncio
import secrets
import socket
import struct
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from itertools import chain, islice
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.support.rtmp_publisher import amf0
from tests.support.rtmp_publisher.amf0 import AmfValue
from tests.support.rtmp_publisher.behaviour import ClientBehaviour, Step
from tests.support.rtmp_publisher.chunk_writer import ChunkWriter
from tests.support.rtmp_publisher.errors import PublishRefusedError
from tests.support.rtmp_publisher.message import Message, MessageType, aggregate
from tests.support.rtmp_publisher.server_voice import Answer, ServerVoice
from tests.support.rtmp_publisher.show import Show

_DEFAULT_PORT = 1935
_HANDSHAKE_BYTES = 1536
_CONTROL_CHUNK_STREAM = 2
_COMMAND_CHUNK_STREAM = 3
_PUBLISH_CHUNK_STREAM = 4
_WRITE_BYTES = 65_536
_LONG_S = 600.0


class RtmpPublisher:
    """One publisher on one connection.

        async with RtmpPublisher("rtmp://127.0.0.1:1935/live", "key") as publisher:
            await publisher.send(make_show(), realtime=True)

    Entering connects and publishes: a PublishRefusedError has the code of the server's refusal.
    Leaving says goodbye, unless the connection was cut before. Each step is a method of its own,
    for tests that stop halfway. Without `key` the last part of the URL is the key.
    """

    def __init__(
        self, url: str, key: str | None = None, behaviour: ClientBehaviour | None = None
    ) -> None:
        if key is None:
            url, _, key = url.rpartition("/")
        place = urlsplit(url)
        self.voice = ServerVoice()
        self._host, self._port = place.hostname or "127.0.0.1", place.port or _DEFAULT_PORT
        self._app = place.path.lstrip("/") + (f"?{place.query}" if place.query else "")
        self._url, self._key = url, key
        self._behaviour = behaviour or ClientBehaviour()
        self._writer = ChunkWriter(
            compresses_headers=self._behaviour.compresses_headers,
            repeats_extended_timestamp=self._behaviour.repeats_extended_timestamp,
        )
        self._message_stream_id = 0
        self._transactions = 0
        self._transport: asyncio.Transport | None = None

    async def __aenter__(self) -> Self:
        """Connect and publish."""
        try:
            await self.open()
            await self.handshake()
            await self.connect()
            await self.publish()
        except BaseException:
            self.cut()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Say goodbye if all went well and the connection still stands, and close."""
        if kind is None and not self.voice.is_closed:
            await self.say_goodbye()
        await self.close()

    async def open(self) -> None:
        """Make the TCP connection."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_connection(
            lambda: self.voice, self._host, self._port
        )

    async def handshake(self) -> None:
        """Write C0 and C1, await the server's half, write C2 (RTMP 1.0, 5.2)."""
        piece, pause_s = self._behaviour.handshake_piece_bytes, self._behaviour.handshake_pause_s
        hello = b"\x03" + bytes(8) + secrets.token_bytes(_HANDSHAKE_BYTES - 8)
        for start in range(0, len(hello), piece):
            if start and pause_s:
                await asyncio.sleep(pause_s)
            await self.send_bytes(hello[start : start + piece])
        complete = 1 + 2 * _HANDSHAKE_BYTES
        server_half = await self.voice.wait_for(
            lambda: self.voice.handshake if len(self.voice.handshake) == complete else None,
            self._behaviour.answer_limit_s,
        )
        await self.send_bytes(bytes(server_half[1 : 1 + _HANDSHAKE_BYTES]))

    async def connect(self) -> Answer:
        """Announce the chunk size and connect to the application. Raises PublishRefusedError."""
        behaviour = self._behaviour
        if behaviour.does(Step.SET_CHUNK_SIZE):
            size = behaviour.chunk_size_bytes
            message = Message(MessageType.SET_CHUNK_SIZE, 0, size.to_bytes(4, "big"))
            await self.send_message(message, _CONTROL_CHUNK_STREAM)
            self._writer.chunk_size_bytes = size
        wishes: dict[str, AmfValue] = {
            "app": self._app,
            "type": "nonprivate",
            "flashVer": behaviour.flash_version,
            "swfUrl": self._url,
            "tcUrl": self._url,
        }
        if behaviour.four_cc_list:
            wishes["fourCcList"] = behaviour.four_cc_list
        if behaviour.caps_ex is not None:
            wishes["capsEx"] = behaviour.caps_ex
        return await self.call("connect", wishes)

    async def publish(self) -> Answer:
        """Create a stream and publish on it. Raises PublishRefusedError."""
        behaviour = self._behaviour
        if behaviour.does(Step.RELEASE_STREAM):
            await self.command("releaseStream", None, self._key)
        if behaviour.does(Step.FC_PUBLISH):
            await self.command("FCPublish", None, self._key)
        if behaviour.does(Step.CREATE_STREAM):
            created = (await self.call("createStream", None)).arguments[-1]
            assert isinstance(created, float)
            self._message_stream_id = int(created)
        heard = len(self.voice.answers)
        await self.command(
            *("publish", None, self._key, "live"),
            message_stream_id=self._message_stream_id,
            chunk_stream_id=_PUBLISH_CHUNK_STREAM,
        )
        return await self._await_answer(lambda answer: answer.name == "onStatus", heard)

    async def send(
        self,
        show: Show,
        *,
        realtime: bool = False,
        duration_s: float | None = None,
        from_ms: int = 0,
    ) -> int:
        """Send a show: once through, or over and over until `duration_s`.

        `realtime` sends each unit when its time has come, else all goes out as fast as the server
        takes it. `from_ms` is the show's time 0. Returns the time after its last message, from
        which another show can go on. Raises ServerClosedError when the server goes away.
        """
        behaviour = self._behaviour
        head = [show.metadata()] if behaviour.does(Step.METADATA) else []
        head += show.sequence_starts() if behaviour.does(Step.SEQUENCE_STARTS) else []
        media = show.media(duration_s)
        if behaviour.aggregate_count > 1:
            media = _aggregated(media, behaviour.aggregate_count)
        loop = asyncio.get_running_loop()
        started_s, sent_ms = loop.time(), 0
        pending = bytearray()
        for message in chain(head, media):
            sent_ms = message.timestamp_ms
            wait_s = started_s + sent_ms / 1000 - loop.time() if realtime else 0
            if wait_s > 0 or len(pending) >= _WRITE_BYTES:
                await self.send_bytes(bytes(pending))
                pending.clear()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            pending += self._write_media(message, from_ms)
        await self.send_bytes(bytes(pending))
        return from_ms + sent_ms + 1

    @asynccontextmanager
    async def sending(self, show: Show) -> AsyncIterator[None]:
        """Send a show in real time meanwhile, however long that takes. It must not end before."""
        sending = asyncio.create_task(self.send(show, realtime=True, duration_s=_LONG_S))
        try:
            yield
            assert not sending.done(), sending
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def send_media(self, messages: Iterable[Message], from_ms: int = 0) -> None:
        """Send these messages as they are, all at once, on the published message stream."""
        written = [self._write_media(message, from_ms) for message in messages]
        await self.send_bytes(b"".join(written))

    async def say_goodbye(self, show: Show | None = None, at_ms: int = 0) -> None:
        """End the tracks of `show`, and unpublish as OBS does when the streamer stops."""
        behaviour = self._behaviour
        if show is not None and behaviour.does(Step.SEQUENCE_ENDS):
            await self.send_media(show.sequence_ends(at_ms))
        if behaviour.does(Step.FC_UNPUBLISH):
            await self.command("FCUnpublish", None, self._key)
        if behaviour.does(Step.DELETE_STREAM):
            await self.command("deleteStream", None, self._message_stream_id)

    async def close(self) -> None:
        """Close the connection, without a word, and wait until it is closed."""
        if self._transport is not None and not self.voice.is_closed:
            self._transport.close()
            await self.voice.wait_closed(self._behaviour.answer_limit_s)

    def cut(self) -> None:
        """Reset the connection, as a crash or a lost network does."""
        if self._transport is None or self.voice.is_closed:
            return
        tcp: socket.socket = self._transport.get_extra_info("socket")
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    async def call(self, name: str, *arguments: AmfValue) -> Answer:
        """Send a command and return its result. Raises PublishRefusedError for `_error`."""
        heard = len(self.voice.answers)
        transaction_id = await self.command(name, *arguments)
        return await self._await_answer(
            lambda answer: (
                answer.name in {"_result", "_error"} and answer.transaction_id == transaction_id
            ),
            heard,
        )

    async def command(
        self,
        name: str,
        *arguments: AmfValue,
        message_stream_id: int = 0,
        chunk_stream_id: int = _COMMAND_CHUNK_STREAM,
    ) -> int:
        """Send a command and return its transaction id, without awaiting an answer."""
        self._transactions += 1
        payload = amf0.encode(name, self._transactions, *arguments)
        type_id = MessageType.COMMAND_AMF0
        if self._behaviour.wraps_commands_in_amf3:
            # Type 17 begins with a format byte; AMF0 may follow it.
            payload, type_id = b"\0" + payload, MessageType.COMMAND_AMF3
        await self.send_message(Message(type_id, 0, payload, message_stream_id), chunk_stream_id)
        return self._transactions

    async def send_message(self, message: Message, chunk_stream_id: int) -> None:
        """Send one message as it is."""
        await self.send_bytes(self._writer.write(message, chunk_stream_id))

    async def send_bytes(self, raw: bytes) -> None:
        """Send bytes as they are. Raises ServerClosedError."""
        assert self._transport is not None, "open() comes first"
        await self.voice.wait_for_room()
        self._transport.write(raw)

    async def _await_answer(self, is_it: Callable[[Answer], bool], heard: int) -> Answer:
        """Return the first answer after the first `heard` ones that is the right one."""
        answer = await self.voice.wait_for(
            lambda: next(filter(is_it, self.voice.answers[heard:]), None),
            self._behaviour.answer_limit_s,
        )
        status = answer.status
        if answer.name == "_error" or status.get("level") == "error":
            raise PublishRefusedError(answer.code, str(status.get("description", "")))
        return answer

    def _write_media(self, message: Message, from_ms: int) -> bytes:
        behaviour = self._behaviour
        audio, video, other = behaviour.media_chunk_streams
        own: dict[int, int] = {MessageType.AUDIO: audio, MessageType.VIDEO: video}
        chunk_stream_id = own.get(message.type_id, other)
        timestamp_ms = behaviour.start_timestamp_ms + from_ms + message.timestamp_ms
        wire = Message(
            message.type_id,
            timestamp_ms % 2**behaviour.timestamp_bits,
            message.payload,
            self._message_stream_id,
        )
        return self._writer.write(wire, chunk_stream_id)


def _aggregated(messages: Iterator[Message], size: int) -> Iterator[Message]:
    while batch := list(islice(messages, size)):
        yield aggregate(batch)
