"""Two people and a streamer in real browsers: following, alerts, chat, moderation, coming back."""

import asyncio
import re
from typing import Final

import pytest
from playwright.async_api import Browser, Page, WebSocketRoute, expect

from tests.support.rtmp_publisher import Show
from tests.web.axe import serious_issues
from tests.web.channel_house import on_air
from tests.web.room_house import RoomHouse, said, say

# One browser at a time: two would starve each other on a small machine.
pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

WIDTHS: Final = (320, 390, 1280)


async def texts_of(page: Page, beginning: str) -> list[str]:
    """Return what stands in the room and begins with these words, in order."""
    found = await page.locator("rillcast-message-list .line .text").all_inner_texts()
    return [text for text in found if text.startswith(beginning)]


async def test_who_follows_is_told_at_once_that_the_channel_is_live(
    browser: Browser, rooms: RoomHouse, show: Show
) -> None:
    channel = await rooms.channel("alerted", title="Evening show")
    key = await rooms.key(channel)
    await rooms.read_all("fay", "ada")
    async with (
        rooms.page(browser, f"/{channel}", "fay") as page,
        rooms.page(browser, "/settings", "ada") as elsewhere,
    ):
        await page.get_by_role("button", name="Follow", exact=True).click()
        await expect(page.locator("rillcast-follow-button summary")).to_be_visible()
        await rooms.follow("ada", channel)
        async with on_air(rooms.server, key, show):
            bell = elsewhere.get_by_role("button", name="Notifications, 1 unread")
            await expect(bell).to_be_visible()
            toast = elsewhere.locator("rillcast-toasts").get_by_role("link")
            await expect(toast).to_contain_text(f"{channel} is live")
            # The other looks at the channel: their bell counts, and nothing pops up.
            await expect(page.get_by_role("button", name="Notifications, 1 unread")).to_be_visible()
            await expect(page.locator("rillcast-toasts").get_by_role("link")).to_have_count(0)
            await expect(page.get_by_text("1 viewer")).to_be_visible()
            await bell.click()
            assert await serious_issues(elsewhere) == []
            await elsewhere.get_by_role("button", name="Mark all as read").click()
            await expect(
                elsewhere.get_by_role("button", name="Notifications", exact=True)
            ).to_be_visible()
            await toast.click()
            await expect(elsewhere).to_have_url(f"{rooms.url}/{channel}")


async def test_a_new_title_arrives_without_being_asked_for(
    browser: Browser, rooms: RoomHouse
) -> None:
    channel = await rooms.channel("titled", title="Before")
    async with (
        rooms.page(browser, f"/{channel}") as page,
        rooms.person("olga") as olga,
    ):
        await expect(page.get_by_role("heading", name="Before")).to_be_visible()
        await expect(
            page.locator("rillcast-message-list, rillcast-chat .words").first
        ).to_be_attached()
        fields = {"title": "After"}
        status, _ = await olga.ask("PATCH", f"/channels/{channel}", fields, If_Match="*")
        assert status == 200
        await expect(page.get_by_role("heading", name="After")).to_be_visible()


async def test_two_talk_and_one_is_timed_out_and_banned(browser: Browser, rooms: RoomHouse) -> None:
    channel = await rooms.channel("talk")
    async with (
        rooms.page(browser, f"/{channel}", "fay") as fay,
        rooms.page(browser, f"/{channel}/chat", "olga") as olga,
        rooms.page(browser, f"/{channel}") as visitor,
    ):
        await say(fay, "Hello <b>Olga</b> & all")
        await expect(said(olga, "Hello <b>Olga</b> & all")).to_be_visible()
        await expect(said(visitor, "Hello <b>Olga</b> & all")).to_be_visible()
        await expect(visitor.get_by_role("link", name="Sign in to chat")).to_be_visible()
        await say(olga, "@fay welcome")
        await expect(fay.locator(".line.for-me")).to_contain_text("welcome")

        await said(olga, "Hello <b>").hover()
        await olga.get_by_role("button", name="More for the message of fay").click()
        await olga.get_by_role("menuitem", name="Time out for 1 minute").click()
        dialog = olga.get_by_role("dialog")
        await dialog.get_by_label("Reason").fill("Slow down")
        await dialog.get_by_role("button", name="Time out").click()
        await expect(
            fay.get_by_text(re.compile("You are timed out. Wait [0-9]+ s"))
        ).to_be_visible()
        await expect(fay.get_by_text("Reason: Slow down")).to_be_visible()
        await expect(said(fay, "This message was deleted")).to_be_visible()

        async with rooms.person("olga") as streamer:
            path = f"/channels/{channel}/chat"
            _, found = await streamer.ask("GET", f"{path}/sanctions")
            account = found["items"][0]["person"]["accountId"]
            assert (await streamer.ask("DELETE", f"{path}/sanctions/{account}"))[0] == 204
        await expect(fay.get_by_text("You are timed out.")).to_be_hidden()
        await say(fay, "I am back")
        await expect(said(olga, "I am back")).to_be_visible()
        await said(olga, "I am back").hover()
        await olga.get_by_role("button", name="More for the message of fay").last.click()
        await olga.get_by_role("menuitem", name="Ban").click()
        await olga.get_by_role("dialog").get_by_label("Reason").fill("Enough")
        await olga.get_by_role("dialog").get_by_role("button", name="Ban").click()
        await expect(fay.get_by_text("You are banned from this chat.")).to_be_visible()
        await expect(fay.get_by_text("Reason: Enough")).to_be_visible()
        await expect(fay.get_by_label("Write a message")).to_have_count(0)
        await fay.reload()
        banned = fay.get_by_role("heading", name="You are banned from this channel")
        await expect(banned).to_be_visible()
        await expect(fay.get_by_text("Reason: Enough")).to_be_visible()


async def test_after_a_break_all_that_was_missed_is_there_once(
    browser: Browser, rooms: RoomHouse
) -> None:
    channel = await rooms.channel("broken")
    sockets: list[WebSocketRoute] = []
    may_return = asyncio.Event()

    async def connect(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if len(sockets) > 1:
            await may_return.wait()
        socket.connect_to_server()

    async with rooms.page(browser, "/settings", "fay") as page:
        await page.route_web_socket(re.compile("/ws$"), connect)
        await page.goto(f"{rooms.url}/{channel}")
        await say(page, "missed 0")
        await sockets[0].close(code=1001)
        await rooms.say("olga", channel, "missed 1", "missed 2", "missed 3")
        may_return.set()
        await expect(said(page, "missed 3")).to_be_visible()
        await rooms.say("olga", channel, "missed 4")
        await expect(said(page, "missed 4")).to_be_visible()
        assert await texts_of(page, "missed") == [f"missed {number}" for number in range(5)]


async def test_where_no_websocket_comes_through_the_room_is_heard_and_spoken_in(
    browser: Browser, rooms: RoomHouse
) -> None:
    channel = await rooms.channel("blocked")

    async def refuse(socket: WebSocketRoute) -> None:
        await socket.close(code=1011)

    async with rooms.page(browser, "/settings", "fay") as page:
        await page.route_web_socket(re.compile("/ws$"), refuse)
        async with page.expect_request(re.compile("/events[?]")):
            await page.goto(f"{rooms.url}/{channel}")
        await rooms.say("olga", channel, "heard by another way")
        await expect(said(page, "heard by another way")).to_be_visible()
        await say(page, "said by another way")


async def test_who_reads_back_keeps_their_place_and_the_page_stays_small(
    browser: Browser, rooms: RoomHouse
) -> None:
    channel = await rooms.channel("long")
    await rooms.say("olga", channel, *(f"line {number}" for number in range(60)))
    async with rooms.page(browser, f"/{channel}/chat", "fay") as page:
        await expect(said(page, "line 59")).to_be_visible()
        field = page.get_by_label("Write a message")
        await field.press("ArrowUp")
        await expect(said(page, "line 59")).to_be_focused()
        await page.keyboard.press("Home")
        await expect(said(page, "line 1").first).to_be_visible()
        kept = page.locator(".line:focus")
        await expect(kept).to_be_in_viewport()
        before = await kept.bounding_box()
        await rooms.say("olga", channel, "news 1", "news 2")
        pill = page.get_by_role("button", name="2 new messages")
        await expect(pill).to_be_visible()
        assert await kept.bounding_box() == before
        assert await page.locator(".line").count() <= 120
        await pill.click()
        await expect(said(page, "news 2")).to_be_in_viewport()
        await expect(field).to_be_focused()


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_rooms_and_what_is_around_them_have_no_serious_issue(
    browser: Browser, rooms: RoomHouse, theme: str
) -> None:
    paths = ["studio", "studio/chat", "studio/dock", "dashboard/studio/chat"]
    paths += ["dashboard/studio/webhooks", "settings/notifications"]
    issues = []
    await rooms.say("olga", "studio", f"a word in the {theme}")
    async with rooms.page(browser, "/", "olga") as page:
        await page.emulate_media(
            color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce"
        )
        for path in paths:
            await page.goto(f"{rooms.url}/{path}")
            await page.wait_for_load_state("load")
            await expect(page.locator("h1, h2").first).to_be_attached()
            await page.set_viewport_size({"width": WIDTHS[0], "height": 640})
            if path != "studio/dock":  # it lies over a picture that axe does not see
                issues += [f"{path}: {issue}" for issue in await serious_issues(page)]
            for width in WIDTHS:
                await page.set_viewport_size({"width": width, "height": 800})
                shown = await page.evaluate("document.documentElement.scrollWidth")
                assert shown <= width, (path, width)
    assert issues == []
