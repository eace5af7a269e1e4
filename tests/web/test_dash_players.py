"""dash.js and Shaka Player in Chromium play our DASH live, and ride out a publisher's loss."""

import pytest
from playwright.async_api import Browser

from tests.support.rillcast_server import RillcastServer
from tests.support.viewer import viewer
from tests.web.demo_encoder import demo_encoder
from tests.web.player_pages import PlayerName, expect_new_pictures, player_pages, sight_within

# One browser at a time: two would starve each other on a small machine.
pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

LIVE_WITHIN_MS = 1_500
ATTEMPTS = 20


@pytest.mark.parametrize("player", ["dashjs", "shaka"])
async def test_it_comes_within_one_and_a_half_seconds_and_survives_a_lost_publisher(
    server: RillcastServer, browser: Browser, player: PlayerName
) -> None:
    media_url = f"{server.http_url}/live/{player}/manifest.mpd"
    async with player_pages() as pages:
        page = await browser.new_page()
        with demo_encoder(server, player) as lost:
            async with viewer(server.live_url(player)) as watching:
                await watching.wait_for_segment("video", 3)
            await page.goto(pages.address(player, media_url))
            await sight_within(page, LIVE_WITHIN_MS, ATTEMPTS)
            lost.kill()
        with demo_encoder(server, player):
            await expect_new_pictures(page)
        await page.close()
