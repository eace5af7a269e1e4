"""What somebody watches is recommended, said why, shown and forgotten, in a real browser."""

import pytest
from playwright.async_api import Browser, expect

from tests.support.rtmp_publisher import Show
from tests.web.channel_house import on_air
from tests.web.room_house import RoomHouse

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]


async def test_what_was_watched_is_recommended_until_it_is_switched_off(
    browser: Browser, rooms: RoomHouse, show: Show
) -> None:
    channel = await rooms.channel("seen", title="Watched before", category="gaming")
    key = await rooms.key(channel)
    async with on_air(rooms.server, key, show), rooms.page(browser, f"/{channel}", "fay") as page:
        player = page.locator("rillcast-player")
        await expect(player).to_have_attribute("data-state", "playing", timeout=60_000)
        # To leave the page tells what was watched, once it is worth telling.
        noted = page.expect_request(
            lambda request: request.url.endswith("/me/watch-history"), timeout=60_000
        )
        async with noted:
            await page.wait_for_timeout(12_000)
            await page.get_by_role("link", name="Rillcast").first.click()
        for_you = page.get_by_role("region", name="For you")
        await page.reload()
        await expect(for_you.get_by_text("Watched before")).to_be_visible()
        await expect(for_you.get_by_text("You watched it lately")).to_be_visible()

        await page.goto(f"{rooms.url}/settings/recommendations")
        row = page.get_by_role("listitem").filter(has_text=channel)
        await expect(row).to_be_visible()
        await row.get_by_role("button", name=f"Forget {channel}").click()
        await expect(page.get_by_text(f"{channel} is forgotten.")).to_be_visible()
        await expect(page.get_by_text("Nothing is remembered")).to_be_visible()
        await page.get_by_label("Recommend channels to me").uncheck()
        await expect(page.get_by_text("Recommendations are off")).to_be_visible()
        await page.reload()
        await expect(page.get_by_label("Recommend channels to me")).not_to_be_checked()
        await page.goto(rooms.url)
        await expect(page.get_by_text("Watched before")).to_be_visible()
        await expect(page.get_by_role("heading", name="For you")).to_have_count(0)
