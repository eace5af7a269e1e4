"""A viewer's browser at the real server: what it plays and tells while a show comes and goes."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from ingest.media import Codec
from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.support.rtmp_publisher import (
    AudioSettings,
    RtmpPublisher,
    Show,
    VideoSettings,
    make_show,
)
from tests.web.chromium import STATE_LIMIT_MS, chromium, expect_moving_picture, expect_state, opened

# One browser at a time: two would starve each other on a small machine.
pytestmark = [pytest.mark.real, pytest.mark.xdist_group("browser")]

# More than the two seconds that the server promises: test machines are slow.
LATENCY_LIMIT_MS = 6_000


@asynccontextmanager
async def on_air(server: RillcastServer, channel: str, show: Show) -> AsyncIterator[RtmpPublisher]:
    """Publish until the block ends, then say goodbye."""
    async with RtmpPublisher(f"{server.rtmp_url}/{channel}") as publisher:
        sending = asyncio.create_task(publisher.send(show, realtime=True, duration_s=580))
        try:
            yield publisher
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


async def latency_ms(page: Page) -> int:
    """Return what the player tells, or -1."""
    player = page.locator("rillcast-player")
    return int(await player.get_attribute("data-latency-ms") or "-1")


async def test_a_live_show_plays_with_sound_and_shows_how_far_behind_it_is(
    server: RillcastServer, show: Show
) -> None:
    async with (
        on_air(server, "sound", show),
        chromium() as browser,
        opened(browser, f"{server.http_url}/sound") as page,
    ):
        await expect_state(page, "playing")
        await expect_moving_picture(page)
        player = page.locator("rillcast-player")
        await expect(player).to_have_attribute("data-autoplay", "playing")
        await expect(player).to_have_attribute("data-latency-ms", re.compile(r"\d+"))
        async with asyncio.timeout(STATE_LIMIT_MS / 1000):  # a busy machine is late for a while
            while not 0 < await latency_ms(page) < LATENCY_LIMIT_MS:  # noqa: ASYNC110 - the page's
                await asyncio.sleep(0.5)
        assert not await page.locator("rillcast-player video").evaluate("video => video.muted")


async def test_a_page_that_waits_starts_by_itself_and_tells_the_end(
    server: RillcastServer, show: Show
) -> None:
    async with (
        chromium() as browser,
        opened(browser, f"{server.http_url}/waiting") as page,
    ):
        await expect_state(page, "offline")
        async with on_air(server, "waiting", show):
            await expect_state(page, "playing")
        await expect_state(page, "ended")
        async with on_air(server, "waiting", show):
            await expect_state(page, "playing")
            await expect_moving_picture(page)


async def test_a_dropped_streamer_is_awaited_and_the_picture_goes_on(
    server: RillcastServer, show: Show
) -> None:
    async with (
        chromium() as browser,
        opened(browser, f"{server.http_url}/dropped") as page,
    ):
        async with on_air(server, "dropped", show) as publisher:
            await expect_state(page, "playing")
            publisher.cut()
            await expect_state(page, "interrupted")
        async with on_air(server, "dropped", show):
            await expect_state(page, "playing")
            await expect_moving_picture(page)


async def test_a_viewer_who_loses_the_network_is_told_and_comes_back(
    server: RillcastServer, show: Show
) -> None:
    async with (
        on_air(server, "network", show),
        chromium() as browser,
        opened(browser, f"{server.http_url}/network") as page,
    ):
        await expect_state(page, "playing")
        await page.context.set_offline(offline=True)
        await expect_state(page, "unreachable")
        await page.context.set_offline(offline=False)
        await expect_state(page, "playing")
        await expect_moving_picture(page)


async def test_without_a_gesture_it_plays_muted_and_a_tap_brings_the_sound(
    server: RillcastServer, show: Show
) -> None:
    async with (
        on_air(server, "muted", show),
        chromium("user-gesture-required") as browser,
        opened(browser, f"{server.http_url}/muted") as page,
    ):
        # Every question that Playwright asks a page counts as a gesture, so none is asked before
        # the player has loaded more than it needs to begin.
        for _ in range(20):
            await page.wait_for_event("response", lambda response: "/part-" in response.url)
        await expect_state(page, "playing")
        player = page.locator("rillcast-player")
        await expect(player).to_have_attribute("data-autoplay", "muted")
        await page.get_by_role("button", name="Tap to unmute").click()
        await expect(page.get_by_role("button", name="Tap to unmute")).to_have_count(0)
        assert not await player.locator("video").evaluate("video => video.muted")
        await expect_moving_picture(page)


async def test_a_codec_that_the_browser_lacks_is_named(server: RillcastServer) -> None:
    show = make_show(VideoSettings(codec=Codec.HEVC), AudioSettings())
    async with (
        on_air(server, "codec", show),
        chromium() as browser,
        opened(browser, f"{server.http_url}/codec") as page,
    ):
        await expect_state(page, "error")
        await expect(page.get_by_role("heading", name="cannot play H.265")).to_be_visible()


async def test_a_show_of_sound_alone_plays(server: RillcastServer) -> None:
    async with (
        on_air(server, "radio", make_show(None, AudioSettings())),
        chromium() as browser,
        opened(browser, f"{server.http_url}/radio") as page,
    ):
        await expect_state(page, "playing")
        await expect_moving_picture(page)


async def test_a_pause_keeps_the_place_and_the_badge_leads_back_to_live(
    server: RillcastServer, show: Show
) -> None:
    async with (
        on_air(server, "paused", show),
        chromium() as browser,
        opened(browser, f"{server.http_url}/paused") as page,
    ):
        await expect_state(page, "playing")
        player = page.locator("rillcast-player")
        await page.keyboard.press("k")
        await expect_state(page, "paused")
        await expect(player).to_have_attribute("data-at-edge", "false", timeout=STATE_LIMIT_MS)
        await page.get_by_role("button", name="Go to live").click()
        await expect_state(page, "playing")
        await expect(player).to_have_attribute("data-at-edge", "true", timeout=STATE_LIMIT_MS)
        await expect_moving_picture(page)


async def test_the_player_is_worked_by_keyboard(server: RillcastServer, show: Show) -> None:
    async with (
        on_air(server, "keys", show),
        chromium() as browser,
        opened(browser, f"{server.http_url}/keys") as page,
    ):
        await expect_state(page, "playing")
        await page.keyboard.press("m")
        await expect(page.get_by_role("button", name="Unmute")).to_be_attached()
        await page.keyboard.press("i")
        await expect(page.get_by_role("region", name="Statistics")).to_be_visible()
        await page.keyboard.press("i")
        await expect(page.get_by_role("region", name="Statistics")).to_have_count(0)
        await page.get_by_role("button", name="Picture quality").press("Enter")
        await expect(page.get_by_role("menuitemradio", name="Auto")).to_be_focused()
        await page.keyboard.press("ArrowDown")
        await expect(page.get_by_role("menuitemradio", name=re.compile("^360p30"))).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Picture quality")).to_be_focused()


async def test_a_viewer_chooses_among_the_pictures_of_a_show(server: RillcastServer) -> None:
    sizes = ((640, 360), (320, 180))
    videos = [VideoSettings(width_px=width, height_px=height) for width, height in sizes]
    async with (
        on_air(server, "choice", make_show(videos, AudioSettings())),
        chromium() as browser,
        opened(browser, f"{server.http_url}/choice") as page,
    ):
        await expect_state(page, "playing")
        video = page.locator("rillcast-player video")
        for name, height in (("180p30", 180), ("360p30", 360)):
            await page.get_by_role("button", name="Picture quality").press("Enter")
            choice = page.get_by_role("menuitemradio", name=re.compile(f"^{name}"))
            await choice.press("Enter")
            await expect(video).to_have_js_property("videoHeight", height, timeout=STATE_LIMIT_MS)
            await expect_moving_picture(page)


async def test_controls_that_have_gone_come_back_for_the_tab_key(
    server: RillcastServer, show: Show
) -> None:
    async with (
        on_air(server, "tab", show),
        chromium() as browser,
        opened(browser, f"{server.http_url}/tab") as page,
    ):
        await expect_state(page, "playing")
        controls = page.get_by_role("group", name="Player controls")
        await expect(controls).to_have_css("opacity", "0", timeout=STATE_LIMIT_MS)
        await page.get_by_role("button", name="Go live", exact=True).focus()
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name="Pause")).to_be_focused()
        await expect(controls).to_have_css("opacity", "1")


async def test_the_home_page_tells_how_to_go_live_and_then_lists_the_show(
    tmp_path: Path, show: Show
) -> None:
    with rillcast_server(tmp_path, "--open") as server:
        async with (
            chromium() as browser,
            opened(browser, server.http_url) as page,
        ):
            guide = page.get_by_role("region", name="Nobody is on air")
            await expect(guide.get_by_text(server.rtmp_url, exact=True)).to_be_visible()
            await expect(guide.get_by_text("This server is open")).to_be_visible()
            async with on_air(server, "listed", show):
                await page.get_by_role("link", name="listed").click(timeout=STATE_LIMIT_MS)
                await expect(page).to_have_url(f"{server.http_url}/listed")
                await expect_state(page, "playing")


async def test_the_addresses_for_other_players_are_on_the_page(server: RillcastServer) -> None:
    async with chromium() as browser, opened(browser, f"{server.http_url}/elsewhere") as page:
        await page.get_by_text("Watch elsewhere").click()
        for name in ("index.m3u8", "manifest.mpd"):
            address = f"{server.http_url}/live/elsewhere/{name}"
            await expect(page.get_by_text(address, exact=True)).to_be_visible()


async def test_an_address_that_is_no_channel_is_not_found(server: RillcastServer) -> None:
    async with chromium() as browser, opened(browser, server.http_url) as page:
        await page.evaluate(
            "history.pushState(null, '', '/a/b'); dispatchEvent(new Event('popstate'))"
        )
        await expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
