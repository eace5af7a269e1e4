"""People come in, look after their accounts and leave: in a browser, at the real server."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pyotp
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.support.accounts_server import ENABLED, PASSWORD, run_command
from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.web.chromium import opened
from tests.web.mailbox import mailed_link

# One browser at a time: two would starve each other on a small machine.
pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

NEW_PASSWORD = "five unrelated armadillos"
OPEN = (*ENABLED, "--set", "accounts.registration.mode=open")


def add_person(data: Path, name: str, role: str = "user") -> str:
    """Make an account from the command line and return its address."""
    email = f"{name}@example.org"
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    run_command(data, "user", "add", email, "--name", name, "--role", role, typed=typed)
    return email


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    """A server with accounts, open to all, with Ada for an administrator."""
    folder = Path(tmp_path_factory.mktemp("house"))
    add_person(folder / "data", "ada", "admin")
    with rillcast_server(folder, *OPEN) as server:
        yield server


@asynccontextmanager
async def signed_in(browser: Browser, server: RillcastServer, email: str) -> AsyncIterator[Page]:
    """Open a page of somebody who has signed in there."""
    async with opened(browser, f"{server.http_url}/sign-in") as page:
        await sign_in(page, email)
        await expect(account_menu(page)).to_be_visible()
        yield page


async def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in").click()


def account_menu(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Your account"))


async def sign_out(page: Page) -> None:
    await account_menu(page).click()
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await expect(page.get_by_role("link", name="Sign in")).to_be_visible()


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
            await expect(page.get_by_text("root@example.org").last).to_be_visible()
        async with opened(browser, link[1]) as page:
            await page.get_by_label("E-mail address").fill("thief@example.org")
            await page.get_by_label("Your name").fill("Thief")
            await page.get_by_label("Password", exact=True).fill(PASSWORD)
            await page.get_by_role("button", name="Make the administrator").click()
            await expect(page.get_by_role("alert")).to_contain_text("not good any more")
            await expect(page.get_by_role("alert")).to_be_focused()


async def test_somebody_registers_by_a_mailed_link(browser: Browser, house: RillcastServer) -> None:
    async with opened(browser, house.http_url) as page:
        await page.get_by_role("link", name="Sign up").click()
        await page.get_by_label("E-mail address").fill("new@example.org")
        await page.get_by_role("button", name="Mail me the link").click()
        await expect(page.get_by_text("Look into your mail")).to_be_focused()
        await page.goto(await mailed_link(house.data, "new@example.org", "sign-up"))
        await expect(page.get_by_label("E-mail address")).to_have_value("new@example.org")
        await page.get_by_label("Your name").fill("Newcomer")
        await page.get_by_label("Password", exact=True).fill("aaaaaaaaaaaa")
        await page.get_by_role("button", name="Make my account").click()
        await expect(page.get_by_role("alert")).to_be_focused()
        await expect(page.get_by_text("harder to guess")).to_be_visible()
        await expect(page.get_by_label("Your name")).to_have_value("Newcomer")
        await page.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.get_by_role("button", name="Make my account").click()
        await expect(account_menu(page)).to_have_accessible_name("Your account: Newcomer")


async def test_signing_in_leads_back_to_where_one_was(
    browser: Browser, house: RillcastServer
) -> None:
    email = add_person(house.data, "back")
    async with opened(browser, f"{house.http_url}/settings/tokens") as page:
        await expect(page).to_have_url(re.compile("/sign-in"))
        await sign_in(page, email, "not the password")
        await expect(page.get_by_role("alert")).to_be_focused()
        await sign_in(page, email)
        await expect(page).to_have_url(re.compile("/settings/tokens$"))
        await sign_out(page)
        await page.goto(f"{house.http_url}/settings")
        await expect(page).to_have_url(re.compile("/sign-in"))


async def test_a_forgotten_password_is_replaced(browser: Browser, house: RillcastServer) -> None:
    email = add_person(house.data, "forgetful")
    async with opened(browser, f"{house.http_url}/sign-in") as page:
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


async def test_a_profile_is_changed_and_seen_in_the_menu(
    browser: Browser, house: RillcastServer
) -> None:
    email = add_person(house.data, "vain")
    async with signed_in(browser, house, email) as page:
        await page.goto(f"{house.http_url}/settings")
        await page.get_by_label("Your name").fill("<b>Vain</b>")
        await page.get_by_role("button", name="Add a link").click()
        await page.get_by_label("Address of link 1").fill("javascript:alert(1)")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_label("Address of link 1")).to_have_attribute(
            "aria-invalid", "true"
        )
        await page.get_by_label("Address of link 1").fill("https://example.org/vain")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Saved.")).to_be_visible()
        await expect(account_menu(page)).to_have_accessible_name("Your account: <b>Vain</b>")


async def test_a_second_factor_is_set_up_and_asked_for(
    browser: Browser, house: RillcastServer
) -> None:
    email = add_person(house.data, "careful")
    async with signed_in(browser, house, email) as page:
        await page.goto(f"{house.http_url}/settings/security")
        await page.get_by_role("button", name="Set up").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Your password").fill(PASSWORD)
        await dialog.get_by_role("button", name="Set up").click()
        await expect(page.get_by_role("img", name="QR code")).to_be_visible()
        secret = await page.locator("rillcast-secret-field code").inner_text()
        await page.get_by_label("Code of the app").fill(pyotp.TOTP(secret.strip()).now())
        await page.get_by_role("button", name="Switch it on").click()
        codes = page.locator("rillcast-recovery-codes li")
        await expect(codes).to_have_count(10)
        recovery_code = await codes.first.inner_text()
        await page.get_by_role("button", name="I have kept them").click()
        await expect(page.get_by_text("10 recovery codes are left")).to_be_visible()
        await sign_out(page)
        await page.goto(f"{house.http_url}/sign-in")
        await sign_in(page, email)
        await expect(page.get_by_label("Code", exact=True)).to_be_focused()
        await page.get_by_label("Code", exact=True).fill(recovery_code)
        await page.get_by_role("button", name="Sign in").click()
        await expect(account_menu(page)).to_be_visible()


async def test_signing_out_everywhere_ends_the_other_browser(
    browser: Browser, house: RillcastServer
) -> None:
    email = add_person(house.data, "everywhere")
    async with (
        signed_in(browser, house, email) as here,
        signed_in(browser, house, email) as there,
    ):
        await here.goto(f"{house.http_url}/settings/sessions")
        await expect(here.get_by_text("This one")).to_be_visible()
        await here.get_by_role("button", name="Sign out everywhere", exact=True).click()
        dialog = here.get_by_role("dialog")
        await dialog.get_by_role("button", name="Sign out everywhere").click()
        await expect(here.get_by_role("link", name="Sign in")).to_be_visible()
        await there.goto(f"{house.http_url}/settings")
        await expect(there).to_have_url(re.compile("/sign-in"))


async def test_a_token_is_shown_once_and_revoked(browser: Browser, house: RillcastServer) -> None:
    email = add_person(house.data, "scripter")
    async with signed_in(browser, house, email) as page:
        await page.goto(f"{house.http_url}/settings/tokens")
        await page.get_by_label("What it is for").fill("my script")
        await page.get_by_role("button", name="Make a token").click()
        await expect(page.get_by_role("alert")).to_contain_text("at least one")
        await page.get_by_label("See your profile and address").check()
        await page.get_by_role("button", name="Make a token").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Your password").fill("wrong")
        await dialog.get_by_role("button", name="Make a token").click()
        await expect(dialog.get_by_role("alert")).to_be_focused()
        await dialog.get_by_label("Your password").fill(PASSWORD)
        await dialog.get_by_role("button", name="Make a token").click()
        token = page.locator("rillcast-secret-field code")
        await expect(token).to_have_text(re.compile(r"^\s*rc"))
        await page.reload()
        await expect(page.get_by_text("my script")).to_be_visible()
        await expect(token).to_have_count(0)
        await page.get_by_role("button", name="Revoke my script").click()
        await page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        await expect(page.get_by_text("You have no tokens")).to_be_visible()


async def test_an_administrator_invites_and_suspends(
    browser: Browser, house: RillcastServer
) -> None:
    async with signed_in(browser, house, "ada@example.org") as admin:
        await admin.goto(f"{house.http_url}/admin/invitations")
        await admin.get_by_label("E-mail address").fill("guest@example.org")
        await admin.get_by_role("button", name="Invite", exact=True).click()
        link = await admin.locator("rillcast-secret-field code").inner_text()
        async with opened(browser, link.strip()) as guest:
            await guest.get_by_label("Your name").fill("Guest")
            await guest.get_by_label("Password", exact=True).fill(PASSWORD)
            await guest.get_by_role("button", name="Make my account").click()
            await expect(account_menu(guest)).to_be_visible()
            await admin.goto(f"{house.http_url}/admin")
            await admin.get_by_label("E-mail address").fill("guest@example.org")
            await admin.get_by_role("button", name="Find").click()
            await admin.get_by_role("button", name="Manage Guest").click()
            await admin.get_by_role("button", name="Suspend").click()
            dialog = admin.get_by_role("dialog")
            await dialog.get_by_label("Reason").fill("made noise")
            await dialog.get_by_role("button", name="Suspend").click()
            await expect(admin.get_by_text("Reason: made noise")).to_be_visible()
            await guest.goto(f"{house.http_url}/settings")
            await expect(guest).to_have_url(re.compile("/sign-in"))
            await sign_in(guest, "guest@example.org")
            await expect(guest.get_by_role("alert")).to_contain_text("suspended")


async def test_who_is_no_administrator_finds_no_administration(
    browser: Browser, house: RillcastServer
) -> None:
    email = add_person(house.data, "curious")
    async with signed_in(browser, house, email) as page:
        await page.goto(f"{house.http_url}/admin")
        await expect(page.get_by_text("There is no such page")).to_be_visible()


async def test_somebody_deletes_the_account(browser: Browser, house: RillcastServer) -> None:
    email = add_person(house.data, "leaver")
    async with signed_in(browser, house, email) as page:
        await page.goto(f"{house.http_url}/settings/account")
        await page.get_by_role("button", name="Delete my account").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Your password").fill(PASSWORD)
        await dialog.get_by_role("button", name="Delete my account").click()
        await expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        await page.goto(f"{house.http_url}/sign-in")
        await sign_in(page, email)
        await expect(page.get_by_role("alert")).to_be_focused()


async def test_a_server_without_accounts_shows_none(
    browser: Browser, server: RillcastServer
) -> None:
    async with opened(browser, server.http_url) as page:
        await expect(page.get_by_role("button", name="Go live")).to_be_visible()
        await expect(page.get_by_role("link", name="Sign in")).to_have_count(0)
        await expect(page.get_by_role("search")).to_have_count(0)
        await page.goto(f"{server.http_url}/sign-in")
        await expect(page.get_by_role("heading", name="sign-in")).to_be_visible()
