"""What a WebSocket costs while nobody says anything, how its end is noticed, and what is left."""

import asyncio
import base64
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import websockets
from aiohttp import web
from websockets.frames import Close, Frame, Opcode
from websockets.streams import StreamReader

from accounts.storage import Database
from notify.client_socket import ClientSocket
from notify.close_code import CloseCode
from notify.conversation import Conversation
from notify.talk import Talk
from tests.accounts.channels.world import OWNER, World
from tests.notify.listening import Stage, stage, stage_of

OF_A_SOCKET = (Talk, ClientSocket, Conversation, web.BaseRequest, web.RequestHandler)


@pytest.fixture
def model(sqlite_model: Path) -> Path:
    """One database: nothing here depends on which."""
    return sqlite_model


@pytest.fixture
async def on(database: Database) -> AsyncIterator[Stage]:
    async with stage(database) as made:
        yield made


class RawClient:
    """Sends and reads bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer
        self._stream = StreamReader()

    def send(self, *frames: Frame) -> None:
        """Send frames, masked."""
        self.writer.write(b"".join(frame.serialize(mask=True) for frame in frames))

    async def frame(self) -> Frame | None:
        """Read the next frame; None at the end."""
        parsing = Frame.parse(self._stream.read_exact, mask=False, max_size=None)
        while True:
            try:
                next(parsing)
            except StopIteration as parsed:
                found: Frame = parsed.value
                return found
            try:
                received = await self._reader.read(65_536)
            except ConnectionResetError:
                return None
            if not received:
                return None
            self._stream.feed_data(received)

    async def frames(self) -> list[Frame]:
        """Read to the end."""
        found = []
        while (frame := await self.frame()) is not None:
            found.append(frame)
        return found


@asynccontextmanager
async def raw_client(on: Stage, behind: bytes = b"") -> AsyncIterator[RawClient]:
    """Shake hands by hand; `behind` is sent without waiting for the answer."""
    host, _, port = on.url.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    key = base64.b64encode(bytes(16))
    writer.write(
        b"GET /ws HTTP/1.1\r\nHost: %b\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n\r\n%b"
        % (on.url.encode(), key, behind)
    )
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 ")
    client = RawClient(reader, writer)
    welcome = await client.frame()
    assert welcome is not None
    assert b'"welcome"' in welcome.data
    try:
        yield client
    finally:
        writer.transport.abort()


@pytest.fixture
def counted() -> Iterator[None]:
    """Let nothing be freed but by its last reference."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def alive(*kinds: type) -> list[Any]:
    return [each for each in gc.get_objects() if issubclass(type(each), kinds)]


async def test_a_silent_socket_keeps_no_request_and_no_task(on: Stage) -> None:
    async with raw_client(on) as one, raw_client(on):
        one.send(Frame(Opcode.TEXT, b'{"type":"subscribe","topics":["live"]}'))
        assert await one.frame() is not None
        assert len(alive(ClientSocket)) == 2
        async with asyncio.timeout(120):
            while alive(web.BaseRequest, web.RequestHandler):  # noqa: ASYNC110 - as below
                await asyncio.sleep(0.01)
        assert len(alive(ClientSocket)) == 2
        kinds = {getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()}
        assert kinds.isdisjoint({"RequestHandler.start", "Talk._answer"})


@pytest.mark.usefixtures("counted")
async def test_nothing_of_a_socket_waits_for_the_garbage_collector(on: Stage) -> None:
    for number in range(12):
        async with on.ear(as_="FAN" if number % 2 else None) as ear:
            await ear.ask("subscribe", topics=["live", "channel:studio"])
            if number % 3 == 0:
                ear.socket.transport.abort()
            elif number % 3 == 1:
                await ear.socket.send(b"\x00")
                await ear.closed()
    async with asyncio.timeout(120):
        while alive(*OF_A_SOCKET):  # noqa: ASYNC110 - nobody tells when a socket is gone
            await asyncio.sleep(0.01)


async def test_whoever_listens_hears_the_same_compressed_or_not(on: Stage) -> None:
    channel = (await on.world.channels.see("studio", OWNER)).channel
    titles = [f"what it is called now, which is long enough: {number}" for number in range(60)]
    subscribe = {"type": "subscribe", "topics": ["channel:studio"]}
    async with (
        on.ear() as plain_window,
        on.ear(compression=None) as plain,
        on.http() as http,
        http.ws_connect("/ws", compress=15) as other,
    ):
        assert [each.name for each in plain_window.socket.protocol.extensions] == [
            "permessage-deflate"
        ]
        assert plain.socket.protocol.extensions == []
        for ear in (plain_window, plain):
            await ear.ask("subscribe", topics=["channel:studio"])
        await other.receive_json()
        await other.send_json(subscribe)
        await other.receive_json()
        for first in (0, 30):
            for title in titles[first : first + 30]:
                on.tell(channel.id, "studio", title)
            some = titles[first : first + 30]
            assert await plain_window.titles(30) == some
            assert await plain.titles(30) == some
            assert [(await other.receive_json())["title"] for _ in some] == some


async def test_what_is_sent_before_the_answer_is_heard(on: Stage) -> None:
    early = Frame(Opcode.TEXT, b'{"type":"ping","ref":7}').serialize(mask=True)
    async with raw_client(on, early) as client:
        answer = await client.frame()
        assert answer is not None
        assert answer.data == b'{"type":"pong","ref":7}'


async def test_a_ping_is_answered_and_a_close_too(on: Stage) -> None:
    async with raw_client(on) as client:
        client.send(Frame(Opcode.PING, b"abc"), Frame(Opcode.CLOSE, Close(1000, "").serialize()))
        pong, close = await client.frames()
        assert (pong.opcode, pong.data) == (Opcode.PONG, b"abc")
        assert (close.opcode, Close.parse(close.data).code) == (Opcode.CLOSE, 1000)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (Frame(Opcode.TEXT, b"\xff").serialize(mask=True), CloseCode.NOT_TEXT),
        (Frame(Opcode.TEXT, b"{}").serialize(mask=False), CloseCode.PROTOCOL),
        (Frame(Opcode.PING, b"").serialize(mask=True) * 200, CloseCode.TOO_MANY_COMMANDS),
    ],
    ids=["no UTF-8", "not masked", "many pings"],
)
async def test_who_breaks_the_protocol_is_told_so_and_sent_away(
    on: Stage, sent: bytes, code: CloseCode
) -> None:
    async with raw_client(on) as client:
        client.writer.write(sent)
        while (frame := await client.frame()) is not None and frame.opcode is not Opcode.CLOSE:
            pass
        assert frame is not None
        assert Close.parse(frame.data).code == code


async def test_who_gives_no_sign_of_life_is_cut(database: Database) -> None:
    world = World(database)
    await world.populate()
    # A machine that is held up keeps the lively one from answering, too, but not each time.
    survivors = 0
    for _ in range(10):
        async with stage_of(world, ping_s=0.2) as on, on.ear() as lively:
            async with raw_client(on) as silent:
                first, *_ = await silent.frames()
                assert first.opcode is Opcode.PING
            with suppress(websockets.ConnectionClosed):
                survivors += (await lively.ask("ping"))["type"] == "pong"
        if survivors:
            break
    assert survivors


async def test_a_page_that_is_left_before_the_answer_leaves_nothing(on: Stage) -> None:
    host, _, port = on.url.partition(":")
    for _ in range(5):
        _reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        writer.transport.abort()
    async with on.ear() as ear:  # behind them all
        assert (await ear.ask("ping"))["type"] == "pong"
    while on.side._hall.limits.connection_count:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.005)
    assert len(on.side._audience) == 0


async def test_a_server_that_stops_waits_for_goodbyes(on: Stage) -> None:
    async with on.http() as http, http.ws_connect("/ws") as other:
        await other.receive_json()
        on.side.send_away()
        waiting = asyncio.create_task(on.side.wait_gone(60))
        end = await other.receive()
        assert (end.type, end.data) == (aiohttp.WSMsgType.CLOSE, CloseCode.GOING_AWAY)
        await waiting
        assert len(on.side._audience) == 0
