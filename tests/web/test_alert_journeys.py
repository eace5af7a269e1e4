"""What people and programs are told, in real browsers: pushes, quiet hours, webhooks."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from playwright.async_api import Browser, CDPSession, Page, Worker, expect

from tests.accounts.alerts.hooks import verified
from tests.accounts.alerts.push_service import Browser as Endpoint
from tests.accounts.alerts.push_service import push_service
from tests.accounts.outbound.receiver import receiver
from tests.support.rtmp_publisher import Show
from tests.web.channel_house import on_air, shown_secret
from tests.web.mailbox import mailed_link
from tests.web.room_house import RoomHouse

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

LIMIT_S: Final = 120.0
QUESTION: Final = "Be told when this channel goes live, also when this page is closed?"
# The one thing that is not real: browsers subscribe at their maker's service, out of reach here.
OFFERED_BY_OURS: Final = """
(offered) => {
  const subscription = {
    endpoint: offered.endpoint,
    toJSON: () => ({ endpoint: offered.endpoint, keys: offered.keys }),
    unsubscribe: () => Promise.resolve(true),
  };
  let present = null;
  PushManager.prototype.getSubscription = () => Promise.resolve(present);
  PushManager.prototype.subscribe = function (options) {
    window.subscribedWith = options;
    return Promise.resolve((present = subscription));
  };
}
"""
SHOWN: Final = """
async () => {
  const shown = await self.registration.getNotifications();
  return shown.map(({ title, body, tag }) => ({ title, body, tag }));
}
"""
_PAUSE_S: Final = 0.05
REGISTERED: Final = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"


async def offer(page: Page, endpoint: Endpoint) -> None:
    """Let the page's browser subscribe at a push service of the test's."""
    made = endpoint.json()
    keys = {"p256dh": made["p256dh"], "auth": made["auth"]}
    offered = json.dumps({"endpoint": made["endpoint"], "keys": keys})
    await page.add_init_script(f"({OFFERED_BY_OURS})({offered})")


async def undecided(page: Page) -> CDPSession:
    """Be a browser whose person has neither allowed nor forbidden notifications."""
    debugger = await page.context.new_cdp_session(page)
    permission = {"permission": {"name": "notifications"}, "setting": "prompt"}
    await debugger.send("Browser.setPermission", permission)
    return debugger


async def registration_of(debugger: CDPSession) -> str:
    """Return by what the browser knows the page's service worker."""
    registered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def note(event: dict[str, Any]) -> None:
        for registration in event["registrations"]:
            if not registered.done():
                registered.set_result(registration["registrationId"])

    debugger.on("ServiceWorker.workerRegistrationUpdated", note)
    await debugger.send("ServiceWorker.enable")
    async with asyncio.timeout(LIMIT_S):
        return await registered


async def shown_by(worker: Worker) -> list[dict[str, str]]:
    """Wait until a service worker has shown notifications, and return them."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            shown: list[dict[str, str]] = await worker.evaluate(SHOWN)
            if shown:
                return shown
            await asyncio.sleep(_PAUSE_S)


async def test_push_is_asked_for_on_a_follow_alone_and_a_no_is_heard(
    browser: Browser, rooms: RoomHouse
) -> None:
    channel = await rooms.channel("unasked")
    async with rooms.page(browser, "/health", "fay") as page:
        await undecided(page)
        await page.goto(f"{rooms.url}/{channel}")
        follow = page.get_by_role("button", name="Follow", exact=True)
        await expect(follow).to_be_visible()
        await expect(page.get_by_text(QUESTION)).to_have_count(0)
        await follow.click()
        await expect(page.get_by_text(QUESTION)).to_be_visible()
        await page.get_by_role("button", name="Not now").click()
        await expect(page.get_by_text(QUESTION)).to_have_count(0)
        await page.locator("rillcast-follow-button summary").click()
        await page.get_by_role("button", name="Unfollow").click()
        await follow.click()
        await expect(page.locator("rillcast-follow-button summary")).to_be_visible()
        await expect(page.get_by_text(QUESTION)).to_have_count(0)
        assert await page.evaluate("Notification.permission") == "default"
        assert await page.evaluate(REGISTERED) == 0


async def test_who_agrees_is_told_by_the_browser_when_the_channel_goes_live(
    browser: Browser, rooms: RoomHouse, show: Show
) -> None:
    channel = await rooms.channel("pushed")
    key = await rooms.key(channel)
    async with push_service() as service, rooms.page(browser, "/health", "fay") as page:
        endpoint = service.browser()
        await offer(page, endpoint)
        debugger = await undecided(page)
        await page.goto(f"{rooms.url}/{channel}")
        await page.get_by_role("button", name="Follow", exact=True).click()
        yes = page.get_by_role("button", name="Yes, tell me")
        await expect(yes).to_be_visible()
        # What its person presses in the browser's own question, which a page cannot reach.
        await page.context.grant_permissions(["notifications"], origin=rooms.url)
        await yes.click()
        await expect(page.get_by_text(QUESTION)).to_have_count(0)
        assert await page.evaluate(REGISTERED) == 1
        options = await page.evaluate("window.subscribedWith")
        async with rooms.person("fay") as fay:
            _, ours = await fay.ask("GET", "/push/key")
            assert options == {"userVisibleOnly": True, "applicationServerKey": ours["publicKey"]}
            _, listed = await fay.ask("GET", "/me/push-subscriptions")
            assert {each["service"] for each in listed["items"]} == {"127.0.0.1"}
        async with on_air(rooms.server, key, show):
            async with asyncio.timeout(LIMIT_S):
                await service.taking.wait_for(1)
        told = service.alerts_of(endpoint)[0]
        assert (told["kind"], told["channel"]) == ("live", channel)

        # Who looks at a page is told there; who looks elsewhere is told by the browser.
        pushed = {"origin": rooms.url, "registrationId": await registration_of(debugger)}
        (worker,) = page.context.service_workers
        await page.goto("about:blank")
        pushed["data"] = json.dumps(told)
        await debugger.send("ServiceWorker.deliverPushMessage", pushed)
        shown = await shown_by(worker)
        assert shown == [{"title": f"{channel} is live", "body": channel, "tag": channel}]

        await page.goto(f"{rooms.url}/settings/notifications")
        browsers = page.get_by_role("button", name=re.compile("^Remove: "))
        await expect(browsers).to_have_count(len(listed["items"]))
        await browsers.first.click()
        await expect(browsers).to_have_count(len(listed["items"]) - 1)


async def test_in_quiet_hours_notifications_come_in_without_a_word(
    browser: Browser, rooms: RoomHouse, show: Show
) -> None:
    channel = await rooms.channel("hushed")
    key = await rooms.key(channel)
    await rooms.follow("ada", channel)
    await rooms.read_all("ada")
    now = datetime.now(UTC)
    starts, ends = (f"{now + timedelta(hours=hours):%H:%M}" for hours in (-2, 6))
    async with rooms.page(browser, "/settings/notifications", "ada") as page:
        section = page.locator("rillcast-notifications-section")
        await section.get_by_label("Have quiet hours").check()
        await section.get_by_label("From").fill(starts)
        await section.get_by_label("Until").fill(ends)
        await section.get_by_label("Time zone").fill("Atlantis/Capital")
        await section.get_by_role("button", name="Save").click()
        await expect(section.get_by_label("Time zone")).to_have_attribute("aria-invalid", "true")
        await section.get_by_label("Time zone").fill("UTC")
        title = section.get_by_role("group", name="A live channel has a new title")
        await title.get_by_label("In the pages").uncheck()
        await section.get_by_role("button", name="Save").click()
        await expect(section.get_by_text("Saved.")).to_be_visible()
        await page.reload()
        await expect(section.get_by_label("Time zone")).to_have_value("UTC")
        await expect(section.get_by_label("From")).to_have_value(starts)
        await expect(title.get_by_label("In the pages")).not_to_be_checked()

        async with on_air(rooms.server, key, show):
            bell = page.get_by_role("button", name="Notifications, 1 unread")
            await expect(bell).to_be_visible()
            await expect(page.locator("rillcast-toasts").get_by_role("link")).to_have_count(0)
            await bell.click()
            news = page.locator("rillcast-notification-list").get_by_role("link")
            await expect(news.filter(has_text=f"{channel} is live")).to_be_visible()
            await page.get_by_role("button", name="Mark all as read").click()
            await page.keyboard.press("Escape")

        await page.get_by_role("button", name=f"Change: {channel}").click()
        single = page.locator("rillcast-channel-notifications-section .wish")
        live = single.get_by_label("A channel goes live")
        await expect(live).to_be_checked()
        async with page.expect_response(lambda answer: answer.request.method == "PUT"):
            await live.uncheck()
        await page.reload()
        await page.get_by_role("button", name=f"Change: {channel}").click()
        await expect(live).not_to_be_checked()
        async with rooms.person("ada") as ada:  # on another device meanwhile
            wish = f"/me/notifications/settings/channels/{channel}"
            status, answer = await ada.ask("PUT", wish, {"email": True}, If_Match="*")
            assert status == 200, answer
        await live.check()
        await expect(page.get_by_text("It was changed elsewhere")).to_be_visible()
        await section.get_by_label("Have quiet hours").uncheck()
        await section.get_by_role("button", name="Save").click()
        await expect(section.get_by_text("Saved.")).to_be_visible()


async def test_the_link_in_a_mail_ends_mails_without_a_log_in(
    browser: Browser, rooms: RoomHouse, show: Show
) -> None:
    channel = await rooms.channel("mailed")
    key = await rooms.key(channel)
    await rooms.follow("fay", channel)
    wish = f"/me/notifications/settings/channels/{channel}"
    async with rooms.person("fay") as fay:
        status, answer = await fay.ask("PUT", wish, {"email": True}, If_Match="*")
        assert status == 200, answer
    async with on_air(rooms.server, key, show):
        link = await mailed_link(rooms.server.data, "fay@example.org", "unsubscribe")
    token = link.partition("#token=")[2]
    standing = f"{rooms.url}/api/v1/unsubscribe/{token}"
    async with rooms.page(browser, "/health") as page:  # nobody has signed in here
        await page.goto(link)
        await expect(page.get_by_role("heading", name="No more mails?")).to_be_visible()
        looked = await page.context.request.get(standing)
        assert await looked.json() == {"isSubscribed": True}  # looking has changed nothing
        await page.get_by_role("button", name="Stop these mails").click()
        await expect(page.get_by_role("heading", name="You get no more mails")).to_be_focused()
        assert token not in page.url
        ended = await page.context.request.get(standing)
        assert await ended.json() == {"isSubscribed": False}
        await page.goto(f"{rooms.url}/health")
        await page.goto(f"{rooms.url}/unsubscribe#token={token[:-1]}")
        await page.get_by_role("button", name="Stop these mails").click()
        await expect(page.get_by_role("alert")).to_be_focused()


async def test_a_webhook_is_made_tested_looked_at_and_sent_again(
    browser: Browser, rooms: RoomHouse
) -> None:
    channel = await rooms.channel("hooked")
    async with (
        receiver() as bot,
        rooms.page(browser, f"/dashboard/{channel}/webhooks", "olga") as page,
    ):
        await expect(page.get_by_text("No webhook yet")).to_be_visible()
        await page.get_by_label("Name").fill("My bot")
        await page.get_by_label("Address").fill(bot.url)
        await page.get_by_label("A channel goes live").uncheck()
        await page.get_by_role("button", name="Make the webhook").click()
        await expect(page.get_by_text("Choose at least one.")).to_be_visible()
        await page.get_by_label("Somebody follows").check()
        await page.get_by_role("button", name="Make the webhook").click()
        secret = await shown_secret(page)

        await page.get_by_role("button", name="Test: My bot").click()
        async with asyncio.timeout(LIMIT_S):
            await bot.wait_for(1)
        assert verified(bot.got[0], secret)["type"] == "webhook.test"
        deliveries = page.locator("rillcast-delivery-list")
        await expect(deliveries.get_by_text("Delivered", exact=True)).to_be_visible()
        await deliveries.get_by_role("button", name="Show what was sent").click()
        await expect(deliveries.locator("pre").first).to_contain_text("webhook.test")
        await expect(deliveries.locator("pre").last).to_have_text("ok")

        await page.reload()
        await expect(page.get_by_role("heading", name="My bot")).to_be_visible()
        await expect(page.locator(".made")).to_have_count(0)
        await page.get_by_role("button", name="Deliveries: My bot").click()
        await deliveries.get_by_role("button", name="Send again").click()
        await expect(deliveries.get_by_text("It is on its way again.")).to_be_visible()
        async with asyncio.timeout(LIMIT_S):
            await bot.wait_for(2)
        assert bot.got[1].headers["webhook-id"] == bot.got[0].headers["webhook-id"]

        await rooms.follow("fay", channel)
        async with asyncio.timeout(LIMIT_S):
            await bot.wait_for(3)
        assert verified(bot.got[2], secret)["type"] == "follower.gained"

        await page.get_by_role("button", name="New secret: My bot").click()
        await page.get_by_role("dialog").get_by_role("button", name="New secret").click()
        assert await shown_secret(page) != secret
        await page.get_by_role("button", name="Delete: My bot").click()
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(page.get_by_text("No webhook yet")).to_be_visible()
