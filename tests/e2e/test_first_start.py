"""The plain command in an empty folder, as somebody meets it who has just unpacked Rillcast."""

import asyncio
import re
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.support.encoder import encoder, ffmpeg_command
from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.support.viewer import viewer

pytestmark = pytest.mark.real

ADMIN = {"email": "ada@example.org", "password": "nine unrelated llamas"}


class Browser:
    """Keeps cookies as the server asks: one for HTTPS alone would never be sent back here."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def ask(self, method: str, path: str, json: Any = None) -> tuple[int, Any]:
        headers = {} if method == "GET" else {"Origin": self._url}
        async with self._session.request(
            method, f"{self._url}/api/v1{path}", json=json, headers=headers
        ) as response:
            return response.status, None if response.status == 204 else await response.json()


async def watch(server: RillcastServer, channel: str) -> None:
    async with viewer(server.live_url(channel)) as watching:
        await watching.wait_until_live()
        for url in (await watching.rendition_urls()).values():
            assert (await watching.get(url))[0] == 200


async def test_from_an_empty_folder_to_a_picture(tmp_path: Path) -> None:
    jar = aiohttp.CookieJar(unsafe=True)  # for addresses without a name
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        with rillcast_server(tmp_path, as_it_comes=True) as server:
            link = re.search(r"Set up\s+(\S+)/set-up#token=(\S+)", server.greeting)
            assert link, server.greeting
            assert link[1] == server.http_url
            browser = Browser(session, server.http_url)
            person = {"token": link[2], "displayName": "Ada", "kind": "browser", **ADMIN}
            assert (await browser.ask("POST", "/set-up", person))[0] == 201
            status, again = await browser.ask("POST", "/set-up", person)
            assert (status, again["code"]) == (410, "link-void")
            assert (await browser.ask("POST", "/channels", {"name": "studio"}))[0] == 201
            status, made = await browser.ask("POST", "/channels/studio/keys", {"name": "OBS"})
            assert status == 201
            with encoder(ffmpeg_command(f"{server.rtmp_url}/{made['key']}")):
                await watch(server, "studio")
            for secret in (made["key"], link[2]):
                assert secret not in server.log_text()
            assert not (server.data / "stream-keys.toml").exists()
            assert server.interrupt(60) == 0
        with rillcast_server(tmp_path, as_it_comes=True) as server:
            assert "Set up" not in server.greeting
            browser = Browser(session, server.http_url)
            assert (await browser.ask("GET", "/me"))[1]["role"] == "admin"
            assert (await browser.ask("DELETE", "/me/session"))[0] == 204
            assert (await browser.ask("GET", "/me"))[0] == 401
            await watch_the_demo(server)


async def watch_the_demo(server: RillcastServer) -> None:
    """Publish and watch the demo, beside a server with accounts, without knowing any key."""
    demo = [sys.executable, "-m", "config", "demo", "--data", str(server.data)]
    with encoder([*demo, "--url", server.rtmp_url, "--size", "320x180"]):
        await watch(server, "demo")
    listed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "config", "key", "list", "demo", "--data", str(server.data)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert (await listed.communicate())[0] == b""  # its key went with it


async def test_keys_from_before_there_were_accounts_go_on_working(tmp_path: Path) -> None:
    with rillcast_server(tmp_path) as before:
        key = before.key
    with rillcast_server(tmp_path, as_it_comes=True) as server:
        assert "Set up" not in server.greeting
        assert "accounts are off: keys of the key file admit publishers" in server.log_text()
        with encoder(ffmpeg_command(f"{server.rtmp_url}/{key}")):
            await watch(server, "studio")
    with rillcast_server(tmp_path, "--set", "accounts.enabled=true") as server:
        assert "Set up" in server.greeting
        assert "accounts are on: keys of the key file admit nobody" in server.log_text()
