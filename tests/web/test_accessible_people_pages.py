"""People's pages with a keyboard, with a screen reader, and in both themes."""

from typing import Literal

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.support.accounts_server import PASSWORD
from tests.web.axe import serious_issues
from tests.web.chromium import opened
from tests.web.people_house import ADMINISTRATOR, House, account_menu, confirm

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

OF_VISITORS = (
    "sign-in",
    "sign-up",
    "set-up",
    "set-up#token=x",
    "reset-password",
    "confirm-email",
    "unsubscribe#token=x",
)
OF_ADMINISTRATORS = (
    "settings",
    "settings/security",
    "settings/sessions",
    "settings/tokens",
    "settings/recommendations",
    "settings/blocked",
    "settings/account",
    "admin",
    "admin/people",
    "admin/invitations",
    "admin/chat",
    "admin/webhooks",
    "following",
)
THEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")
NARROW: ViewportSize = {"width": 320, "height": 640}


async def issues_of(page: Page, name: str) -> list[str]:
    """Return what is wrong with what a page shows: for axe, in both themes, or its width."""
    issues = []
    for theme in THEMES:
        # Without motion: axe would measure colours on their way.
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        issues += [f"{name}, {theme}: {issue}" for issue in await serious_issues(page)]
    width_px = await page.evaluate("document.documentElement.scrollWidth")
    if width_px > NARROW["width"]:
        issues.append(f"{name}: {width_px} pixels wide")
    return issues


async def look_at(page: Page, url: str) -> list[str]:
    """Open a page, and return what is wrong with it when all has come."""
    await page.goto(url)
    await expect(page.locator("main h1")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    return await issues_of(page, url)


async def test_pages_of_visitors_have_no_serious_issue(browser: Browser, house: House) -> None:
    issues = []
    async with opened(browser, "about:blank") as page:
        await page.set_viewport_size(NARROW)
        for name in OF_VISITORS:
            issues += await look_at(page, f"{house.url}/{name}")
    assert issues == []


async def test_pages_of_people_have_no_serious_issue(browser: Browser, house: House) -> None:
    issues = []
    async with house.signed_in(browser, ADMINISTRATOR, "/health") as page:
        await page.set_viewport_size(NARROW)
        for name in OF_ADMINISTRATORS:
            issues += await look_at(page, f"{house.url}/{name}")
    assert issues == []


async def test_what_opens_in_pages_has_no_serious_issue(browser: Browser, house: House) -> None:
    email = house.add_person("opener-with-a-rather-long-address")
    async with house.signed_in(browser, email, "/settings/security") as page:
        await page.set_viewport_size(NARROW)
        await account_menu(page).click()
        issues = await issues_of(page, "menu")
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Set up").click()
        dialog = await confirm(page, "Set up", "wrong")
        await expect(dialog.get_by_role("alert")).to_be_focused()
        issues += await issues_of(page, "dialog")
        await confirm(page, "Set up", PASSWORD)
        await expect(page.get_by_role("img", name="QR code")).to_be_visible()
        await page.get_by_label("Code of the app").fill("123456")
        await page.get_by_role("button", name="Switch it on").click()
        await expect(page.get_by_role("alert")).to_be_focused()
        issues += await issues_of(page, "QR code")
    assert issues == []


async def test_somebody_signs_in_and_out_without_a_mouse(browser: Browser, house: House) -> None:
    async with opened(browser, f"{house.url}/sign-in?return=/settings") as page:
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name="Skip to content")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await page.keyboard.type(ADMINISTRATOR)
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
