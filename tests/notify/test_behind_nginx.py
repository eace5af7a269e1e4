"""Listening through a real nginx, set up as deploy/nginx.conf says."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import websockets

from accounts.storage import Database
from notify.close_code import CloseCode
from tests.notify.listening import COOKIE, Ear, Stage, stage
from tests.support.deployed_nginx import deployed_nginx, trusting

pytestmark = pytest.mark.real


@dataclass(frozen=True)
class Proxied:
    """A stage that is reached through nginx; what nginx logs lies in `folder`."""

    stage: Stage
    address: str
    folder: Path

    def connect(self, **headers: str) -> websockets.connect:
        """Open a WebSocket by way of nginx."""
        return websockets.connect(
            f"wss://{self.address}/ws", additional_headers=headers, ssl=trusting(), open_timeout=120
        )


@pytest.fixture
def model(sqlite_model: Path) -> Path:
    """Which database it is makes no difference here."""
    return sqlite_model


@pytest.fixture
async def proxied(database: Database, tmp_path: Path) -> AsyncIterator[Proxied]:
    async with stage(database) as made:
        upstream_port = int(made.url.partition(":")[2])
        async with deployed_nginx(tmp_path, upstream_port) as port:
            yield Proxied(made, f"127.0.0.1:{port}", tmp_path)


async def test_a_websocket_passes_with_its_close_code(proxied: Proxied) -> None:
    async with proxied.connect(Authorization="Bearer OWNER") as socket:
        ear = Ear(socket, json.loads(await socket.recv()))
        assert ear.welcome["account"] == "acc_OWNER"
        await ear.ask("subscribe", topics=["channel:studio", "me"])
        for title in ("one", "two"):
            await proxied.stage.titled(title)
            assert (await ear.hear())["title"] == title  # each before there is another
        proxied.stage.side.send_away()
        assert await ear.closed() == CloseCode.GOING_AWAY


async def test_an_event_stream_passes_piece_by_piece(proxied: Proxied) -> None:
    async with aiohttp.ClientSession() as client:
        url = f"https://{proxied.address}/events?topic=channel:studio"
        async with client.get(url, ssl=trusting()) as response:
            assert response.status == 200
            await response.content.readuntil(b"\n\n")
            for title in ("one", "two"):
                await proxied.stage.titled(title)
                event = await response.content.readuntil(b"\n\n")
                assert json.loads(event.partition(b"data: ")[2])["title"] == title


async def test_a_page_is_known_by_the_address_that_its_browser_sees(proxied: Proxied) -> None:
    cookie = f"{COOKIE}=OWNER"
    # Without a port, for deployed it is 443.
    async with proxied.connect(Origin="https://127.0.0.1", Cookie=cookie) as socket:
        assert json.loads(await socket.recv())["account"] == "acc_OWNER"
    with pytest.raises(websockets.InvalidStatus, match="403"):
        await proxied.connect(Origin="https://elsewhere.example", Cookie=cookie)


async def test_what_is_secret_is_in_no_log(proxied: Proxied) -> None:
    async with proxied.connect(Authorization="Bearer SECRETOWNER") as socket:
        await socket.recv()
        await socket.send(json.dumps({"type": "authenticate", "token": "SECRETFAN"}))
        await socket.recv()
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer SECRETFAN"}) as client:
        url = f"https://{proxied.address}/events?topic=channel:studio"
        async with client.get(url, ssl=trusting()) as response:
            await response.content.readuntil(b"\n\n")
        # nginx has written what it did before when it answers this.
        async with client.get(f"https://{proxied.address}/events", ssl=trusting()) as response:
            assert response.status == 400
    logged = b"".join(file.read_bytes() for file in proxied.folder.glob("*.log"))
    assert b"GET /ws " in logged
    assert b"SECRET" not in logged
