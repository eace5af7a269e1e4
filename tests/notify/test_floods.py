"""Who sends too much of anything is sent away before it costs others anything."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from accounts.storage import Database
from notify.close_code import CloseCode
from notify.limits import ConnectionLimits
from notify.settings import NotifySettings
from tests.notify.listening import Stage, stage
from tests.support.postgresql import PostgresServer

TEXT, CONTINUATION, PING, PONG = 1, 0, 9, 10


@pytest.fixture
def model(sqlite_model: Path) -> PostgresServer | Path:
    """No row is in it."""
    return sqlite_model


@pytest.fixture
async def on(database: Database) -> AsyncIterator[Stage]:
    async with stage(database) as made:
        yield made


def frame(opcode: int, payload: bytes = b"", *, is_final: bool = True) -> bytes:
    """Write a frame as clients do (RFC 6455, 5.2), masked with zeros."""
    assert len(payload) < 126
    head = bytes(((0x80 if is_final else 0) | opcode, 0x80 | len(payload)))
    return head + bytes(4) + payload


@asynccontextmanager
async def opened(
    on: Stage,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Shake hands, and give out the bare connection."""
    host, port = on.url.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    key = base64.b64encode(bytes(16)).decode()
    writer.write(
        f"GET /ws HTTP/1.1\r\nHost: {on.url}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    try:
        yield reader, writer
    finally:
        writer.transport.abort()  # what waits to be sent has nobody to read it


async def code_after(on: Stage, begun: bytes, again: bytes) -> int:
    """Send the same again and again, and return the code that it is answered with in the end."""
    async with opened(on) as (reader, writer):
        writer.write(begun)

        async def flood() -> None:
            while True:
                writer.write(again * 500)
                await writer.drain()

        flooding = asyncio.create_task(flood())
        try:
            while True:
                opcode, size = await reader.readexactly(2)
                if size == 126:
                    size = int.from_bytes(await reader.readexactly(2), "big")
                payload = await reader.readexactly(size)
                if opcode == 0x88:
                    return int.from_bytes(payload[:2], "big")
        finally:
            flooding.cancel()
            await asyncio.gather(flooding, return_exceptions=True)


@pytest.mark.parametrize(
    ("begun", "again"),
    [
        (b"", frame(PING)),
        (b"", frame(PONG, b"x" * 125)),
        (b"", frame(TEXT, b'{"type":"ping"}')),
        (frame(TEXT, b"x", is_final=False), frame(CONTINUATION, is_final=False)),
    ],
    ids=["pings", "pongs", "commands", "pieces of one message"],
)
async def test_a_flood_of_whatever_frames_is_ended(on: Stage, begun: bytes, again: bytes) -> None:
    assert await code_after(on, begun, again) == CloseCode.TOO_MANY_COMMANDS


async def test_a_ping_is_answered(on: Stage) -> None:
    async with on.ear() as ear:
        await (await ear.socket.ping())


async def test_a_subscription_counts_for_what_it_costs(database: Database) -> None:
    """Each topic is a look at the database; to resume is a walk through all that was told."""
    settings = {"commands_burst": 30, "commands_per_minute": 0.001}
    async with stage(database, **settings) as on:
        async with on.ear() as ear:
            for _ in range(2):
                await ear.ask("subscribe", topics=[f"channel:none{n}" for n in range(50)])
            await ear.socket.send(json.dumps({"type": "subscribe", "topics": ["live"] * 20}))
            assert await ear.closed() == CloseCode.TOO_MANY_COMMANDS
        async with on.ear() as ear:
            for _ in range(3):
                await ear.ask("subscribe", topics=["live"], after=ear.welcome["id"])
            await ear.socket.send(
                json.dumps({"type": "subscribe", "topics": ["live"], "after": ear.welcome["id"]})
            )
            assert await ear.closed() == CloseCode.TOO_MANY_COMMANDS


async def test_an_event_stream_has_as_many_topics_as_there_may_be(on: Stage) -> None:
    async with on.http() as http:
        topics = "&".join(f"topic=channel:none{number}" for number in range(101))
        async with http.get(f"/events?{topics}") as answer:
            assert answer.status == 400


async def test_an_address_that_comes_and_goes_without_end_waits() -> None:
    limits = ConnectionLimits(NotifySettings(connections_per_address=10))
    tries = 0
    while limits.admit("192.0.2.1", 0.0):
        limits.leave("192.0.2.1")
        tries += 1
    assert tries == 20
    assert limits.admit("192.0.2.2", 0.0)
    assert limits.admit("", 0.0)
    assert limits.admit("192.0.2.1", 1.5)
    assert not limits.admit("192.0.2.1", 1.5)
