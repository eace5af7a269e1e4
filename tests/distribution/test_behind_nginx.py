"""Open segments through a real nginx, set up as deploy/nginx.conf says."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from tests.distribution.conftest import Serve, Served
from tests.distribution.show import PARTS_PER_SEGMENT, Show
from tests.support.debian_packages import program_path
from tests.support.port import free_port

pytestmark = pytest.mark.real

DEPLOYED = Path(__file__).parents[2] / "deploy" / "nginx.conf"
OPEN = "/live/ada/e1/video/segment-4.m4s"
MAIN = """\
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 4096; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/rillcast.conf;
}}
"""


class Proxied:
    """A client of nginx, which asks the server."""

    def __init__(self, served: Served, port: int, folder: Path) -> None:
        self.served = served
        self.folder = folder
        trusting = ssl.create_default_context()
        trusting.check_hostname = False
        trusting.verify_mode = ssl.CERT_NONE
        self.client = aiohttp.ClientSession(
            f"https://127.0.0.1:{port}", connector=aiohttp.TCPConnector(limit=0, ssl=trusting)
        )

    async def get(self, path: str) -> bytes:
        async with self.client.get(path) as response:
            assert response.status == 200
            return await response.read()

    def kept(self, path: str) -> bool:
        """Whether nginx has the resource in its cache."""
        key = f"KEY: {path}|".encode()
        return any(
            key in file.read_bytes()
            for file in (self.folder / "cache").rglob("*")
            if file.is_file()
        )


Proxy = Callable[[Show], Awaitable[Proxied]]


async def made_certificate(folder: Path) -> None:
    request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=a"
    making = await asyncio.create_subprocess_exec(
        "openssl",
        *request.split(),
        "-keyout",
        str(folder / "privkey.pem"),
        "-out",
        str(folder / "fullchain.pem"),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await making.wait() == 0


def adapted(folder: Path, *, upstream_port: int, port: int) -> str:
    """Our configuration with the places of this test: ports, certificate, cache."""
    text = DEPLOYED.read_text()
    for theirs, ours in (
        ("127.0.0.1:8080", f"127.0.0.1:{upstream_port}"),
        ("listen 443 ssl http2", f"listen 127.0.0.1:{port} ssl http2"),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen unix:{folder}/plain.sock;"),
        ("    listen [::]:80;\n", ""),
        ("/etc/letsencrypt/live/live.example.org", str(folder)),
        ("/var/cache/nginx-rillcast", f"{folder}/cache"),
    ):
        assert theirs in text
        text = text.replace(theirs, ours)
    return text


@pytest.fixture
async def proxy(serve: Serve, tmp_path: Path) -> AsyncIterator[Proxy]:
    started: list[tuple[asyncio.subprocess.Process, Proxied]] = []

    async def start(show: Show) -> Proxied:
        served = await serve(show)
        port = free_port()
        await made_certificate(tmp_path)
        # As root, its workers would become a user who may not enter the folder.
        user = "user root;" if os.geteuid() == 0 else ""
        (tmp_path / "nginx.conf").write_text(MAIN.format(folder=tmp_path, user=user))
        settings = adapted(tmp_path, upstream_port=served.server.port, port=port)
        (tmp_path / "rillcast.conf").write_text(settings)
        process = await asyncio.create_subprocess_exec(
            program_path("nginx") or "nginx",
            *("-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-e", "stderr"),
        )
        proxied = Proxied(served, port, tmp_path)
        started.append((process, proxied))
        async with asyncio.timeout(30):
            while True:
                try:
                    await proxied.get("/health")
                except aiohttp.ClientConnectorError:
                    await asyncio.sleep(0.02)
                else:
                    return proxied

    yield start
    for process, proxied in started:
        await proxied.client.close()
        process.terminate()
        await process.wait()


def show_with_open_segment() -> Show:
    show = Show(part_bytes=30_000)
    show.add_segments(3)
    show.add_part()
    return show


async def test_parts_pass_through_one_by_one_to_all_readers(proxy: Proxy) -> None:
    show = show_with_open_segment()
    proxied = await proxy(show)
    responses = [await proxied.client.get(OPEN) for _ in range(10)]
    assert {response.status for response in responses} == {200}
    for number in range(13, 13 + PARTS_PER_SEGMENT):
        expected = show.part_body("video", number)
        for response in responses:
            assert "Content-Length" not in response.headers
            assert await response.content.readexactly(len(expected)) == expected
        if number < 12 + PARTS_PER_SEGMENT:
            show.add_part()
    for response in responses:
        assert await response.read() == b""
        response.release()


async def test_open_segment_is_not_kept_and_the_complete_one_is(proxy: Proxy) -> None:
    show = show_with_open_segment()
    proxied = await proxy(show)
    reading = asyncio.create_task(proxied.get(OPEN))
    for _ in range(PARTS_PER_SEGMENT - 1):
        await proxied.served.blocked(1)
        show.add_part()
    assert await reading == show.segment_body("video", 4)
    assert not proxied.kept(OPEN)
    assert await proxied.get(OPEN) == show.segment_body("video", 4)
    assert proxied.kept(OPEN)
    assert await proxied.get(OPEN) == show.segment_body("video", 4)


async def test_segment_that_is_cut_is_neither_whole_nor_kept(proxy: Proxy) -> None:
    show = show_with_open_segment()
    proxied = await proxy(show)
    response = await proxied.client.get(OPEN)
    await proxied.served.server.stop()
    with pytest.raises(aiohttp.ClientPayloadError):
        await response.read()
    assert not proxied.kept(OPEN)


async def test_leave_to_watch_stands_in_no_log(proxy: Proxy) -> None:
    proxied = await proxy(Show())
    asked = ("/live/~secret/ada/index.m3u8", "/api/v1/live/~secret/ada", "/api/v1/live")
    for path in asked:
        async with proxied.client.get(path) as response:
            await response.read()
    log = proxied.folder / "access.log"
    async with asyncio.timeout(20):
        while "GET /api/v1/live " not in log.read_text():  # noqa: ASYNC110 - nginx tells nobody
            await asyncio.sleep(0.02)
    assert "secret" not in log.read_text()


async def test_clock_is_asked_each_time(proxy: Proxy) -> None:
    proxied = await proxy(Show())
    clock = "/live/ada/time"
    times = [await proxied.get(clock) for _ in range(20)]
    assert times == sorted(times)
    assert times[0] < times[-1]
    assert not proxied.kept(clock)
