"""A real nginx in front of a server, set up as deploy/nginx.conf says."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.support.debian_packages import program_path
from tests.support.port import free_port

DEPLOYED = Path(__file__).parents[2] / "deploy" / "nginx.conf"
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


def trusting() -> ssl.SSLContext:
    """Return what accepts the certificate of this nginx."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@asynccontextmanager
async def deployed_nginx(folder: Path, upstream_port: int) -> AsyncIterator[int]:
    """Run nginx with its files in `folder`, and yield its port for HTTPS once it answers."""
    port = free_port()
    await _make_certificate(folder)
    # As root, its workers would become a user who may not enter the folder.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
    settings = _adapted(folder, upstream_port=upstream_port, port=port)
    (folder / "rillcast.conf").write_text(settings)
    process = await asyncio.create_subprocess_exec(
        program_path("nginx") or "nginx",
        *("-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"),
    )
    try:
        await _await_answer(port)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def _await_answer(port: int) -> None:
    async with asyncio.timeout(120), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"https://127.0.0.1:{port}/health", ssl=trusting()):
                    return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.02)


async def _make_certificate(folder: Path) -> None:
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


def _adapted(folder: Path, *, upstream_port: int, port: int) -> str:
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
