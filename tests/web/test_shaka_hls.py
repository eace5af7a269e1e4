"""Shaka Player in Chromium plays our HLS in its low-latency mode: part by part."""

import pytest
from playwright.async_api import Browser

from tests.support.rillcast_server import RillcastServer
from tests.support.viewer import viewer
from tests.web.chromium import STATE_LIMIT_MS
from tests.web.demo_encoder import demo_encoder
from tests.web.player_pages import expect_new_pictures, faults_of, player_pages

# One browser at a time: two would starve each other on a small machine.
pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]


async def test_shaka_plays_parts_and_asks_for_playlists_that_are_not_there_yet(
    server: RillcastServer, browser: Browser
) -> None:
    asked: list[str] = []
    async with player_pages() as pages:
        page = await browser.new_page()
        page.set_default_timeout(STATE_LIMIT_MS)
        page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        with demo_encoder(server, "shaka-hls") as lost:
            async with viewer(server.live_url("shaka-hls")) as watching:
                # Shaka 5.2 looks for captions in the open segment if there are few, and hangs.
                await watching.wait_for_segment("video", 4)
            await page.goto(pages.address("shaka", server.live_url("shaka-hls")))
            await expect_new_pictures(page)
            assert await faults_of(page) == []
            assert any(name.startswith("part-") for name in asked)
            assert any("_HLS_msn=" in name and "_HLS_part=" in name for name in asked)
            lost.kill()
        with demo_encoder(server, "shaka-hls"):
            await expect_new_pictures(page)
        await page.close()
