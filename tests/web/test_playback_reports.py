"""What a real browser tells of its playback: it arrives, adds up, and stops when it is told to."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, Page, Request, expect

from tests.analytics.quality.test_beacons import SUMS, body
from tests.support.accounts_server import accounts_server, signed_in
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import Show
from tests.web.channel_house import make_channel, on_air
from tests.web.chromium import STATE_LIMIT_MS, expect_moving_picture, expect_state
from tests.web.signed_in_page import page_of

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

FIRST_LIMIT_MS = 90_000  # the first comes after 5 to 12 s
FLUSH_LOOKS = 60


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    """One server on which Olga has channels."""
    folder = Path(tmp_path_factory.mktemp("people"))
    with accounts_server(folder, "--set", "accounts.channels.per_account=20") as running:
        yield running


class Heard:
    """What a page sends: its beacons, and which requests for media say something."""

    def __init__(self, page: Page) -> None:
        self.beacons: list[dict[str, Any]] = []
        self.said: list[str] = []
        self.media_count = 0
        self.sessions: set[str] = set()
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.url.endswith("/api/beacon"):
            assert "cookie" not in request.headers
            self.beacons.append(json.loads(request.post_data or ""))
        elif "/live/" in request.url:
            self.media_count += 1
            found = re.search(r"[?&]s=([^&]+)", request.url)
            self.sessions |= set() if found is None else {found[1]}
            said = [text for name, text in request.headers.items() if name.startswith("cmcd-")]
            self.said.append(",".join(said))
            assert "CMCD" not in request.url


async def quality_of(server: RillcastServer, channel: str) -> dict[str, Any]:
    async with signed_in(server, "olga") as olga:
        path = f"/channels/{channel}/analytics/quality?step=minute&by=player"
        status, answer = await olga.ask("GET", path)
        assert status == 200, answer
        return dict(answer)


async def test_beacons_and_cmcd_of_a_browser_arrive_and_add_up(
    browser: Browser, people: RillcastServer, show: Show
) -> None:
    channel = await make_channel(people, "measured")
    async with on_air(people, channel.key, show):
        page = await browser.new_page()
        page.set_default_timeout(STATE_LIMIT_MS)
        heard = Heard(page)
        async with page.expect_request("**/api/beacon", timeout=FIRST_LIMIT_MS):
            await page.goto(f"{people.http_url}/{channel.name}")
            await expect_state(page, "playing")
            await expect_moving_picture(page)
        await page.goto("about:blank")
        await page.close()
        last = heard.beacons[-1]["total"]
        for _ in range(FLUSH_LOOKS):
            quality = await quality_of(people, channel.name)
            if quality["total"]["watchedMs"] >= last["watchedMs"]:
                break
            await asyncio.sleep(0.5)
    total = quality["total"]
    assert total["sessions"] == 1
    # What a page says as it goes arrives, but Chromium does not always tell its debugger.
    assert 3_000 < last["watchedMs"] <= total["watchedMs"] < last["watchedMs"] + 5_000
    if total["watchedMs"] == last["watchedMs"]:  # else there was one more, which was not heard
        assert total["stalls"] == last["stalls"]
        assert total["stalledMs"] == last["stalledMs"]
    assert total["stalls"] >= last["stalls"]
    assert total["stalledMs"] >= last["stalledMs"]
    assert total["fatalErrors"] == 0
    assert total["startupMs"]["p50"] == pytest.approx(last["startupMs"], rel=0.05, abs=1)
    assert 0 < total["latencyMs"]["p50"] < 60_000
    assert total["bitrateBps"] > 0
    assert last["decodedFrames"] > 0
    assert len(heard.sessions) == 1
    assert {beacon["session"] for beacon in heard.beacons} == heard.sessions
    said = [text for text in heard.said if text]
    assert total["cmcd"]["requests"] == pytest.approx(len(said), abs=3)  # those under way
    assert len(said) > 0.8 * heard.media_count
    assert total["cmcd"]["bufferMs"] is not None
    assert not any("sid" in text or "cid" in text or "nor" in text for text in said)
    (group,) = quality["groups"]
    assert (group["value"], group["watchedMs"]) == ("hls.js", total["watchedMs"])


async def test_only_who_may_watch_tells_of_a_private_show_and_each_time_it_is_loaded_once(
    browser: Browser, people: RillcastServer, show: Show
) -> None:
    channel = await make_channel(people, "closed", visibility="private")
    hour = SUMS | {"watchedMs": 3_600_000}
    async with (
        on_air(people, channel.key, show),
        page_of(browser, people, f"/{channel.name}", "olga") as page,
    ):
        heard = Heard(page)
        async with page.expect_request("**/api/beacon", timeout=FIRST_LIMIT_MS):
            await expect_state(page, "playing")
        await page.reload()
        await expect_state(page, "playing")
        await expect_moving_picture(page)
        async with page.expect_request("**/api/beacon", timeout=FIRST_LIMIT_MS):
            pass
        async with ClientSession(people.http_url) as stranger:
            for made_up in ("AAAAAAAAAAAA", "0123456789abcdef01234567"):
                said = body(session=made_up, channel=channel.name, total=hour)
                async with stranger.post("/api/beacon", data=said) as answer:
                    assert (answer.status, await answer.read()) == (204, b"")
        for _ in range(FLUSH_LOOKS):
            quality = await quality_of(people, channel.name)
            if quality["total"]["sessions"] == 2:
                break
            await asyncio.sleep(0.5)
    assert quality["total"]["sessions"] == 2
    assert 0 < quality["total"]["watchedMs"] < 3_600_000
    assert len(heard.sessions) == 2
    assert {beacon["session"] for beacon in heard.beacons} == heard.sessions


async def test_a_viewer_may_say_no(browser: Browser, people: RillcastServer, show: Show) -> None:
    channel = await make_channel(people, "unmeasured")
    async with on_air(people, channel.key, show):
        page = await browser.new_page()
        page.set_default_timeout(STATE_LIMIT_MS)
        await page.goto(f"{people.http_url}/{channel.name}")
        await expect_state(page, "playing")
        await page.get_by_role("button", name="Picture quality").click()
        item = page.get_by_role("menuitemcheckbox", name="Report playback quality")
        await expect(item).to_have_attribute("aria-checked", "true")
        await item.click()
        await expect(item).to_have_attribute("aria-checked", "false")
        heard = Heard(page)
        await page.reload()
        await expect_state(page, "playing")
        await expect_moving_picture(page)
        await page.goto("about:blank")
        await page.close()
    assert heard.media_count > 0
    assert heard.beacons == []
    assert not any(heard.said)


# A browser that leaves playing to its system, as an iPhone does.
SYSTEM_PLAYER = """
delete window.MediaSource; delete window.ManagedMediaSource; delete window.WebKitMediaSource;
HTMLMediaElement.prototype.canPlayType = () => "maybe";
"""


async def test_who_watches_in_the_system_s_player_may_say_no_too(
    browser: Browser, people: RillcastServer, show: Show
) -> None:
    channel = await make_channel(people, "systemic")
    async with on_air(people, channel.key, show):
        page = await browser.new_page()
        page.set_default_timeout(STATE_LIMIT_MS)
        await page.add_init_script(SYSTEM_PLAYER)
        await page.goto(f"{people.http_url}/{channel.name}")
        settings = page.get_by_role("button", name="Playback settings")
        await settings.press("Enter")
        item = page.get_by_role("menuitemcheckbox", name="Report playback quality")
        await expect(item).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(item).to_have_attribute("aria-checked", "false")
        await page.keyboard.press("Escape")
        await expect(settings).to_be_focused()
        await page.reload()
        await settings.press("Enter")
        await expect(item).to_have_attribute("aria-checked", "false")
        await expect(item).to_be_focused()
        await page.close()
