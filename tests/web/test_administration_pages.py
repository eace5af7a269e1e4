"""Administrators look after people, in a browser, at the real server."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.support.accounts_server import PASSWORD
from tests.web.chromium import opened
from tests.web.people_house import ADMINISTRATOR, House, account_menu, confirm, sign_in

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]


async def test_an_administrator_invites_and_suspends(browser: Browser, house: House) -> None:
    email = house.new_address("guest")
    async with house.signed_in(browser, ADMINISTRATOR, "/admin/invitations") as admin:
        await admin.get_by_label("E-mail address").fill(email)
        await admin.get_by_role("button", name="Invite", exact=True).click()
        dialog = await confirm(admin, "Invite", "not my password")
        await expect(dialog.get_by_role("alert")).to_contain_text("This is not your password")
        await confirm(admin, "Invite", PASSWORD)
        link = await admin.locator("rillcast-secret-field code").inner_text()
        async with opened(browser, link.strip()) as guest:
            await guest.get_by_label("Your name").fill("Guest")
            await guest.get_by_label("Password", exact=True).fill(PASSWORD)
            await guest.get_by_role("button", name="Make my account").click()
            await expect(account_menu(guest)).to_be_visible()
            await admin.get_by_role("link", name="People").click()
            await admin.get_by_label("Name or e-mail address").fill(email.partition("@")[0].upper())
            await admin.get_by_role("button", name="Find").click()
            await expect(admin.locator("rillcast-admin-user")).to_have_count(1)
            await admin.get_by_role("button", name="Manage Guest").click()
            await admin.get_by_role("button", name="Suspend").click()
            dialog = admin.get_by_role("dialog")
            await dialog.get_by_label("Reason").fill("made noise")
            await dialog.get_by_role("button", name="Suspend").click()
            await expect(admin.get_by_text("Reason: made noise")).to_be_visible()
            await guest.goto(f"{house.url}/settings")
            await expect(guest).to_have_url(re.compile("/sign-in"))
            await sign_in(guest, email)
            await expect(guest.get_by_role("alert")).to_contain_text("suspended")


async def test_an_invitation_is_withdrawn(browser: Browser, house: House) -> None:
    async with house.signed_in(browser, ADMINISTRATOR, "/admin/invitations") as admin:
        await admin.get_by_label("How many people can use it").fill("3")
        await admin.get_by_role("button", name="Invite", exact=True).click()
        await confirm(admin, "Invite", PASSWORD)
        link = await admin.locator("rillcast-secret-field code").inner_text()
        await expect(admin.get_by_text("good 3 times")).to_be_visible()
        async with opened(browser, link.strip()) as guest:
            await expect(guest.get_by_role("button", name="Mail me the link")).to_be_visible()
        await admin.get_by_role("button", name="Withdraw the invitation").click()
        await confirm(admin, "Withdraw")
        await expect(admin.get_by_text("The invitation is void.")).to_be_visible()
        async with opened(browser, link.strip()) as guest:
            gone = guest.get_by_role("heading", name="This link is not good any more")
            await expect(gone).to_be_visible()


async def test_power_is_given_and_taken_by_who_shows_who_they_are(
    browser: Browser, house: House
) -> None:
    house.add_person("deputy")
    async with house.signed_in(browser, ADMINISTRATOR, "/admin/people") as admin:

        async def do(action: str) -> None:
            await admin.get_by_label("Name or e-mail address").fill("DEPUTY")
            await admin.get_by_role("button", name="Find").click()
            await admin.get_by_role("button", name="Manage deputy").click()
            await admin.get_by_role("button", name=action).click()

        await do("Make an administrator")
        await confirm(admin, "Make an administrator", PASSWORD)
        row = admin.locator("rillcast-admin-user")
        await expect(row.get_by_text("Administrator", exact=True)).to_be_visible()
        await row.get_by_role("button", name="Remove the second factor").click()
        await confirm(admin, "Remove the second factor", PASSWORD)
        await expect(row.get_by_text("Done.")).to_be_visible()
        # As the server answers people without a password some time after they signed in.
        old = {"type": "about:blank", "status": 403, "title": "", "code": "sign-in-again"}
        await admin.route("**/role", lambda route: route.fulfill(status=403, json=old), times=1)
        await row.get_by_role("button", name="Make a member").click()
        dialog = await confirm(admin, "Make a member", PASSWORD)
        await dialog.get_by_role("button", name="Sign in again").click()
        await sign_in(admin, ADMINISTRATOR)
        await expect(admin).to_have_url(f"{house.url}/admin/people")
        await do("Make a member")
        await confirm(admin, "Make a member", PASSWORD)
        await expect(row.get_by_text("Administrator", exact=True)).to_have_count(0)


async def test_people_are_found_by_role_and_nobody_is_said_to_be_nobody(
    browser: Browser, house: House
) -> None:
    house.add_person("plain")
    async with house.signed_in(browser, ADMINISTRATOR, "/admin/people") as admin:
        await admin.get_by_label("Role").select_option("Administrator")
        await expect(admin.locator("rillcast-admin-user")).to_have_count(1)
        await expect(admin.get_by_text("You", exact=True)).to_be_visible()
        await admin.get_by_label("Name or e-mail address").fill("plain")
        await admin.get_by_role("button", name="Find").click()
        await expect(admin.get_by_text("Nobody here")).to_be_visible()


async def test_who_is_no_administrator_finds_no_administration(
    browser: Browser, house: House
) -> None:
    async with house.signed_in(browser, house.add_person("curious"), "/admin") as page:
        await expect(page.get_by_text("There is no such page")).to_be_visible()
