"""Pages of channels with a keyboard, with a screen reader, on a phone, and in both themes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.support.accounts_server import accounts_server
from tests.support.rillcast_server import RillcastServer
from tests.web.axe import serious_issues
from tests.web.signed_in_page import page_of

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

NARROW: ViewportSize = {"width": 320, "height": 640}
THEMES: Final[tuple[Literal["dark", "light"], ...]] = ("dark", "light")
OF_VISITORS = ("", "search", "search?q=studio", "studio", "nothing-here", "studio#link=void")
OF_OWNERS = (
    "dashboard",
    "dashboard/studio",
    "dashboard/studio/settings",
    "dashboard/studio/keys",
    "dashboard/studio/test",
    "dashboard/studio/links",
    "dashboard/studio/broadcasts",
    "dashboard/studio/people",
)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    with accounts_server(Path(tmp_path_factory.mktemp("people"))) as running:
        yield running


async def look_at(page: Page, url: str) -> list[str]:
    """Return what is wrong with a page: for axe in each theme, or because it is too wide."""
    await page.goto("about:blank")  # an address that differs behind "#" alone loads nothing
    await page.goto(url)
    await expect(page.locator("main h1")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    issues = []
    for theme in THEMES:
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        issues += [f"{url} ({theme}): {issue}" for issue in await serious_issues(page)]
    width_px = await page.evaluate("document.documentElement.scrollWidth")
    if width_px > NARROW["width"]:
        issues.append(f"{url}: {width_px} pixels wide")
    return issues


@pytest.mark.parametrize(
    ("name", "paths"),
    [(None, OF_VISITORS), ("olga", OF_OWNERS), ("ada", ("admin/channels",))],
    ids=["visitors", "owners", "administrators"],
)
async def test_pages_of_channels_have_no_serious_issue(
    browser: Browser, people: RillcastServer, name: str | None, paths: tuple[str, ...]
) -> None:
    issues = []
    async with page_of(browser, people, "/", name) as page:
        await page.set_viewport_size(NARROW)
        for path in paths:
            issues += await look_at(page, f"{people.http_url}/{path}")
    assert issues == []


async def test_the_share_dialog_has_no_serious_issue(
    browser: Browser, people: RillcastServer
) -> None:
    async with page_of(browser, people, "/studio") as page:
        await page.set_viewport_size(NARROW)
        await page.get_by_role("button", name="Share").click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        assert await serious_issues(page) == []


async def test_the_reference_of_the_api_is_read_on_a_phone(
    browser: Browser, people: RillcastServer
) -> None:
    async with page_of(browser, people, "/health") as page:
        await page.set_viewport_size(NARROW)
        await page.goto(f"{people.http_url}/api/docs")
        await expect(page.locator("h1")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
