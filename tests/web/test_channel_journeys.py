"""Streamer, fan and visitor in real browsers: keys, a show, following, sharing, closing."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from tests.support.accounts_server import accounts_server, signed_in, stream_key
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import RtmpPublisher, Show
from tests.web.chromium import STATE_LIMIT_MS, chromium, expect_moving_picture, expect_state
from tests.web.signed_in_page import page_of

# One browser at a time: two would starve each other on a small machine.
pytestmark = [pytest.mark.real, pytest.mark.xdist_group("browser")]


@pytest.fixture
def people(tmp_path: Path) -> Iterator[RillcastServer]:
    """A server of its own for each journey: Olga owns `studio`, Fay is a fan, Ada administrates."""
    with accounts_server(tmp_path) as running:
        yield running


@asynccontextmanager
async def on_air(server: RillcastServer, key: str, show: Show) -> AsyncIterator[RtmpPublisher]:
    """Publish with a stream key until the block ends, then say goodbye."""
    async with RtmpPublisher(server.rtmp_url, key) as publisher:
        sending = asyncio.create_task(publisher.send(show, realtime=True, duration_s=240))
        try:
            yield publisher
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


async def edit_studio(server: RillcastServer, **fields: object) -> None:
    """Change the channel as its owner, over the API."""
    async with signed_in(server, "olga") as olga:
        status, answer = await olga.ask("PATCH", "/channels/studio", fields, If_Match="*")
        assert status == 200, answer


async def shown_secret(page: Page) -> str:
    """Return the text of the secret that the page shows this once."""
    secret = page.locator(".made rillcast-secret-field code")
    await expect(secret).to_be_visible()
    return (await secret.inner_text()).strip()


async def test_a_streamer_makes_a_channel_and_a_key_and_sees_the_show(
    people: RillcastServer, show: Show
) -> None:
    async with (
        chromium() as browser,
        page_of(browser, people, "/dashboard", "fay") as page,
    ):
        await page.get_by_label("Name").fill("Fays-Room")
        await page.get_by_label("Title").fill("Evenings with Fay")
        await page.get_by_role("button", name="Make the channel").click()
        await expect(page).to_have_url(f"{people.http_url}/dashboard/fays-room")
        await expect(page.get_by_role("heading", name="Evenings with Fay")).to_be_visible()
        await expect(page.get_by_text(people.rtmp_url, exact=True)).to_be_visible()
        await page.get_by_role("button", name="Make a stream key").click()
        key = await shown_secret(page)
        async with on_air(people, key, show):
            await expect_state(page, "playing")
            await expect_moving_picture(page)
            assert await page.locator("rillcast-player video").evaluate("video => video.muted")
            await page.get_by_role("button", name="End the show").click()
            await page.get_by_role("dialog").get_by_role("button", name="End the show").click()
            await expect(page.get_by_text("The show has been ended.")).to_be_visible()


async def test_a_key_that_is_renewed_cuts_the_old_one_and_is_shown_once(
    people: RillcastServer, show: Show
) -> None:
    key = stream_key(people)
    async with (
        chromium() as browser,
        page_of(browser, people, "/dashboard/studio/keys", "olga") as page,
    ):
        async with on_air(people, key, show):
            await page.get_by_role("button", name=re.compile("^Renew")).click()
            await page.get_by_role("dialog").get_by_role("button", name="Renew").click()
            renewed = await shown_secret(page)
            assert renewed != key
        async with (
            on_air(people, renewed, show),
            page_of(browser, people, "/studio") as watching,
        ):
            await expect_state(watching, "playing")
        await page.reload()
        await expect(page.get_by_role("heading", name="Stream keys")).to_be_visible()
        assert renewed not in await page.content()


async def test_a_fan_follows_says_how_much_to_hear_and_unfollows(people: RillcastServer) -> None:
    async with chromium() as browser, page_of(browser, people, "/studio", "fay") as page:
        await page.get_by_role("button", name="Follow", exact=True).click()
        await page.get_by_text("Following", exact=True).click()
        await expect(page.get_by_role("radio", name=re.compile("^Live only"))).to_be_checked()
        async with page.expect_response(lambda answer: answer.request.method == "PUT"):
            await page.get_by_role("radio", name=re.compile("^Everything")).check()
        async with signed_in(people, "fay") as fay:
            status, follow = await fay.ask("GET", "/channels/studio/follow")
            assert (status, follow["notifications"]) == (200, "all")
        await page.get_by_role("button", name="Unfollow").click()
        await expect(page.get_by_role("button", name="Follow", exact=True)).to_be_visible()


async def test_only_who_follows_watches_a_channel_for_followers(
    people: RillcastServer, show: Show
) -> None:
    await edit_studio(people, visibility="followers")
    async with (
        on_air(people, stream_key(people), show),
        chromium() as browser,
        page_of(browser, people, "/studio", "fay") as page,
    ):
        await expect(page.get_by_role("heading", name="For followers")).to_be_visible()
        await page.locator("rillcast-watch-gate").get_by_role("button", name="Follow").click()
        await expect_state(page, "playing")
        await expect_moving_picture(page)
        async with signed_in(people, "fay") as fay:
            status, _ = await fay.ask("DELETE", "/channels/studio/follow")
            assert status == 204
        ended = page.get_by_role("heading", name="Your leave to watch has ended")
        await expect(ended).to_be_visible(timeout=STATE_LIMIT_MS)


async def test_a_visitor_watches_a_private_channel_by_a_link_until_it_is_taken_back(
    people: RillcastServer, show: Show
) -> None:
    await edit_studio(people, visibility="private")
    async with (
        on_air(people, stream_key(people), show),
        chromium() as browser,
        page_of(browser, people, "/dashboard/studio/links", "olga") as page,
    ):
        await page.get_by_label("Name of the new link").fill("for Vi")
        await page.get_by_role("button", name="Make the link").click()
        link = await shown_secret(page)
        async with page_of(browser, people, link.removeprefix(people.http_url)) as watching:
            await expect_state(watching, "playing")
            await expect_moving_picture(watching)
            await page.get_by_role("button", name="Take back: for Vi").click()
            await page.get_by_role("dialog").get_by_role("button", name="Take back").click()
            ended = watching.get_by_role("heading", name="Your leave to watch has ended")
            await expect(ended).to_be_visible(timeout=STATE_LIMIT_MS)
        async with page_of(browser, people, "/studio") as stranger:
            nothing = stranger.get_by_role("heading", name="There is no such channel")
            await expect(nothing).to_be_visible()


async def test_home_and_search_find_a_show_and_what_it_says_of_itself_is_text(
    people: RillcastServer, show: Show
) -> None:
    hostile = "<img src=x onerror=alert(1)> & friends"
    await edit_studio(people, title=hostile, category="gaming", tags=["retro"])
    async with (
        on_air(people, stream_key(people), show),
        chromium() as browser,
        page_of(browser, people, "/") as page,
    ):
        await expect(page.get_by_role("heading", name=hostile)).to_be_visible(
            timeout=STATE_LIMIT_MS
        )
        await page.get_by_role("link", name=re.compile("^Gaming")).click()
        await expect(page).to_have_url(f"{people.http_url}/search?category=gaming")
        await page.goto(f"{people.http_url}/search?q=friends")
        await page.get_by_role("link", name=re.compile("friends")).first.click()
        await expect(page).to_have_url(f"{people.http_url}/studio")
        await expect(page.get_by_role("heading", level=1)).to_have_text(hostile)
        await expect(page.get_by_role("link", name="#retro")).to_be_visible()


async def test_the_player_plays_in_a_frame_of_another_site_and_no_other_page_does(
    people: RillcastServer, show: Show
) -> None:
    async with (
        on_air(people, stream_key(people), show),
        chromium() as browser,
        page_of(browser, people, "/studio") as page,
    ):
        await page.get_by_role("button", name="Share").click()
        code = await page.locator("rillcast-share-dialog code", has_text="<iframe").inner_text()
        async with other_site(code) as address:
            await page.goto(address)
            player = page.frame_locator("iframe").locator("rillcast-player")
            await expect(player).to_have_attribute("data-state", "playing", timeout=STATE_LIMIT_MS)
        async with other_site(code.replace("/embed/", "/")) as address:
            await page.goto(address)
            await expect(page.frame_locator("iframe").locator("rillcast-app")).to_have_count(0)


async def test_an_administrator_closes_a_channel_and_opens_it_again(people: RillcastServer) -> None:
    async with (
        chromium() as browser,
        page_of(browser, people, "/admin/channels", "ada") as page,
    ):
        await page.get_by_role("button", name="Close: studio").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Reason").fill("Not what this is for")
        await dialog.get_by_role("button", name="Close").click()
        await expect(page.get_by_text("Closed: Not what this is for")).to_be_visible()
        async with page_of(browser, people, "/dashboard/studio", "olga") as owned:
            await expect(owned.get_by_text("Not what this is for")).to_be_visible()
        await page.get_by_role("button", name="Open again: studio").click()
        await expect(page.get_by_text("studio is open again.")).to_be_visible()


@asynccontextmanager
async def other_site(body: str) -> AsyncIterator[str]:
    """Serve a page with this body on an origin of its own."""

    async def respond(_request: web.Request) -> web.Response:
        return web.Response(text=f"<!doctype html><body>{body}", content_type="text/html")

    application = web.Application()
    application.router.add_get("/", respond)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://localhost:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
