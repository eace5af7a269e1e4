"""The whole way, from the set-up link in the console to signing out everywhere, with ffmpeg."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.accounts_server import ENABLED, PASSWORD
from tests.support.encoder import encoder, ffmpeg_command
from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.web.channel_house import shown_secret
from tests.web.chromium import STATE_LIMIT_MS, expect_moving_picture, expect_state
from tests.web.mailbox import mailed_link
from tests.web.signed_in_page import page_of

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

OPEN = (*ENABLED, "--set", "accounts.registration.mode=open")
CUT_LIMIT_S = 120


async def test_from_the_set_up_link_to_signing_out_everywhere(
    browser: Browser, tmp_path: Path
) -> None:
    with rillcast_server(tmp_path, *OPEN) as server:
        link = re.search(r"Set up\s+(\S+#token=\S+)", server.greeting)
        assert link, server.greeting
        async with (
            page_of(browser, server, link[1].removeprefix(server.http_url)) as streamer,
            page_of(browser, server, "/sign-up") as fan,
        ):
            await set_up(streamer)
            await register(fan, server, "fan@example.org")
            await make_channel(streamer, "evening")
            key = await shown_secret(streamer)
            with encoder(ffmpeg_command(f"{server.rtmp_url}/{key}", gop_frames=30)) as publishing:
                await fan.goto(f"{server.http_url}/evening")
                await expect_state(fan, "playing")
                await expect_moving_picture(fan)
                await fan.get_by_role("button", name="Follow", exact=True).click()
                await expect(fan.get_by_text("1 follower", exact=True)).to_be_visible()
                await until_viewers_are(2, fan, server)  # the streamer has the preview
                await streamer.goto(f"{server.http_url}/settings")
                await until_viewers_are(1, fan, server)
                renewed = await renew(streamer, server, "evening")
                # The encoder is told that its key is void; the viewer waits for the new one.
                assert await asyncio.to_thread(publishing.wait, CUT_LIMIT_S) != 0
                await expect_state(fan, "interrupted")
            with encoder(ffmpeg_command(f"{server.rtmp_url}/{renewed}", gop_frames=30)):
                await expect_state(fan, "playing")
                await expect_moving_picture(fan)
                await make_private(streamer, server, "evening")
                ended = fan.get_by_role("heading", name=re.compile("has ended|no such channel"))
                await expect(ended).to_be_visible(timeout=STATE_LIMIT_MS)
                async with page_of(browser, server, await share(streamer, server)) as visitor:
                    await expect_state(visitor, "playing")
                    await expect_moving_picture(visitor)
            await sign_out_everywhere(fan, server)


async def until_viewers_are(count: int, page: Page, server: RillcastServer) -> None:
    """Wait until the channel's count, which is renewed every few seconds, is this."""
    async with asyncio.timeout(STATE_LIMIT_MS / 1000):
        while True:
            answer = await page.request.get(f"{server.http_url}/api/v1/channels/evening")
            if (await answer.json())["viewerCount"] == count:
                return
            await asyncio.sleep(0.5)


async def set_up(page: Page) -> None:
    """Be the first administrator."""
    await page.get_by_label("E-mail address").fill("root@example.org")
    await page.get_by_label("Your name").fill("Root")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Make the administrator").click()
    await expect(page).to_have_url(re.compile("/dashboard$"))


async def register(page: Page, server: RillcastServer, email: str) -> None:
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_role("button", name="Mail me the link").click()
    await page.goto(await mailed_link(server.data, email, "sign-up"))
    await page.get_by_label("Your name").fill("Fan")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Make my account").click()
    await expect(page.get_by_role("button", name="Your account: Fan")).to_be_visible()


async def make_channel(page: Page, name: str) -> None:
    """Leave the page where the new key is shown."""
    await page.get_by_label("Name").fill(name)
    await page.get_by_role("button", name="Make the channel").click()
    await page.get_by_role("button", name="Make a stream key").click()


async def renew(page: Page, server: RillcastServer, channel: str) -> str:
    await page.goto(f"{server.http_url}/dashboard/{channel}/keys")
    await page.get_by_role("button", name=re.compile("^Renew")).click()
    await page.get_by_role("dialog").get_by_role("button", name="Renew").click()
    return await shown_secret(page)


async def make_private(page: Page, server: RillcastServer, channel: str) -> None:
    await page.goto(f"{server.http_url}/dashboard/{channel}/settings")
    await page.get_by_label("Who may watch").select_option("private")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()


async def share(page: Page, server: RillcastServer) -> str:
    """Make a link; return its path."""
    await page.get_by_role("link", name="Shared links").click()
    await page.get_by_label("Name of the new link").fill("for a visitor")
    await page.get_by_role("button", name="Make the link").click()
    return (await shown_secret(page)).removeprefix(server.http_url)


async def sign_out_everywhere(page: Page, server: RillcastServer) -> None:
    await page.goto(f"{server.http_url}/settings/sessions")
    await page.get_by_role("button", name="Sign out everywhere", exact=True).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Sign out everywhere").click()
    await expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    await page.goto(f"{server.http_url}/dashboard")
    await expect(page).to_have_url(re.compile("/sign-in"))
