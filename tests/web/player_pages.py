"""A web server for pages with other people's players, which no product page contains."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import time
from typing import Literal
from urllib.parse import quote

from aiohttp import web
from playwright.async_api import Page

from tests.e2e.matrix.load_watch import LoadWatch
from tests.support.rillcast_server import RillcastServer
from tests.web.glass_clock import watch_clock

PLAYERS = Path(__file__).parent / "players"

PlayerName = Literal["dashjs", "shaka"]


class PlayerPages:
    """Addresses of pages that play what they are told to."""

    def __init__(self, url: str) -> None:
        self._url = url

    def address(self, player: PlayerName, media_url: str) -> str:
        """Return where a player plays this manifest or playlist."""
        return f"{self._url}/{player}.html?address={quote(media_url, safe='')}"


@asynccontextmanager
async def player_pages() -> AsyncIterator[PlayerPages]:
    """Serve the pages on a free port, on another origin than the media as embedders do it."""
    application = web.Application()
    application.router.add_static("/", PLAYERS)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield PlayerPages(f"http://{host}:{port}")
    finally:
        await runner.cleanup()


async def faults_of(page: Page) -> list[str]:
    """Return what the page's player has given up on."""
    faults: list[str] = await page.evaluate("faults")
    return faults


async def expect_new_pictures(page: Page, attempts: int = 30) -> None:
    """Watch until pictures are shown that were drawn after this call, in the page as it is."""
    called_ms = time() * 1000
    for _ in range(attempts):
        sight = await watch_clock(page, 3)
        if any(glance.drawn_ms > called_ms for glance in sight.glances):
            return
    raise AssertionError(f"no new picture in {attempts} looks; faults: {await faults_of(page)}")


async def expect_sight_within(
    page: Page, server: RillcastServer, age_ms: float, attempts: int, seconds: float = 3
) -> None:
    """Watch until the typical picture of some seconds is younger than this.

    A busy machine makes every player late for a while; one that cannot come so close never does.
    Where the server waited for a core in each look, what was seen says nothing of the player.
    """
    found = []
    idle_looks = 0
    for _ in range(attempts):
        load = LoadWatch(server.process.pid)
        watching = asyncio.create_task(load.run())
        sight = await watch_clock(page, seconds)
        watching.cancel()
        idle_looks += not load.was_busy
        if sight.glances:
            found.append(round(sight.typical_age_ms))
            if sight.typical_age_ms < age_ms:
                return
    assert found, "no pictures"
    assert idle_looks == 0, f"never younger than {age_ms} ms in {attempts} looks: {found}"
