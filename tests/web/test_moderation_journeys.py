"""Rooms as their people run them, in real browsers: emotes, filters, reports, phones, OBS."""

import io

import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, Page, expect

from tests.web.room_house import RoomHouse, said, say

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]


def picture(colour: str) -> FilePayload:
    """Draw a picture as somebody may have it on their disk."""
    drawn = io.BytesIO()
    Image.new("RGB", (112, 112), colour).save(drawn, "PNG")
    return {"name": f"{colour}.png", "mimeType": "image/png", "buffer": drawn.getvalue()}


async def add_emote(page: Page, code: str, file: FilePayload) -> None:
    emotes = page.locator("rillcast-emote-list")
    await emotes.get_by_label("Code").fill(code)
    await emotes.get_by_label("Picture").set_input_files(file)
    await emotes.get_by_role("button", name="Add the emote").click()


async def expect_drawn(page: Page, code: str) -> None:
    """Wait until the picture of an emote in a message is there, and not only its code."""
    emote = page.locator("rillcast-message-list img.emote[alt='" + code + "']")
    await expect(emote).to_have_js_property("complete", value=True)
    assert await emote.evaluate("image => image.naturalWidth") > 0


async def test_emotes_of_a_channel_and_of_all_channels_are_uploaded_and_seen(
    browser: Browser, rooms: RoomHouse
) -> None:
    channel = await rooms.channel("painted")
    async with (
        rooms.page(browser, f"/dashboard/{channel}/chat", "olga") as olga,
        rooms.page(browser, "/admin/chat", "ada") as ada,
        rooms.page(browser, f"/{channel}/chat", "fay") as fay,
    ):
        no_picture: FilePayload = {
            "name": "x.png", "mimeType": "image/png", "buffer": b"no picture",
        }  # fmt: skip
        await add_emote(olga, "wave", no_picture)
        await expect(olga.locator("rillcast-emote-list [role=alert]")).to_be_visible()
        await add_emote(olga, "wave", picture("teal"))
        await expect(olga.get_by_text(":wave: is there.")).to_be_visible()
        await add_emote(ada, "party", picture("orange"))
        await expect(ada.get_by_text(":party: is there.")).to_be_visible()

        field = fay.get_by_label("Write a message")
        await fay.get_by_role("button", name="Emotes").click()
        await fay.get_by_role("button", name=":wave:").click()
        await expect(field).to_be_focused()
        await expect(field).to_have_value(":wave: ")
        await field.press_sequentially("and :party: and :nothing:")
        await field.press("Enter")
        await expect(said(fay, "and :nothing:")).to_be_visible()
        await expect_drawn(fay, ":wave:")
        await expect_drawn(fay, ":party:")

        await olga.get_by_role("button", name="Remove: wave").click()
        await expect(olga.get_by_text(":wave: has been removed.")).to_be_visible()
        await expect(olga.locator("rillcast-emote-list img")).to_have_count(0)
        await ada.get_by_role("button", name="Remove: party").click()
        await expect(ada.get_by_text(":party: has been removed.")).to_be_visible()
        await say(fay, "now :wave: is a word")


async def test_words_and_links_that_are_not_wanted_are_not_said(
    browser: Browser, rooms: RoomHouse
) -> None:
    channel = await rooms.channel("strict")
    async with (
        rooms.page(browser, f"/dashboard/{channel}/chat", "olga") as olga,
        rooms.page(browser, f"/{channel}/chat", "fay") as fay,
    ):
        filters = olga.locator("rillcast-filter-list")
        await filters.get_by_label("Word or domain").fill("spoiler")
        await filters.get_by_role("button", name="Add").click()
        await expect(filters.get_by_role("heading", name="spoiler")).to_be_visible()
        await filters.get_by_label("Kind").select_option("Allow links to a domain")
        await filters.get_by_label("Word or domain").fill("example.org")
        await filters.get_by_role("button", name="Add").click()
        await expect(filters.get_by_role("heading", name="example.org")).to_be_visible()
        await olga.get_by_label("Links are allowed").uncheck()
        await olga.get_by_role("button", name="Save").click()
        await expect(olga.get_by_text("The room has its new rules.")).to_be_visible()

        field = fay.get_by_label("Write a message")
        for text, why in (
            ("a SPÓILER", "It has words that are not wanted here."),
            ("see https://example.com/x", "It leads to where links may not lead here."),
        ):
            await field.fill(text)
            await field.press("Enter")
            await expect(fay.get_by_text(why)).to_be_visible()
            await expect(field).to_have_value(text)
        await say(fay, "see https://example.org/x")
        link = said(fay, "see").get_by_role("link", name="https://example.org/x")
        await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow ugc")

        await filters.get_by_role("button", name="Remove: spoiler").click()
        await expect(filters.get_by_role("heading", name="spoiler")).to_have_count(0)
        await say(fay, "a spoiler at last")
        log = olga.locator("rillcast-moderation-log")
        await olga.reload()
        await expect(log.get_by_role("heading", name="Removed a filter")).to_be_visible()


async def test_a_report_reaches_administrators_who_delete_and_close_it(
    browser: Browser, rooms: RoomHouse
) -> None:
    channel = await rooms.channel("reported")
    await rooms.say("olga", channel, "buy cheap llamas")
    async with (
        rooms.page(browser, f"/{channel}/chat", "fay") as fay,
        rooms.page(browser, "/admin/chat", "ada") as ada,
    ):
        await expect(said(fay, "llamas")).to_be_visible()
        await fay.get_by_label("Write a message").press("ArrowUp")
        await expect(said(fay, "llamas")).to_be_focused()
        await fay.keyboard.press("Enter")
        await fay.get_by_role("menuitem", name="Report").click()
        dialog = fay.get_by_role("dialog")
        await dialog.get_by_label("What is wrong with it?").fill("An advertisement")
        await dialog.get_by_role("button", name="Report").click()
        await expect(fay.get_by_text("Those who run this server will look at it.")).to_be_visible()

        await ada.reload()
        report = ada.locator("rillcast-admin-chat .row").filter(has_text="buy cheap llamas")
        await expect(report.get_by_text("reported by fay")).to_be_visible()
        await expect(report.get_by_text("An advertisement")).to_be_visible()
        await report.get_by_role("button", name="Delete the message").click()
        await ada.get_by_role("dialog").get_by_role("button", name="Delete the message").click()
        await expect(report.get_by_text("Deleted", exact=True)).to_be_visible()
        await expect(said(fay, "This message was deleted")).to_be_visible()
        await report.get_by_role("button", name="Done").click()
        await expect(report).to_have_count(0)
        await ada.get_by_label("Open ones alone").uncheck()
        await expect(report.get_by_text("looked at by ada")).to_be_visible()


async def test_on_a_phone_a_finger_that_stays_opens_the_menu_of_a_message(
    browser: Browser, rooms: RoomHouse
) -> None:
    channel = await rooms.channel("held")
    await rooms.say("olga", channel, "hold me")
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    async with rooms.page(browser, f"/{channel}", "fay", **phone) as fay:
        message = said(fay, "hold me")
        await message.scroll_into_view_if_needed()
        box = await message.bounding_box()
        assert box is not None
        finger = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        touch = await fay.context.new_cdp_session(fay)
        down = {"type": "touchStart", "touchPoints": [finger]}
        await touch.send("Input.dispatchTouchEvent", down)
        reply = fay.get_by_role("menuitem", name="Reply")
        await expect(reply).to_be_visible()
        await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        # It stays when the finger is lifted: it is for the next touch.
        await reply.tap()
        await expect(fay.get_by_text("Replying to olga")).to_be_visible()
        await say(fay, "I do")
        await expect(said(fay, "I do").locator(".quoted")).to_contain_text("hold me")


async def test_the_chat_pops_out_into_a_window_of_its_own(
    browser: Browser, rooms: RoomHouse
) -> None:
    channel = await rooms.channel("popped")
    async with rooms.page(browser, f"/{channel}", "fay") as page:
        async with page.context.expect_page() as opening:
            await page.get_by_role("link", name="Open the chat in a window of its own").click()
        window = await opening.value
        await expect(window).to_have_url(f"{rooms.url}/{channel}/chat")
        await expect(window.locator("rillcast-top-bar")).to_have_count(0)
        await expect(window.get_by_role("heading", name=channel)).to_be_visible()
        await say(window, "out here")
        await expect(said(page, "out here")).to_be_visible()


async def test_the_page_for_obs_shows_chat_and_followers_over_any_picture(
    browser: Browser, rooms: RoomHouse
) -> None:
    channel = await rooms.channel("docked")
    await rooms.say("fay", channel, "before")
    async with rooms.page(browser, f"/{channel}/dock", "olga") as dock:
        await expect(said(dock, "before")).to_be_visible()
        await rooms.say("fay", channel, "while it is shown")
        await expect(said(dock, "while it is shown")).to_be_visible()
        await rooms.follow("fay", channel)
        await expect(dock.get_by_text("fay follows now")).to_be_visible()
        await expect(dock.get_by_role("button")).to_have_count(0)
        await expect(dock.get_by_label("Write a message")).to_have_count(0)
        grounds = await dock.evaluate(
            "[document.documentElement, document.body, document.querySelector('rillcast-app')]"
            ".map((part) => getComputedStyle(part).backgroundColor)"
        )
        assert set(grounds) == {"rgba(0, 0, 0, 0)"}
