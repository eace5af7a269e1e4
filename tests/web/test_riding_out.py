"""Whatever happens to a show, the page goes on by itself: no reload, no error, never black."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from ingest.media import Codec
from tests.support.port import free_port
from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.support.rtmp_publisher import (
    AudioSettings,
    RtmpPublisher,
    Show,
    VideoSettings,
    make_show,
)
from tests.web.chromium import STATE_LIMIT_MS, expect_moving_picture, expect_state, opened
from tests.web.state_log import StateLog, watch_states

# One browser at a time: two would starve each other on a small machine.
pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

LARGE, SMALL = (
    VideoSettings(width_px=640, height_px=360),
    VideoSettings(width_px=320, height_px=180),
)
SOUND = AudioSettings()
OTHER_SOUND = AudioSettings(sample_rate_hz=44_100, channel_layout="mono")
FIRST_S = 8
HOUR_MS = 3_600_000
STOP_LIMIT_S = 180
# What a viewer may see while a show goes on. Not among them: "error", "ended", "offline".
CALM = {"playing", "buffering", "loading", "starting", "interrupted", "unreachable"}


@asynccontextmanager
async def sending(publisher: RtmpPublisher, show: Show, from_ms: int = 0) -> AsyncIterator[None]:
    """Send until the block ends, or the server does."""
    task = asyncio.create_task(publisher.send(show, realtime=True, duration_s=580, from_ms=from_ms))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def on_air(server: RillcastServer, channel: str, show: Show) -> AsyncIterator[RtmpPublisher]:
    """Publish until the block ends; the connection then breaks without a goodbye."""
    publisher = RtmpPublisher(f"{server.rtmp_url}/{channel}")
    async with publisher:
        async with sending(publisher, show):
            yield publisher
        publisher.cut()


@contextmanager
def server_at(folder: Path, http_port: int, rtmp_port: int) -> Iterator[RillcastServer]:
    """Run a server on these ports and with what the last one left in this folder."""
    http, rtmp = f"127.0.0.1:{http_port}", f"127.0.0.1:{rtmp_port}"
    with rillcast_server(folder, "--open", "--http", http, "--rtmp", rtmp) as server:
        yield server


async def expect_height(page: Page, height_px: int) -> None:
    video = page.locator("rillcast-player video")
    await expect(video).to_have_js_property("videoHeight", height_px, timeout=STATE_LIMIT_MS)


async def expect_calm(page: Page, log: StateLog) -> None:
    """Expect that the picture goes on, and that it was calm up to now."""
    await expect_state(page, "playing")
    await expect_moving_picture(page)
    states = await log.states()
    assert set(states) <= CALM, states
    assert await log.black_frames() == 0, states


CHANGES = {
    "a smaller picture": ((LARGE, SOUND), (SMALL, SOUND)),
    "another codec": ((LARGE, SOUND), (VideoSettings(Codec.VP9), SOUND)),
    "other sound": ((LARGE, SOUND), (SMALL, OTHER_SOUND)),
    "no sound any more": ((LARGE, SOUND), (SMALL, None)),
    "sound where none was": ((LARGE, None), (SMALL, SOUND)),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_an_encoder_that_changes_in_mid_show_is_followed(
    server: RillcastServer, browser: Browser, change: str
) -> None:
    before, after = CHANGES[change]
    channel = change.replace(" ", "-")
    async with (
        opened(browser, f"{server.http_url}/{channel}") as page,
        RtmpPublisher(f"{server.rtmp_url}/{channel}") as publisher,
    ):
        first = asyncio.create_task(
            publisher.send(make_show(*before), realtime=True, duration_s=FIRST_S)
        )
        await expect_state(page, "playing")
        log = await watch_states(page)
        from_ms = await first
        async with sending(publisher, make_show(*after), from_ms):
            await expect_height(page, SMALL.height_px)
            await expect_calm(page, log)


async def test_an_encoder_whose_clock_jumps_is_followed(
    server: RillcastServer, browser: Browser, show: Show
) -> None:
    async with (
        opened(browser, f"{server.http_url}/clock") as page,
        RtmpPublisher(f"{server.rtmp_url}/clock") as publisher,
    ):
        first = asyncio.create_task(publisher.send(show, realtime=True, duration_s=FIRST_S))
        await expect_state(page, "playing")
        log = await watch_states(page)
        from_ms = await first + HOUR_MS
        async with sending(publisher, show, from_ms):
            # More than what was buffered before the jump.
            for _ in range(8):
                await expect_moving_picture(page)
            await expect_calm(page, log)


async def test_a_publisher_that_takes_over_is_followed(
    server: RillcastServer, browser: Browser, show: Show
) -> None:
    async with (
        opened(browser, f"{server.http_url}/taken") as page,
        on_air(server, "taken", show),
    ):
        await expect_state(page, "playing")
        log = await watch_states(page)
        async with on_air(server, "taken", make_show(SMALL, SOUND)):
            await expect_height(page, SMALL.height_px)
            await expect_calm(page, log)


async def test_a_lost_publisher_is_awaited_over_the_last_picture(
    server: RillcastServer, browser: Browser, show: Show
) -> None:
    async with opened(browser, f"{server.http_url}/lost") as page:
        async with on_air(server, "lost", show):
            await expect_state(page, "playing")
            log = await watch_states(page)
        await expect_state(page, "interrupted")
        notice = page.get_by_role("heading", name="connection dropped")
        await expect(notice).to_be_visible()
        async with on_air(server, "lost", show):
            await expect_calm(page, log)
            await expect(notice).to_have_count(0)


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "drained"])
async def test_a_server_that_comes_back_is_awaited_over_the_last_picture(
    tmp_path: Path, browser: Browser, show: Show, stop: signal.Signals
) -> None:
    ports = free_port(), free_port()
    with server_at(tmp_path, *ports) as server:
        async with on_air(server, "restarted", show):
            page = await browser.new_page()
            page.set_default_timeout(STATE_LIMIT_MS)
            await page.goto(f"{server.http_url}/restarted")
            await expect_state(page, "playing")
            log = await watch_states(page)
            server.process.send_signal(stop)
            await asyncio.to_thread(server.process.wait, STOP_LIMIT_S)
        await expect_state(page, "unreachable")
        notice = page.get_by_role("heading", name="Reconnecting to the stream…")
        await expect(notice).to_be_visible()
    with server_at(tmp_path, *ports) as server:
        async with on_air(server, "restarted", show):
            await expect_calm(page, log)
            await expect(notice).to_have_count(0)
            await page.close()
