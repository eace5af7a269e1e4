"""Who comes by a shared link, in a real browser: they read what is said where they watch."""

import pytest
from playwright.async_api import Browser, expect

from tests.web.room_house import RoomHouse

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]


async def test_a_guest_of_a_private_channel_reads_its_chat(
    browser: Browser, rooms: RoomHouse
) -> None:
    channel = await rooms.channel("shut", visibility="private")
    await rooms.say("olga", channel, "before you came")
    async with rooms.person("olga") as olga:
        fields = {"name": "friends", "lifetimeS": 3600}
        status, link = await olga.ask("POST", f"/channels/{channel}/links", fields)
        assert status == 201, link
    path = f"/{channel}#link={link['token']}"
    async with rooms.page(browser, path) as page:
        await expect(page.get_by_text("before you came", exact=True)).to_be_visible()
        await expect(page.get_by_role("link", name="Sign in to chat")).to_be_visible()
        await rooms.say("olga", channel, "while you are here")
        await expect(page.get_by_text("while you are here", exact=True)).to_be_visible()
        away = page.get_by_role("link", name="Open the chat in a window of its own")
        href = await away.get_attribute("href")
        assert href == f"/{channel}/chat#link={link['token']}"
        await page.goto(rooms.url + href)
        await expect(page.get_by_text("while you are here", exact=True)).to_be_visible()
