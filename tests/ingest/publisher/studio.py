"""A running RtmpServer with everything around it in memory, and encoders on real sockets."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, cast

from ingest.publisher import RtmpServer, RtmpSettings
from ingest.rtmp import AmfValue, RtmpLimits
from ingest.rtmp.amf0 import decode_values
from ingest.rtmp.chunk_reader import ChunkReader
from ingest.rtmp.message import MessageType
from tests.ingest.publisher.recording import EventLog, Journal, KeyTable, RecordingGateway
from tests.ingest.rtmp.encoder import ObsEncoder

CHANNELS = {"key": "studio", "other-key": "studio", "second": "stage"}
ASC = bytes.fromhex("af00 1190")  # AAC-LC, 48 kHz, stereo


_HERE = RtmpSettings(host="127.0.0.1", port=0, proxy_addresses=frozenset(), linger_s=0.05)


def settings(**changes: Any) -> RtmpSettings:
    """Loopback, any port, and nobody exempt from limits."""
    return replace(_HERE, **changes)


class Studio:
    """Use with `async with`; stops the server at the end."""

    def __init__(self, rtmp_settings: RtmpSettings | None = None) -> None:
        self._encoders: list[Encoder] = []
        self.journal = Journal()
        self.keys = KeyTable(CHANNELS, self.journal)
        self.gateway = RecordingGateway(self.journal)
        self.events = EventLog(self.journal)
        self.server = RtmpServer(rtmp_settings or settings(), self.keys, self.gateway, self.events)

    async def __aenter__(self) -> Self:
        await self.server.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.server.stop()
        for encoder in self._encoders:
            await encoder.close()
        assert self.server.connection_count == 0

    @property
    def url(self) -> str:
        return f"rtmp://127.0.0.1:{self.server.port}/live"

    async def encoder(self, key: str = "key", *, tls: ssl.SSLContext | None = None) -> "Encoder":
        port = self.server.port if tls is None else self.server.tls_port
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls)
        encoder = Encoder(reader, writer, key)
        self._encoders.append(encoder)
        return encoder


class Encoder:
    """Publishes a little AAC, in OBS's manner."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: str
    ) -> None:
        self.obs = ObsEncoder(key=key)
        self.writer = writer
        self._reader = reader
        self._chunks = ChunkReader(RtmpLimits())
        self._handshake_bytes_left = 3073
        self._heard: list[list[AmfValue]] = []
        self._next_ms = 0

    async def publish(self) -> Self:
        """Get on air, or fail the test with what the server said."""
        self.writer.write(self.obs.open())
        status = await self.status()
        assert status["code"] == "NetStream.Publish.Start", status
        return self

    def send_audio(self, count: int = 1) -> None:
        if not self._next_ms:
            self.writer.write(self.obs.media(8, 0, ASC))
        for _ in range(count):
            self._next_ms += 21
            self.writer.write(self.obs.media(8, self._next_ms, b"\xaf\x01" + bytes(200)))

    async def status(self) -> dict[str, AmfValue]:
        """Wait for the next onStatus."""
        while True:
            while self._heard:
                command = self._heard.pop(0)
                if command[0] == "onStatus":
                    assert isinstance(command[3], dict)
                    return command[3]
            assert await self._hear(), "the server closed the connection"

    async def closed(self) -> None:
        """Wait until the server has closed."""
        while await self._hear():
            pass

    def rest(self) -> None:
        """Read nothing any more."""
        cast("asyncio.Transport", self.writer.transport).pause_reading()

    async def close(self) -> None:
        self.writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await self.writer.wait_closed()

    async def _hear(self) -> bool:
        async with asyncio.timeout(180):
            try:
                data = await self._reader.read(65536)
            except ConnectionError:
                return False
        if not data:
            return False
        skipped = min(self._handshake_bytes_left, len(data))
        self._handshake_bytes_left -= skipped
        for message in self._chunks.receive(data[skipped:]):
            if message.type_id == MessageType.COMMAND_AMF0:
                self._heard.append(decode_values(message.payload, RtmpLimits()))
        return True
