"""What a streamer is told of viewers, in a browser: with an audience, without, and in trouble."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.async_api import Browser, Page, Route, ViewportSize, expect

from tests.support.accounts_server import stream_key
from tests.support.audience import SHOWS, watched_server
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import Show
from tests.web.axe import serious_issues
from tests.web.channel_house import on_air
from tests.web.signed_in_page import page_of

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

NARROW: Final[ViewportSize] = {"width": 320, "height": 640}
THEMES: Final[tuple[Literal["dark", "light"], ...]] = ("dark", "light")
ANALYTICS: Final = "/dashboard/studio/analytics"
LAST_TITLE: Final = SHOWS[-1][3][-1]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    """One server: `studio` has had an audience for weeks, `quiet` has had none."""
    folder = Path(tmp_path_factory.mktemp("watched"))
    with watched_server(folder, time.time_ns() // 1_000_000) as running:
        yield running


async def wrong_with(page: Page) -> list[str]:
    """Return what axe finds in each theme, and whether a phone would have to scroll sideways."""
    issues = []
    for theme in THEMES:
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        issues += [f"{theme}: {issue}" for issue in await serious_issues(page)]
    width_px = await page.evaluate("document.documentElement.scrollWidth")
    if width_px > NARROW["width"]:
        issues.append(f"{width_px} pixels wide")
    return issues


async def test_a_streamer_reads_weeks_by_key_as_a_table_and_as_a_file(
    browser: Browser, watched: RillcastServer
) -> None:
    async with page_of(browser, watched, f"{ANALYTICS}?range=7d", "olga") as page:
        chart = page.get_by_role("slider", name="Viewers and chat")
        await expect(chart.locator("canvas")).to_be_visible()
        await chart.focus()
        await page.keyboard.press("End")
        await page.keyboard.press("ArrowLeft")
        await expect(chart).to_have_attribute("aria-valuetext", _reading("Most at once"))
        await page.keyboard.press("+")
        await expect(page.get_by_role("button", name="Whole range")).to_be_visible()
        # What is read stays in sight when the window gets narrow, as a phone that is turned.
        size = page.viewport_size
        assert size is not None
        await page.set_viewport_size(NARROW)
        await page.wait_for_function(
            "width => document.documentElement.scrollWidth <= width", arg=NARROW["width"]
        )
        await page.set_viewport_size(size)
        await page.get_by_role("button", name="Show as table: Viewers and chat").click()
        table = page.get_by_role("table", name="Viewers and chat")
        await expect(table.get_by_role("columnheader", name="Chat messages")).to_be_visible()
        await page.get_by_role("button", name="Later rows").click()
        await expect(table.get_by_text(LAST_TITLE)).to_be_visible()
        async with page.expect_download() as expected:
            await page.get_by_role("button", name="Download CSV: Viewers and chat").click()
        download = await expected.value
        assert download.suggested_filename.startswith("studio-")
        lines = _lines_of(await download.path())
        assert lines[0] == "time,Most at once,On average,Chat messages,Title"
        assert len(lines) > 100
        await page.get_by_role("button", name="Show as table: Followers").click()
        headings = page.get_by_role("table", name="Followers").get_by_role("columnheader")
        await expect(headings).to_have_text(
            ["Time", "Followers", "New followers", "Stopped following"]
        )


async def test_another_time_is_chosen_and_stays_when_the_page_is_loaded_again(
    browser: Browser, watched: RillcastServer
) -> None:
    async with page_of(browser, watched, ANALYTICS, "olga") as page:
        await page.get_by_role("button", name="7 days", exact=True).click()
        await expect(page).to_have_url(f"{watched.http_url}{ANALYTICS}?range=7d")
        await expect(page.get_by_text("Changes are against the time before.").first).to_be_visible()
        await page.get_by_role("button", name="Last broadcast").click()
        await page.reload()
        pressed = page.get_by_role("button", name="Last broadcast")
        await expect(pressed).to_have_attribute("aria-pressed", "true")
        await page.get_by_role("button", name="Choose days").click()
        await page.get_by_label("From").fill("2026-01-02")
        await page.get_by_label("To", exact=True).fill("2026-01-01")
        await page.get_by_role("button", name="Show", exact=True).click()
        await expect(page.get_by_text("The last day is before the first.")).to_be_visible()
        await page.get_by_label("To", exact=True).fill("2026-01-03")
        await page.get_by_role("button", name="Show", exact=True).click()
        await expect(page.get_by_text("Nobody watched in this time")).to_be_visible()


async def test_broadcasts_are_sorted_and_each_leads_to_its_own_page(
    browser: Browser, watched: RillcastServer
) -> None:
    async with page_of(browser, watched, ANALYTICS, "olga") as page:
        table = page.locator("rillcast-broadcast-comparison table")
        await expect(table.locator("tbody tr")).to_have_count(len(SHOWS))
        await table.get_by_role("button", name="Length").click()
        column = table.get_by_role("columnheader", name="Length")
        await expect(column).to_have_attribute("aria-sort", "descending")
        await expect(table.locator("tbody tr").first).to_contain_text(LAST_TITLE)
        await table.get_by_role("link", name=LAST_TITLE).click()
        for heading in ("Viewers through the show", "How long people stay", "Best moments"):
            await expect(page.get_by_role("heading", name=heading)).to_be_visible()
        await expect(page.get_by_text("Chat took off").first).to_be_visible()
        await expect(page.get_by_text("the mean of the 7 broadcasts before").last).to_be_visible()


async def test_one_panel_that_fails_leaves_the_others_and_comes_back(
    browser: Browser, watched: RillcastServer
) -> None:
    async def fail(route: Route) -> None:
        problem = {"type": "about:blank", "title": "broken", "status": 500, "code": "internal"}
        await route.fulfill(
            status=500, content_type="application/problem+json", body=json.dumps(problem)
        )

    async with page_of(browser, watched, "/dashboard/studio", "olga") as page:
        await page.route("**/analytics/quality*", fail)
        await page.get_by_role("link", name="Analytics").click()
        panel = page.locator("rillcast-quality-panel")
        await expect(panel.get_by_role("alert")).to_be_visible()
        await expect(page.get_by_role("slider", name="Viewers and chat")).to_be_visible()
        await page.unroute("**/analytics/quality*")
        await panel.get_by_role("button", name="Try again").click()
        await expect(panel.get_by_role("table", name="Quality by browser")).to_be_visible()
        await panel.get_by_label("Split by").select_option("country")
        await expect(panel.get_by_role("rowheader", name="Germany")).to_be_visible()


async def test_who_has_not_been_live_is_told_so(browser: Browser, watched: RillcastServer) -> None:
    async with page_of(browser, watched, "/dashboard/quiet/analytics", "olga") as page:
        await expect(page.get_by_role("heading", name="You have not been live yet")).to_be_visible()
        await page.goto(f"{watched.http_url}/dashboard/quiet/live")
        await expect(page.get_by_text("Off air")).to_be_visible()


async def test_pages_of_figures_have_no_serious_issue(
    browser: Browser, watched: RillcastServer
) -> None:
    async with page_of(browser, watched, ANALYTICS, "olga") as page:
        await page.set_viewport_size(NARROW)
        await expect(page.get_by_role("table", name="Quality by browser")).to_be_visible()
        assert await wrong_with(page) == []
        await page.get_by_role("button", name="Show as table: Viewers and chat").click()
        await page.get_by_role("link", name=LAST_TITLE).scroll_into_view_if_needed()
        assert await wrong_with(page) == []
        await page.get_by_role("link", name=LAST_TITLE).click()
        await expect(page.get_by_role("heading", name="Best moments")).to_be_visible()
        await expect(page.get_by_role("table", name="Quality by browser")).to_be_visible()
        assert await wrong_with(page) == []


async def test_the_second_screen_tells_of_a_show_while_it_is_on(
    browser: Browser, watched: RillcastServer, show: Show
) -> None:
    async with page_of(browser, watched, "/dashboard/studio/live", "olga") as page:
        await expect(page.get_by_text("Off air")).to_be_visible()
        async with on_air(watched, stream_key(watched), show):
            await expect(page.get_by_text("watching now")).to_be_visible()
            await expect(page.get_by_text("On air for")).to_be_visible()
            await expect(page.get_by_role("status", name="Stream")).to_contain_text("Stream:")
            await page.set_viewport_size(NARROW)
            assert await wrong_with(page) == []


def _lines_of(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines()


def _reading(series: str) -> re.Pattern[str]:
    return re.compile(rf"^\d+ \w+ \d{{4}}, \d\d:\d\d: {series} ")
