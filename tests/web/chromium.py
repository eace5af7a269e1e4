"""A real Chromium that opens our pages, and fails the test when one of them complains."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

# Debian's own browser: Playwright's does not decode H.264 and AAC.
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--no-zygote",  # a zygote outlives a browser that crashes, and spins
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STATE_LIMIT_MS = 60_000
START_LIMIT_MS = 180_000

AutoplayPolicy = Literal["no-user-gesture-required", "user-gesture-required"]


@asynccontextmanager
async def chromium(
    autoplay: AutoplayPolicy = "no-user-gesture-required",
) -> AsyncIterator[Browser]:
    """Run a browser with this policy for sound before the first gesture."""
    # On a machine that encodes as well, an answer may take longer than the five seconds usual here.
    expect.set_options(timeout=STATE_LIMIT_MS)
    playwright = await async_playwright().start()
    try:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, f"--autoplay-policy={autoplay}"],
            timeout=START_LIMIT_MS,
        )
        try:
            yield browser
        finally:
            await browser.close()
    finally:
        await playwright.stop()


@asynccontextmanager
async def opened(browser: Browser, url: str) -> AsyncIterator[Page]:
    """Open a page. What its scripts or its security policy complain about fails the test."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A request that failed is the network's complaint, and often what a test is about.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    page = await browser.new_page()
    page.set_default_timeout(STATE_LIMIT_MS)
    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(url)
    try:
        yield page
    finally:
        await page.close()
    assert complaints == []


async def expect_state(page: Page, state: str) -> None:
    """Wait until the player says that it is in this state."""
    player = page.locator("rillcast-player")
    await expect(player).to_have_attribute("data-state", state, timeout=STATE_LIMIT_MS)


async def expect_moving_picture(page: Page) -> None:
    """Wait until the picture has gone on by half a second of media."""
    video = page.locator("rillcast-player video")
    started_s = await video.evaluate("video => video.currentTime")
    handle = await video.element_handle()
    await page.wait_for_function(
        "([video, from]) => video.currentTime > from + 0.5",
        arg=[handle, started_s],
        timeout=STATE_LIMIT_MS,
    )
