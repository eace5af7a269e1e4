"""The screen that a streamer keeps open for hours: right when it is opened, and never growing."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser, CDPSession, Locator, Page, WebSocketRoute, expect

from tests.support.accounts_server import Person, signed_in, stream_key
from tests.support.audience import SHOWS, watched_server
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import Show
from tests.web.channel_house import on_air
from tests.web.signed_in_page import page_of

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

# Who tests says more than people do, and asks more often.
FLAGS: Final = ("--set", "accounts.chat.burst=1000", "--set", "accounts.api.burst=100000")
SCREEN: Final = "/dashboard/studio/live"
ANALYTICS: Final = "/dashboard/studio/analytics"
MESSAGES: Final = 12
# What a screen holds of the last minutes, and what the engine keeps for itself: code that gets
# compiled, and caches that fill. One more object for each event would be megabytes.
GROWTH_BYTES: Final = 300_000
EVENTS: Final = 4_000
ANSWERS: Final = 60
ROUNDS: Final = 4
WALKS: Final = 5
# A tip that is shown, or what waits to be collected: a chart has some hundred of each.
SPARE_NODES: Final = 60
SPARE_LISTENERS: Final = 20
TRIES: Final = 5
MINUTE_S: Final = 55
UNKNOWN: Final = "\u2013"
# A network that comes back has the page ask at once: minutes of questions, one after the other.
ASK_AGAIN: Final = """
async (times) => {
  for (let time = 0; time < times; time += 1) {
    const before = performance.getEntriesByType("resource").length;
    window.dispatchEvent(new Event("online"));
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
"""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    folder = Path(tmp_path_factory.mktemp("screen"))
    with watched_server(folder, time.time_ns() // 1_000_000, *FLAGS) as running:
        yield running


def fact(page: Page, name: str) -> Locator:
    """Find a number of the screen by what it is."""
    return page.locator("dl.facts > div").filter(has_text=name).locator("dd")


async def talk(fay: Person, times: int) -> None:
    for number in range(times):
        path = "/channels/studio/chat/messages"
        status, answer = await fay.ask("POST", path, {"text": f"message {number}"})
        assert status == 201, answer


async def follow(fay: Person) -> None:
    status, answer = await fay.ask("PUT", "/channels/studio/follow", {"notifications": "live"})
    assert status == 200, answer


async def test_a_screen_that_is_opened_late_knows_what_was_before_and_what_comes(
    browser: Browser, watched: RillcastServer, show: Show
) -> None:
    async with (
        on_air(watched, stream_key(watched), show),
        signed_in(watched, "fay") as fay,
        signed_in(watched, "ada") as ada,
        page_of(browser, watched, SCREEN, "olga") as page,
    ):
        rate, followers = fact(page, "Chat, a minute"), fact(page, "New followers")
        await expect(followers).to_have_text("+0")
        await follow(fay)
        await expect(followers).to_have_text("+1")
        for _ in range(TRIES):
            await page.goto("about:blank")
            began_s = time.monotonic()
            await talk(fay, MESSAGES)
            await page.goto(f"{watched.http_url}{SCREEN}")
            await expect(followers).to_have_text("+1")
            await expect(rate).not_to_have_text(UNKNOWN)
            known = int(await rate.inner_text())
            if time.monotonic() - began_s < MINUTE_S:  # else they are no more of the last minute
                assert known == MESSAGES
                break
        await talk(fay, 1)
        await expect(rate).to_have_text(re.compile("[1-9]"))
        await follow(ada)
        await expect(followers).to_have_text("+2")
        late = page.get_by_text("The server does not answer.")
        await page.context.set_offline(True)
        await expect(late).to_be_visible()
        began_s = time.monotonic()
        await talk(fay, MESSAGES)
        await page.context.set_offline(False)
        await expect(late).to_be_hidden()
        known = int(await rate.inner_text())
        assert known >= MESSAGES or time.monotonic() - began_s >= MINUTE_S


@dataclass
class Storm:
    """Stands between a page and its server, and says more than any server would."""

    route: WebSocketRoute | None = None

    async def watch(self, page: Page) -> None:
        def connect(route: WebSocketRoute) -> None:
            route.connect_to_server()
            self.route = route

        await page.route_web_socket("**/ws", connect)

    def blow(self, events: int) -> int:
        """Tell of hours of viewers, messages and followers, one a second by their own time.

        Returns how many viewers were told last.
        """
        assert self.route is not None
        first = next(_NUMBERS) * events
        for number in range(first, first + events):
            self.route.send(json.dumps(_event(number)))
        self.route.send(json.dumps(_event(0) | {"id": f"last-{first}", "viewers": first}))
        return first


_NUMBERS: Final = count(1)


def _event(number: int) -> dict[str, Any]:
    at = datetime.fromtimestamp(time.time() + number, UTC).isoformat()
    base = {"id": f"storm-{number}", "version": 1, "at": at, "channel": "studio"}
    match number % 3:
        case 0:
            own = {"type": "channel.viewers", "topics": ["channel:studio"], "viewers": number}
        case 1:
            own = {"type": "follower.gained", "topics": ["me"], "followerCount": number}
        case _:
            own = {"type": "chat.message", "topics": ["chat:studio"], "text": "x" * 200}
    return base | own


async def heap_bytes(devtools: CDPSession) -> int:
    """Return what is still in use once all is collected that nobody needs."""
    for _ in range(3):
        await devtools.send("HeapProfiler.collectGarbage")
    used: int = (await devtools.send("Runtime.getHeapUsage"))["usedSize"]
    return used


async def test_hours_of_a_show_leave_nothing_behind_on_the_screen(
    browser: Browser, watched: RillcastServer, show: Show
) -> None:
    storm = Storm()
    async with (
        on_air(watched, stream_key(watched), show),
        page_of(browser, watched, ANALYTICS, "olga") as page,
    ):
        await storm.watch(page)
        await page.goto(f"{watched.http_url}{SCREEN}")
        await expect(fact(page, "New followers")).to_have_text(re.compile(r"\+"))
        devtools = await page.context.new_cdp_session(page)
        sizes = []
        for _ in range(ROUNDS):
            last = storm.blow(EVENTS)
            await expect(page.locator(".count strong")).to_have_text(f"{last:,}")
            await page.evaluate(ASK_AGAIN, ANSWERS)
            sizes.append(await heap_bytes(devtools))
        # The first round fills what is bounded, such as ten minutes of viewers.
        assert max(sizes[1:]) - sizes[0] < GROWTH_BYTES, sizes


async def test_panels_and_charts_that_are_left_are_gone(
    browser: Browser, watched: RillcastServer
) -> None:
    async with page_of(browser, watched, ANALYTICS, "olga") as page:
        devtools = await page.context.new_cdp_session(page)
        chart = page.get_by_role("slider", name="Viewers and chat")
        compared = page.locator("rillcast-broadcast-comparison")

        async def walk() -> tuple[int, dict[str, int]]:
            """Go through ranges, tables, a broadcast and other pages, and come back."""
            for range_name in ("7 days", "90 days", "28 days"):
                await page.get_by_role("button", name=range_name, exact=True).click()
                await expect(chart.locator("canvas")).to_be_visible()
                await page.get_by_role("button", name="Show as table: Viewers and chat").click()
                await page.get_by_role("button", name="Show as chart: Viewers and chat").click()
                await expect(chart.locator("canvas")).to_be_visible()
            await compared.get_by_role("link", name=SHOWS[-1][3][-1]).click()
            await expect(page.get_by_role("heading", name="Best moments")).to_be_visible()
            await page.get_by_role("link", name="Analytics").last.click()
            await expect(chart.locator("canvas")).to_be_visible()
            await expect(compared.locator("tbody tr").first).to_be_visible()
            size = await heap_bytes(devtools)
            return size, await devtools.send("Memory.getDOMCounters")

        found = [await walk() for _ in range(WALKS)]
        sizes = [size for size, _ in found]
        assert max(sizes[2:]) - sizes[1] < GROWTH_BYTES, sizes
        for kind, spare in (("nodes", SPARE_NODES), ("jsEventListeners", SPARE_LISTENERS)):
            counts = [counters[kind] for _, counters in found]
            assert max(counts[2:]) - counts[1] <= spare, (kind, counts)
