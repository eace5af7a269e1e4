"""People's pages with a keyboard, with a screen reader, and in both themes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.support.accounts_server import ENABLED, PASSWORD, run_command
from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.web.axe import serious_issues
from tests.web.chromium import opened

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

OF_VISITORS = ("sign-in", "sign-up", "set-up", "set-up#token=x", "reset-password", "confirm-email")
OF_ADMINISTRATORS = (
    "settings",
    "settings/security",
    "settings/sessions",
    "settings/tokens",
    "settings/account",
    "admin",
    "admin/invitations",
)
NARROW: ViewportSize = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    folder = Path(tmp_path_factory.mktemp("house"))
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    add = ("user", "add", "ada@example.org", "--name", "Ada", "--role", "admin")
    run_command(folder / "data", *add, typed=typed)
    with rillcast_server(folder, *ENABLED, "--set", "accounts.registration.mode=open") as server:
        yield server


async def look_at(page: Page, url: str, theme: Literal["dark", "light"]) -> list[str]:
    """Return what is wrong with a page: for axe, or because it is wider than a phone."""
    await page.emulate_media(color_scheme=theme)
    await page.goto(url)
    await expect(page.locator("main h1")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    issues = [f"{url}: {issue}" for issue in await serious_issues(page)]
    width_px = await page.evaluate("document.documentElement.scrollWidth")
    if width_px > NARROW["width"]:
        issues.append(f"{url}: {width_px} pixels wide")
    return issues


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_pages_of_visitors_have_no_serious_issue(
    browser: Browser, house: RillcastServer, theme: Literal["dark", "light"]
) -> None:
    issues = []
    async with opened(browser, house.http_url) as page:
        await page.set_viewport_size(NARROW)
        for name in OF_VISITORS:
            issues += await look_at(page, f"{house.http_url}/{name}", theme)
    assert issues == []


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_pages_of_people_have_no_serious_issue(
    browser: Browser, house: RillcastServer, theme: Literal["dark", "light"]
) -> None:
    issues = []
    async with opened(browser, f"{house.http_url}/sign-in?return=/settings") as page:
        await page.set_viewport_size(NARROW)
        await page.get_by_label("E-mail address").fill("ada@example.org")
        await page.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Settings")).to_be_visible()
        for name in OF_ADMINISTRATORS:
            issues += await look_at(page, f"{house.http_url}/{name}", theme)
    assert issues == []


async def test_somebody_signs_in_and_out_without_a_mouse(
    browser: Browser, house: RillcastServer
) -> None:
    async with opened(browser, f"{house.http_url}/sign-in?return=/settings") as page:
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name="Skip to content")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await page.keyboard.type("ada@example.org")
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Settings")).to_be_visible()
        menu = page.get_by_role("button", name="Your account")
        await menu.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("link", name="Administration")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("link", name="Administration")).to_be_hidden()
        await expect(menu).to_be_focused()
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Sign out", exact=True).press("Enter")
        await expect(page.get_by_role("link", name="Sign in")).to_be_visible()
