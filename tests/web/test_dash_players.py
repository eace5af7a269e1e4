"""dash.js and Shaka Player in Chromium, as they come, play our DASH live and ride out a loss."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from packager.dash.manifest import AVAILABLE_FROM_UNIX_MS
from tests.e2e.matrix.load_watch import LoadWatch
from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.support.viewer import viewer
from tests.web.chromium import STATE_LIMIT_MS
from tests.web.demo_encoder import demo_encoder
from tests.web.player_pages import (
    PlayerName,
    expect_new_pictures,
    expect_sight_within,
    faults_of,
    player_pages,
)

# One browser at a time: two would starve each other on a small machine.
pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(900),  # each looks several times
]

LIVE_WITHIN_MS = 1_500
ATTEMPTS = 20
CALM_S = 42
# Shaka hurries back to half a second more than its target, and stays there.
BACK_WITHIN_MS = {"dashjs": 1_500, "shaka": 2_400}


PLAY_ON = """
async ([video, seconds]) => {
  const end = video.currentTime + seconds;
  let waits = 0;
  video.addEventListener("waiting", () => { waits += 1; });
  while (video.currentTime < end && waits === 0) {
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  return waits;
}
"""


async def expect_calm(
    page: Page, server: RillcastServer, seconds: float, attempts: int = 4
) -> None:
    """Watch until so much media was played without a wait for more of it.

    A busy machine makes every player wait; one that hurries ahead waits on an idle one, too.
    """
    video = await page.locator("video").element_handle()
    idle_waits = 0
    for _ in range(attempts):
        load = LoadWatch(server.process.pid)
        watching = asyncio.create_task(load.run())
        waits = await page.evaluate(PLAY_ON, [video, seconds])
        watching.cancel()
        if waits == 0:
            return
        idle_waits += not load.was_busy
    assert idle_waits == 0, f"never {seconds} s without a wait in {attempts} attempts"


@pytest.mark.parametrize("player", ["dashjs", "shaka"])
async def test_it_comes_within_one_and_a_half_seconds_and_stays_there_without_a_stall(
    server: RillcastServer, browser: Browser, player: PlayerName
) -> None:
    channel = f"calm-{player}"
    async with player_pages() as pages:
        page = await browser.new_page()
        page.set_default_timeout(STATE_LIMIT_MS)
        with demo_encoder(server, channel):
            async with viewer(server.live_url(channel)) as watching:
                await watching.wait_for_segment("video", 3)
            await page.goto(pages.address(player, f"{server.http_url}/live/{channel}/manifest.mpd"))
            await expect_sight_within(page, server, LIVE_WITHIN_MS, ATTEMPTS)
            await expect_calm(page, server, CALM_S)
            assert await faults_of(page) == []
        await page.close()


async def test_shaka_goes_by_the_clock_and_knows_the_date(
    server: RillcastServer, browser: Browser
) -> None:
    """Not by the segments that are listed ahead: it took them for live, and hurried after them."""
    async with player_pages() as pages:
        page = await browser.new_page()
        page.set_default_timeout(STATE_LIMIT_MS)
        with demo_encoder(server, "clock"):
            async with viewer(server.live_url("clock")) as watching:
                await watching.wait_for_segment("video", 3)
            await page.goto(pages.address("shaka", f"{server.http_url}/live/clock/manifest.mpd"))
            await expect_new_pictures(page)
            start_ms = await page.evaluate("player.getPresentationStartTimeAsDate().getTime()")
            assert start_ms == AVAILABLE_FROM_UNIX_MS
            for _ in range(ATTEMPTS):  # a busy machine makes the manifest late for a while
                ahead_ms, behind_ms = await page.evaluate(
                    """[
                      player.getPlayheadTimeAsDate() - Date.now(),
                      Date.now() - player.getPresentationStartTimeAsDate()
                        - player.seekRange().end * 1000,
                    ]"""
                )
                if -60_000 < ahead_ms < 0 < behind_ms < LIVE_WITHIN_MS:
                    break
                await asyncio.sleep(1)
            assert -60_000 < ahead_ms < 0
            assert 0 < behind_ms < LIVE_WITHIN_MS
        await page.close()


HAS_ENDED = "() => document.querySelector('video').ended"
SEEKABLE: dict[PlayerName, str] = {
    "dashjs": "({ start: 0, end: player.duration() })",
    "shaka": "player.seekRange()",
}


async def test_show_that_ends_ends_for_who_follows_it_and_is_a_recording_for_others(
    tmp_path: Path, browser: Browser
) -> None:
    with rillcast_server(tmp_path, "--open", "--set", "packager.grace_s=0") as server:
        address = f"{server.http_url}/live/end/manifest.mpd"
        async with player_pages() as pages, viewer(server.live_url("end")) as watching:
            followers = {player: await browser.new_page() for player in SEEKABLE}
            with demo_encoder(server, "end"):
                await watching.wait_for_segment("video", 3)
                for player, page in followers.items():
                    await page.goto(pages.address(player, address))
                    await expect_new_pictures(page)
            for page in followers.values():
                await page.wait_for_function(HAS_ENDED)
                assert await faults_of(page) == []
            _, recording = await watching.get(address)
            duration = re.search(rb'mediaPresentationDuration="PT([0-9.]+)S"', recording)
            assert duration is not None
            for player, page in followers.items():
                await page.goto(pages.address(player, address))
                await page.wait_for_function("document.querySelector('video').currentTime > 0.5")
                seekable = await page.evaluate(SEEKABLE[player])
                assert seekable["start"] < 0.1
                assert seekable["end"] == pytest.approx(float(duration[1]), abs=0.1)
                assert await faults_of(page) == []
                await page.close()


@pytest.mark.parametrize("player", ["dashjs", "shaka"])
async def test_it_survives_a_lost_publisher_and_comes_back_to_live(
    server: RillcastServer, browser: Browser, player: PlayerName
) -> None:
    channel = f"lost-{player}"
    async with player_pages() as pages:
        page = await browser.new_page()
        page.set_default_timeout(STATE_LIMIT_MS)
        with demo_encoder(server, channel) as lost:
            async with viewer(server.live_url(channel)) as watching:
                await watching.wait_for_segment("video", 3)
            await page.goto(pages.address(player, f"{server.http_url}/live/{channel}/manifest.mpd"))
            await expect_new_pictures(page)
            lost.kill()
        with demo_encoder(server, channel):
            await expect_new_pictures(page)
            await expect_sight_within(page, server, BACK_WITHIN_MS[player], ATTEMPTS)
            assert await faults_of(page) == []
        await page.close()
