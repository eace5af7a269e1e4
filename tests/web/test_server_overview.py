"""An administrator watches over the server, in a browser, and ends a show."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Route, ViewportSize, expect

from tests.support.accounts_server import accounts_server
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import Show
from tests.web.axe import serious_issues
from tests.web.channel_house import make_channel, on_air
from tests.web.signed_in_page import page_of

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]
PHONE: ViewportSize = {"width": 360, "height": 740}
AWAY = {"type": "about:blank", "title": "", "status": 503, "code": "unavailable"}


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    with accounts_server(Path(tmp_path_factory.mktemp("watched"))) as running:
        yield running


async def test_the_overview_shows_the_server_and_who_is_on_air(
    browser: Browser, watched: RillcastServer, show: Show
) -> None:
    channel = await make_channel(watched, "evening", title="Evening")
    async with (
        on_air(watched, channel.key, show),
        page_of(browser, watched, "/admin", "ada") as page,
    ):
        figures = page.locator("rillcast-admin-overview .figures")
        await expect(figures.get_by_text("SQLite, never away")).to_be_visible()
        row = page.get_by_role("row").filter(has=page.get_by_role("link", name=channel.name))
        await expect(row).to_contain_text("bit/s")
        await expect(page.get_by_role("cell", name="Warning", exact=True).first).to_be_visible()
        await expect(page.get_by_role("heading", name="Queues", exact=True)).to_be_visible()
        await page.get_by_label("Order").select_option("By name")
        await expect(row).to_be_visible()
        # The first figures of the last hour come after ten seconds.
        chart = page.get_by_role("figure", name="Bandwidth")
        await expect(chart.get_by_role("slider")).to_be_visible()
        await expect(chart.locator("canvas").first).to_be_visible()
        await page.emulate_media(reduced_motion="reduce")
        assert await serious_issues(page) == []
        await page.set_viewport_size(PHONE)
        assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        await row.get_by_role("button", name="End the show").click()
        await page.get_by_role("dialog").get_by_role("button", name="End the show").click()
        await expect(
            page.get_by_text(f"The show on {channel.name} has been ended.")
        ).to_be_visible()
        await expect(page.get_by_text("Nobody is on air")).to_be_visible()


async def test_a_server_that_does_not_answer_is_said_to_and_asked_again(
    browser: Browser, watched: RillcastServer
) -> None:
    async def refuse(route: Route) -> None:
        await route.fulfill(status=503, json=AWAY, content_type="application/problem+json")

    async with page_of(browser, watched, "/admin/people", "ada") as page:
        await page.route("**/api/v1/admin/overview", refuse)
        await page.get_by_role("link", name="Overview").click()
        failed = page.get_by_role("alert")
        await expect(failed).to_be_visible()
        await page.unroute("**/api/v1/admin/overview")
        await failed.get_by_role("button").click()
        await expect(page.locator("rillcast-admin-overview .figures")).to_be_visible()
        await page.route("**/api/v1/admin/overview", refuse)
        await expect(page.get_by_text("These figures are the last that came.")).to_be_visible()
        await expect(page.locator("rillcast-admin-overview .figures")).to_be_visible()
