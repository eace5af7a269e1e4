"""People look after their accounts and leave, in a browser, at the real server."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, expect

from tests.support.accounts_server import PASSWORD, run_command
from tests.web.chromium import opened
from tests.web.mailbox import mailed_link
from tests.web.people_house import ADMINISTRATOR, House, account_menu, confirm, sign_in

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

NEW_PASSWORD = "five unrelated armadillos"


async def test_a_profile_is_changed_and_seen_in_the_menu(browser: Browser, house: House) -> None:
    email = house.add_person("vain")
    async with house.signed_in(browser, email, "/settings") as page:
        await page.get_by_label("Your name").fill("<b>Vain</b>")
        await page.get_by_role("button", name="Add a link").click()
        address = page.get_by_label("Address of link 1")
        await address.fill("javascript:alert(1)")
        await page.get_by_role("button", name="Save").click()
        await expect(address).to_have_attribute("aria-invalid", "true")
        await address.fill("https://example.org/vain")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Saved.")).to_be_visible()
        await expect(account_menu(page)).to_have_accessible_name("Your account: <b>Vain</b>")


async def test_a_picture_is_chosen_and_removed(browser: Browser, house: House) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (320, 200), "teal").save(picture, "PNG")
    file = {"name": "me.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    async with house.signed_in(browser, house.add_person("drawn"), "/settings") as page:
        await page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type] # FilePayload
        await expect(page.get_by_text("Your picture is changed.")).to_be_visible()
        drawn = account_menu(page).locator("img")
        await expect(drawn).to_have_js_property("complete", value=True)
        assert await drawn.evaluate("image => image.naturalWidth") > 0
        await page.get_by_label("Your name").fill("Drawn")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Saved.")).to_be_visible()
        await page.get_by_role("button", name="Remove the picture").click()
        await expect(drawn).to_have_count(0)


async def test_a_picture_does_not_overwrite_what_was_changed_elsewhere(
    browser: Browser, house: House
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (320, 200), "navy").save(picture, "PNG")
    file = {"name": "me.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    email = house.add_person("twice")
    async with (
        house.signed_in(browser, email, "/settings") as here,
        house.signed_in(browser, email, "/settings") as there,
    ):
        await expect(there.get_by_label("Your name")).to_be_visible()
        await here.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type] # FilePayload
        await expect(here.get_by_text("Your picture is changed.")).to_be_visible()
        await there.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type] # FilePayload
        await expect(there.get_by_text("It was changed elsewhere")).to_be_visible()
        await there.reload()
        await there.get_by_role("button", name="Remove the picture").click()
        await expect(account_menu(there).locator("img")).to_have_count(0)


async def test_a_new_password_ends_the_other_log_in(browser: Browser, house: House) -> None:
    email = house.add_person("changer")
    async with (
        house.signed_in(browser, email, "/settings/security") as here,
        house.signed_in(browser, email, "/settings") as there,
    ):
        await here.get_by_label("Current password").fill("not this one")
        await here.get_by_label("New password").fill(NEW_PASSWORD)
        await here.get_by_role("button", name="Change the password").click()
        await expect(here.get_by_role("alert")).to_be_focused()
        await here.get_by_label("Current password").fill(PASSWORD)
        await here.get_by_role("button", name="Change the password").click()
        await expect(here.get_by_text("Your password is changed.")).to_be_visible()
        await there.goto(f"{house.url}/settings")
        await expect(there).to_have_url(re.compile("/sign-in"))
        await sign_in(there, email, NEW_PASSWORD)
        await expect(account_menu(there)).to_be_visible()


async def test_signing_out_everywhere_ends_the_other_browser(
    browser: Browser, house: House
) -> None:
    email = house.add_person("everywhere")
    async with (
        house.signed_in(browser, email, "/settings/sessions") as here,
        house.signed_in(browser, email, "/settings") as there,
    ):
        await here.reload()
        await expect(here.get_by_text("This one")).to_be_visible()
        await expect(here.get_by_role("button", name=re.compile("^Sign out Chrome"))).to_have_count(
            1
        )
        await here.get_by_role("button", name="Sign out everywhere", exact=True).click()
        await confirm(here, "Sign out everywhere")
        await expect(here.get_by_role("link", name="Sign in")).to_be_visible()
        await there.goto(f"{house.url}/settings")
        await expect(there).to_have_url(re.compile("/sign-in"))


async def test_a_token_is_shown_once_and_revoked(browser: Browser, house: House) -> None:
    email = house.add_person("scripter")
    async with house.signed_in(browser, email, "/health") as page:
        # As over plain HTTP from another machine.
        await page.add_init_script("delete Navigator.prototype.clipboard")
        await page.goto(f"{house.url}/settings/tokens")
        await page.get_by_label("What it is for").fill("my script")
        await page.get_by_role("button", name="Make a token").click()
        await expect(page.get_by_role("alert")).to_contain_text("at least one")
        await page.get_by_label("See your profile and address").check()
        await page.get_by_role("button", name="Make a token").click()
        dialog = await confirm(page, "Make a token", "wrong")
        await expect(dialog.get_by_role("alert")).to_be_focused()
        await confirm(page, "Make a token", PASSWORD)
        token = page.locator("rillcast-secret-field code")
        await expect(token).to_have_text(re.compile(r"^\s*rc"))
        await page.get_by_role("button", name="Copy").click()
        await expect(page.get_by_role("button", name="Copied")).to_be_focused()
        name = page.get_by_label("What it is for")
        await name.press("Control+V")
        await expect(name).to_have_value((await token.inner_text()).strip())
        await page.reload()
        await expect(page.get_by_text("my script")).to_be_visible()
        await expect(token).to_have_count(0)
        await page.get_by_role("button", name="Revoke my script").click()
        await confirm(page, "Revoke")
        await expect(page.get_by_text("You have no tokens")).to_be_visible()


async def test_whom_one_has_blocked_is_listed_and_let_go(browser: Browser, house: House) -> None:
    blocked = (await _person(browser, house, house.add_person("pest")))["id"]
    email = house.add_person("patient")
    async with house.signed_in(browser, email, "/settings/blocked") as page:
        await expect(page.get_by_text("You have blocked nobody")).to_be_visible()
        await page.context.request.put(
            f"{house.url}/api/v1/me/blocks/{blocked}", headers={"Origin": house.url}
        )
        await page.reload()
        await page.get_by_role("button", name="Unblock pest").click()
        await expect(page.get_by_text("pest is not blocked any more.")).to_be_visible()
        await expect(page.get_by_text("You have blocked nobody")).to_be_visible()
        await expect(page.get_by_role("heading", name="Blocked people")).to_be_focused()


async def test_followed_channels_have_a_page(browser: Browser, house: House) -> None:
    email = house.add_person("fan")
    name = email.split("@")[0].replace(".", "-")
    run_command(house.data, "channel", "add", name, "--owner", ADMINISTRATOR)
    async with house.signed_in(browser, email, "/following") as page:
        await expect(page.get_by_text("You follow no channel yet")).to_be_visible()
        followed = await page.context.request.put(
            f"{house.url}/api/v1/channels/{name}/follow",
            data={"notifications": "live"},
            headers={"Origin": house.url},
        )
        assert followed.ok, await followed.text()
        await account_menu(page).click()
        await page.get_by_role("link", name="Following").click()
        await page.reload()
        await expect(page.get_by_role("link", name=re.compile(f"^{name}"))).to_be_visible()
        await page.get_by_role("link", name="Live now").click()
        await expect(page.get_by_text("Nobody whom you follow is live")).to_be_visible()


async def test_a_new_address_counts_once_it_is_confirmed(browser: Browser, house: House) -> None:
    email, new_email = house.add_person("mover"), house.new_address("moved")
    async with house.signed_in(browser, email, "/settings/account") as page:
        await page.get_by_label("New address").fill(new_email)
        await page.get_by_label("Your password").fill(PASSWORD)
        await page.get_by_role("button", name="Change the address").click()
        await expect(page.get_by_text("Until then, the old address counts")).to_be_visible()
        await page.goto(await mailed_link(house.data, new_email, "confirm-email"))
        await page.get_by_role("button", name="Confirm the address").click()
        await expect(page.get_by_role("heading", name="Your address is changed")).to_be_focused()
        await page.get_by_role("link", name="To your settings").click()
        await expect(page.get_by_text(f"You sign in with {new_email}.")).to_be_visible()


async def test_ones_data_comes_as_a_file(browser: Browser, house: House, tmp_path: Path) -> None:
    email = house.add_person("keeper")
    async with house.signed_in(browser, email, "/settings/account") as page:
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Download").click()
        await (await download.value).save_as(tmp_path / "export.zip")
    with zipfile.ZipFile(tmp_path / "export.zip") as export:
        texts = [export.read(name) for name in export.namelist() if name.endswith(".json")]
    assert any(email.encode() in text for text in texts)


async def test_somebody_deletes_the_account(browser: Browser, house: House) -> None:
    email = house.add_person("leaver")
    async with house.signed_in(browser, email, "/settings/account") as page:
        await page.get_by_role("button", name="Delete my account").click()
        await confirm(page, "Delete my account", PASSWORD)
        await expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    async with opened(browser, f"{house.url}/sign-in") as page:
        await sign_in(page, email)
        await expect(page.get_by_role("alert")).to_be_focused()


async def _person(browser: Browser, house: House, email: str) -> dict[str, str]:
    """Return who somebody is, as they are told."""
    async with house.signed_in(browser, email, "/health") as page:
        answer = await page.context.request.get(f"{house.url}/api/v1/me")
        me: dict[str, str] = await answer.json()
        return me
