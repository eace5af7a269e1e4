"""A streamer tests a set-up, and sees how good the stream is while live and afterwards."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.support.accounts_server import accounts_server
from tests.support.encoder import encoder, ffmpeg_command
from tests.support.rillcast_server import RillcastServer
from tests.web.axe import serious_issues
from tests.web.channel_house import make_channel
from tests.web.signed_in_page import page_of

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

NARROW: ViewportSize = {"width": 320, "height": 640}
GRADE_LIMIT_MS: Final = 90_000


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    """One server, whose tests are short; Olga has channels."""
    folder = Path(tmp_path_factory.mktemp("people"))
    flags = ("accounts.channels.per_account=20", "analytics.preflight.measure_s=15")
    words = [word for flag in flags for word in ("--set", flag)]
    with accounts_server(folder, *words) as running:
        yield running


async def address_of(page: Page) -> str:
    """Return where to publish for the test that the page shows."""
    fields = page.locator("rillcast-set-up-test rillcast-secret-field code")
    await expect(fields).to_have_count(2)
    server, key = [(await field.inner_text()).strip() for field in await fields.all()]
    assert key.startswith("rct_")
    return f"{server}/{key}"


async def issues_of(page: Page) -> list[str]:
    """Return what axe finds in both themes on a phone, and whether the page is too wide for it."""
    size = page.viewport_size
    await page.set_viewport_size(NARROW)
    issues = []
    for theme in ("dark", "light"):
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        issues += await serious_issues(page)
    width_px = await page.evaluate("document.documentElement.scrollWidth")
    if width_px > NARROW["width"]:
        issues.append(f"{width_px} pixels wide")
    if size is not None:
        await page.set_viewport_size(size)
    return issues


async def test_a_set_up_is_tested_without_going_live(
    browser: Browser, people: RillcastServer
) -> None:
    channel = await make_channel(people, "tested")
    async with page_of(browser, people, f"/dashboard/{channel.name}", "olga") as page:
        await page.get_by_role("link", name="Test your set-up without going live").click()
        await expect(page.get_by_role("heading", name="Test my set-up")).to_be_visible()
        assert await issues_of(page) == []
        begin = page.get_by_role("button", name="Make a test key")
        await begin.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Waiting for your encoder")).to_be_visible()
        await expect(page.get_by_role("heading", name="Test my set-up")).to_be_focused()
        url = await address_of(page)
        assert await issues_of(page) == []
        with encoder(ffmpeg_command(url, gop_frames=150)):
            measuring = page.get_by_role("heading", name="Measuring your stream")
            await expect(measuring).to_be_visible()
            await expect(page.get_by_text(re.compile("640 . 360"))).to_be_visible()
            await expect(page.get_by_role("progressbar")).to_have_attribute("max", "15")
            assert await issues_of(page) == []
            graded = page.get_by_role("heading", name="Your grade")
            await expect(graded).to_be_visible(timeout=GRADE_LIMIT_MS)
        await expect(page.get_by_role("img", name=re.compile("^Grade [C-F]$"))).to_be_visible()
        await expect(page.get_by_role("heading", name=re.compile("[Kk]eyframe"))).to_be_visible()
        await expect(page.get_by_text("What to change").first).to_be_visible()
        assert await issues_of(page) == []
        await page.goto(f"{people.http_url}/dashboard/{channel.name}/broadcasts")
        await expect(page.get_by_text("No broadcast yet")).to_be_visible()


async def test_a_test_is_cancelled_and_its_page_goes_on_after_a_reload(
    browser: Browser, people: RillcastServer
) -> None:
    channel = await make_channel(people, "cancelled")
    async with page_of(browser, people, f"/dashboard/{channel.name}/test", "olga") as page:
        await page.get_by_role("button", name="Make a test key").click()
        key = (await address_of(page)).rpartition("/")[2]
        await page.reload()
        await expect(page.get_by_role("heading", name="Waiting for your encoder")).to_be_visible()
        await expect(page.get_by_text(key[:14])).to_be_visible()
        await expect(page.get_by_text(key)).to_have_count(0)
        await page.get_by_role("button", name="Cancel this test").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("button", name="Cancel this test").click()
        await expect(page.get_by_text("The test has been cancelled.")).to_be_visible()
        await expect(page.get_by_role("button", name="Make a test key")).to_be_visible()


async def test_a_page_of_tests_that_cannot_be_read_says_so_and_tries_again(
    browser: Browser, people: RillcastServer
) -> None:
    channel = await make_channel(people, "unread")
    async with page_of(browser, people, "/dashboard", "olga") as page:
        await page.route("**/api/v1/channels/*/tests", lambda route: route.abort())
        await page.goto(f"{people.http_url}/dashboard/{channel.name}/test")
        again = page.get_by_role("button", name="Try again")
        await expect(again).to_be_visible()
        assert await issues_of(page) == []
        await page.unroute("**/api/v1/channels/*/tests")
        await again.click()
        await expect(page.get_by_role("button", name="Make a test key")).to_be_visible()


async def test_the_dashboard_says_what_is_wrong_while_live_and_keeps_it_with_the_broadcast(
    browser: Browser, people: RillcastServer
) -> None:
    channel = await make_channel(people, "healthy", graceS=0)
    url = f"{people.rtmp_url}/{channel.key}"
    async with page_of(browser, people, f"/dashboard/{channel.name}", "olga") as page:
        card = page.locator("rillcast-health-card")
        await expect(card).to_have_count(0)
        with encoder(ffmpeg_command(url, gop_frames=150)):
            await expect(card.get_by_text("Pictures a second")).to_be_visible(
                timeout=GRADE_LIMIT_MS
            )
            keyframes = card.get_by_role("heading", name=re.compile("[Kk]eyframe"))
            await expect(keyframes).to_be_visible(timeout=GRADE_LIMIT_MS)
            await expect(card.get_by_text("5 s", exact=True)).to_be_visible(timeout=GRADE_LIMIT_MS)
            await expect(card.get_by_text(re.compile("Mbit/s")).first).to_be_visible()
            assert await issues_of(page) == []
        await page.goto(f"{people.http_url}/dashboard/{channel.name}/broadcasts")
        await page.get_by_text("Details").click()
        kept = page.locator("rillcast-broadcast-health")
        await expect(kept.get_by_role("img", name=re.compile("^Grade"))).to_be_visible()
        await expect(kept.get_by_role("heading", name=re.compile("[Kk]eyframe"))).to_be_visible()
        assert await issues_of(page) == []
