"""What journeys through channels share: channels with keys, shows, and sites that frame them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web
from playwright.async_api import Page, expect

from tests.support.accounts_server import signed_in
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import RtmpPublisher, Show

_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of Olga's."""

    name: str
    key: str = field(repr=False)


async def make_channel(server: RillcastServer, word: str, **fields: Any) -> Channel:
    """Make a channel that says this of itself, and a key for it.

    Its name begins with the word, and is another each time: a test may be run again.
    """
    name = f"{word}-{next(_NUMBERS)}"
    async with signed_in(server, "olga") as olga:
        status, answer = await olga.ask("POST", "/channels", {"name": name})
        assert status == 201, answer
        status, answer = await olga.ask("PATCH", f"/channels/{name}", fields, If_Match="*")
        assert status == 200, answer
        status, made = await olga.ask("POST", f"/channels/{name}/keys", {"name": "studio camera"})
        assert status == 201, made
        return Channel(name, made["key"])


@asynccontextmanager
async def on_air(server: RillcastServer, key: str, show: Show) -> AsyncIterator[RtmpPublisher]:
    """Publish with a stream key until the block ends, then say goodbye."""
    async with RtmpPublisher(server.rtmp_url, key) as publisher:
        sending = asyncio.create_task(publisher.send(show, realtime=True, duration_s=580))
        try:
            yield publisher
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


async def shown_secret(page: Page) -> str:
    """Return the text of the secret that the page shows this once."""
    secret = page.locator(".made rillcast-secret-field code").first
    await expect(secret).to_be_visible()
    return (await secret.inner_text()).strip()


@asynccontextmanager
async def other_site(body: str) -> AsyncIterator[str]:
    """Serve a page with this body on an origin of its own."""

    async def respond(_request: web.Request) -> web.Response:
        return web.Response(text=f"<!doctype html><body>{body}", content_type="text/html")

    application = web.Application()
    application.router.add_get("/", respond)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://localhost:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
