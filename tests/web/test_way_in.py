"""The frame of every page, as visitors find it where accounts are made by invitation."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.web.room_house import RoomHouse

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]


async def place_of_search(page: Page, width: int) -> float:
    """Return where the search begins in a window of this width, in pixels from the left."""
    await page.set_viewport_size({"width": width, "height": 800})
    box = await page.locator("rillcast-top-bar").get_by_role("search").bounding_box()
    assert box is not None
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    return box["x"]


async def test_who_cannot_sign_up_is_led_to_signing_in(browser: Browser, rooms: RoomHouse) -> None:
    async with rooms.page(browser, "/") as page:
        bar = page.locator("rillcast-top-bar")
        await expect(bar.get_by_role("link", name="Sign in")).to_have_class("button primary")
        await expect(page.get_by_role("link", name="Sign up")).to_have_count(0)
        await bar.get_by_role("link", name="Sign in").click()
        await expect(page.get_by_text("Accounts are made by invitation here.")).to_be_visible()
        await expect(page.get_by_role("link", name="Make an account")).to_have_count(0)


async def test_the_search_stands_in_one_place_and_nothing_beside_it_leaves_the_page(
    browser: Browser, rooms: RoomHouse
) -> None:
    places: dict[int, set[float]] = {720: set(), 1280: set()}
    for name, paths in ((None, ("", "search?q=x", "sign-in")), ("olga", ("settings", "studio"))):
        async with rooms.page(browser, "/health", name) as page:
            for path in paths:
                await page.goto(f"{rooms.url}/{path}")
                for width, found in places.items():
                    found.add(await place_of_search(page, width))
    assert [len(found) for found in places.values()] == [1, 1], places


@pytest.mark.parametrize("token", ["rco_" + "a" * 43, "cut-off"])
async def test_a_set_up_link_that_is_no_good_shows_no_form(
    browser: Browser, rooms: RoomHouse, token: str
) -> None:
    async with rooms.page(browser, f"/set-up#token={token}") as page:
        gone = page.get_by_role("heading", name="This link is not good any more")
        await expect(gone).to_be_visible()
        await expect(page.get_by_role("button", name="Make the administrator")).to_have_count(0)


async def test_an_address_that_nothing_has_is_a_page_for_browsers(
    browser: Browser, rooms: RoomHouse
) -> None:
    async with rooms.page(browser, "/no/such/place/at-all") as page:
        await expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
