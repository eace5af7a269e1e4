"""People come in, in a browser, at the real server."""

import asyncio
import re
from pathlib import Path

import pyotp
import pytest
from playwright.async_api import Browser, Route, expect

from tests.support.accounts_server import ENABLED, PASSWORD
from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.web.chromium import opened
from tests.web.mailbox import mailed_link
from tests.web.people_house import (
    ISSUER_TITLE,
    House,
    account_menu,
    confirm,
    sign_in,
    sign_out,
)

# One browser at a time: two would starve each other on a small machine.
pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

NEW_PASSWORD = "five unrelated armadillos"


async def test_a_page_shows_its_shape_while_its_code_is_on_the_way(
    browser: Browser, house: House
) -> None:
    is_let_through = asyncio.Event()

    async def wait(route: Route) -> None:
        await is_let_through.wait()
        await route.continue_()

    async with opened(browser, "about:blank") as page:
        await page.route("**/assets/sign-in-page-*.js", wait)
        await page.goto(f"{house.url}/sign-in", wait_until="commit")
        shape = page.locator(".page-skeleton")
        await expect(shape.locator(".sheet")).to_be_visible()
        is_let_through.set()
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        await expect(shape).to_have_count(0)


async def test_the_link_in_the_console_makes_the_administrator(
    browser: Browser, tmp_path: Path
) -> None:
    with rillcast_server(tmp_path, *ENABLED) as server:
        link = re.search(r"Set up\s+(\S+#token=\S+)", server.greeting)
        assert link, server.greeting
        async with opened(browser, link[1]) as page:
            await page.get_by_label("E-mail address").fill("root@example.org")
            await page.get_by_label("Your name").fill("Root")
            await page.get_by_label("Password", exact=True).fill(PASSWORD)
            await page.get_by_role("button", name="Make the administrator").click()
            await expect(page).to_have_url(re.compile("/dashboard$"))
            await account_menu(page).click()
            await page.get_by_role("link", name="Administration").click()
            await page.get_by_role("link", name="People", exact=True).click()
            await expect(page.get_by_text("root@example.org").last).to_be_visible()
        async with opened(browser, link[1]) as page:
            heading = page.get_by_role("heading", name="This link is not good any more")
            await expect(heading).to_be_visible()
            await expect(page.get_by_label("E-mail address")).to_have_count(0)


async def test_somebody_registers_by_a_mailed_link(browser: Browser, house: House) -> None:
    email = house.new_address("new")
    async with opened(browser, house.url) as page:
        await page.get_by_role("banner").get_by_role("link", name="Sign up").click()
        await page.get_by_label("E-mail address").fill(email)
        await page.get_by_role("button", name="Mail me the link").click()
        await expect(page.get_by_text("Look into your mail")).to_be_focused()
        await page.goto(await mailed_link(house.data, email, "sign-up"))
        await expect(page.get_by_label("E-mail address")).to_have_value(email)
        await page.get_by_label("Your name").fill("Newcomer")
        await page.get_by_label("Password", exact=True).fill("aaaaaaaaaaaa")
        await page.get_by_role("button", name="Make my account").click()
        await expect(page.get_by_role("alert")).to_be_focused()
        await expect(page.get_by_text("harder to guess")).to_be_visible()
        await expect(page.get_by_label("Your name")).to_have_value("Newcomer")
        await page.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.get_by_role("button", name="Make my account").click()
        await expect(account_menu(page)).to_have_accessible_name("Your account: Newcomer")


async def test_signing_in_leads_back_to_where_one_was(browser: Browser, house: House) -> None:
    email = house.add_person("back")
    async with opened(browser, f"{house.url}/settings/tokens") as page:
        await expect(page).to_have_url(re.compile("/sign-in"))
        await sign_in(page, email, "not the password")
        await expect(page.get_by_role("alert")).to_be_focused()
        await sign_in(page, email)
        await expect(page).to_have_url(re.compile("/settings/tokens$"))
        await sign_out(page)
        await page.goto(f"{house.url}/settings")
        await expect(page).to_have_url(re.compile("/sign-in"))


async def test_a_forgotten_password_is_replaced(browser: Browser, house: House) -> None:
    email = house.add_person("forgetful")
    async with opened(browser, f"{house.url}/sign-in") as page:
        await page.get_by_role("link", name="Forgot your password?").click()
        await page.get_by_label("E-mail address").fill(email)
        await page.get_by_role("button", name="Mail me the link").click()
        await expect(page.get_by_text("Look into your mail")).to_be_visible()
        await page.goto(await mailed_link(house.data, email, "reset-password"))
        await page.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
        await page.get_by_role("button", name="Save the password").click()
        await page.get_by_role("link", name="Sign in").last.click()
        await sign_in(page, email, NEW_PASSWORD)
        await expect(account_menu(page)).to_be_visible()


async def test_a_second_factor_is_set_up_and_asked_for(browser: Browser, house: House) -> None:
    email = house.add_person("careful")
    async with house.signed_in(browser, email, "/settings/security") as page:
        await page.get_by_role("button", name="Set up").click()
        await confirm(page, "Set up", PASSWORD)
        await expect(page.get_by_role("img", name="QR code")).to_be_visible()
        secret = (await page.locator("rillcast-secret-field code").inner_text()).strip()
        await page.get_by_label("Code of the app").fill(pyotp.TOTP(secret).now())
        await page.get_by_role("button", name="Switch it on").click()
        codes = page.locator("rillcast-recovery-codes li")
        await expect(codes).to_have_count(10)
        await expect(page.get_by_role("heading", name="Your recovery codes")).to_be_focused()
        recovery_code = await codes.first.inner_text()
        await page.get_by_role("button", name="I have kept them").click()
        await expect(page.get_by_text("10 recovery codes are left")).to_be_visible()
        await sign_out(page)
        await page.goto(f"{house.url}/sign-in")
        await sign_in(page, email)
        await expect(page.get_by_label("Code", exact=True)).to_be_focused()
        await page.get_by_label("Code", exact=True).fill(recovery_code)
        await page.get_by_role("button", name="Sign in").click()
        await expect(account_menu(page)).to_be_visible()
        await page.goto(f"{house.url}/settings/security")
        await expect(page.get_by_text("9 recovery codes are left")).to_be_visible()


async def test_an_issuer_lets_somebody_in(browser: Browser, house: House) -> None:
    async with opened(browser, f"{house.url}/sign-in?return=/following") as page:
        await page.set_extra_http_headers({"X-User": "nina"})
        await page.get_by_role("button", name=f"Continue with {ISSUER_TITLE}").click()
        await expect(page).to_have_url(re.compile("/following$"))
        await expect(account_menu(page)).to_have_accessible_name("Your account: nina")
        await page.goto(f"{house.url}/settings/security")
        await expect(page.get_by_text("You have no password yet")).to_be_visible()


async def test_an_issuer_is_added_signs_in_and_is_removed(browser: Browser, house: House) -> None:
    email = house.add_person("linker")
    async with house.signed_in(browser, email, "/settings/security") as page:
        await page.set_extra_http_headers({"X-User": "otto"})
        await page.get_by_role("button", name=f"Add {ISSUER_TITLE}").click()
        await confirm(page, "Go on", PASSWORD)
        await expect(page.get_by_text("otto@home.example")).to_be_visible()
        await sign_out(page)
        await page.goto(f"{house.url}/sign-in")
        await page.get_by_role("button", name=f"Continue with {ISSUER_TITLE}").click()
        await expect(account_menu(page)).to_have_accessible_name("Your account: linker")
        await page.goto(f"{house.url}/settings/security")
        await page.get_by_role("button", name="Remove 127.0.0.1").click()
        await confirm(page, "Remove", PASSWORD)
        await expect(page.get_by_text("None yet.")).to_be_visible()


async def test_a_server_without_accounts_shows_none(
    browser: Browser, server: RillcastServer
) -> None:
    async with opened(browser, server.http_url) as page:
        await expect(page.get_by_role("button", name="Go live")).to_be_visible()
        await expect(page.get_by_role("link", name="Sign in")).to_have_count(0)
        await expect(page.get_by_role("search")).to_have_count(0)
        await page.goto(f"{server.http_url}/sign-in")
        await expect(page.get_by_role("heading", name="sign-in", exact=True)).to_be_visible()
        answer = await page.goto(f"{server.http_url}/settings")
        assert answer is not None
        assert answer.status == 404
        await expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
