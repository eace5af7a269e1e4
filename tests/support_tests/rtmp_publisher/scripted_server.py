"""A server that takes everything it is sent, writes it down, and answers by a script."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.support.rtmp_publisher import Message, MessageType, amf0
from tests.support.rtmp_publisher.amf0 import AmfValue
from tests.support.rtmp_publisher.chunk_reader import ChunkReader
from tests.support.rtmp_publisher.chunk_writer import ChunkWriter

_HANDSHAKE_BYTES = 1536


@dataclass
class ScriptedServer:
    """One listening server for one publisher.

    `script` maps a command's name to the answer: its name and arguments. A command without an
    entry is not answered; one in `closes_on` ends the connection.
    """

    script: dict[str, tuple[AmfValue, ...]]
    closes_on: str = ""
    url: str = ""
    messages: list[Message] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    error: OSError | None = None
    _writer: ChunkWriter = field(default_factory=ChunkWriter)

    @property
    def commands(self) -> list[str]:
        """The names of all commands so far."""
        return [str(amf0.decode(_amf0_of(m))[0]) for m in self.messages if _is_command(m)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            await self._converse(reader, writer)
        except asyncio.IncompleteReadError:
            pass
        except OSError as error:
            self.error = error
        finally:
            writer.close()
            self.ended.set()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello = await reader.readexactly(1 + _HANDSHAKE_BYTES)
        assert hello[0] == 3
        writer.write(b"\x03" + bytes(_HANDSHAKE_BYTES) + hello[1:])
        assert await reader.readexactly(_HANDSHAKE_BYTES) == bytes(_HANDSHAKE_BYTES)
        chunks = ChunkReader()
        while received := await reader.read(65_536):
            for message in chunks.receive(received):
                self.messages.append(message)
                if not _is_command(message):
                    continue
                name, transaction_id, *_ = amf0.decode(_amf0_of(message))
                if name == self.closes_on:
                    return
                if str(name) in self.script:
                    answer_name, *arguments = self.script[str(name)]
                    payload = amf0.encode(answer_name, transaction_id, *arguments)
                    answer = Message(MessageType.COMMAND_AMF0, 0, payload)
                    writer.write(self._writer.write(answer, 3))


def _is_command(message: Message) -> bool:
    return message.type_id in {MessageType.COMMAND_AMF0, MessageType.COMMAND_AMF3}


def _amf0_of(message: Message) -> bytes:
    return message.payload[message.type_id == MessageType.COMMAND_AMF3 :]


ACCEPTING: dict[str, tuple[AmfValue, ...]] = {
    "connect": ("_result", {}, {"level": "status", "code": "NetConnection.Connect.Success"}),
    "createStream": ("_result", None, 7),
    "publish": ("onStatus", None, {"level": "status", "code": "NetStream.Publish.Start"}),
}


@asynccontextmanager
async def scripted_server(
    script: dict[str, tuple[AmfValue, ...]] | None = None, closes_on: str = ""
) -> AsyncIterator[ScriptedServer]:
    """Listen on a free port; by default accept everything."""
    server = ScriptedServer(ACCEPTING if script is None else script, closes_on)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    async with listener:
        server.url = f"rtmp://127.0.0.1:{listener.sockets[0].getsockname()[1]}/live?token=t"
        yield server
        async with asyncio.timeout(120):
            await server.ended.wait()
