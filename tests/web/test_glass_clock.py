"""Frame by frame: what the page knows about the time of its picture, held against the picture.

The demo draws the time into every picture. These tests are about truth, not about speed: they hold
on any machine. How long it takes from glass to glass is measured by bench/glass_to_glass.py.
"""

from statistics import median

import pytest
from playwright.async_api import Browser

from tests.support.rillcast_server import RillcastServer
from tests.web.chromium import expect_moving_picture, expect_state, opened
from tests.web.demo_encoder import demo_encoder
from tests.web.glass_clock import Sight, watch_clock

# One browser at a time: two would starve each other on a small machine.
pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

FRAME_MS = 1000 / 30
WATCHED_S = 8
# Told four times a second, smoothed over a second, in a page that plays a little faster or slower.
TOLD_WITHIN_MS = 80


def way_to_server_ms(sight: Sight) -> float:
    """Return how long after its drawing a picture reached the server, by what the page knows.

    The server dates a publisher's first picture by its arrival and the others by their
    timestamps, so that this is one number for all pictures of one connection.
    """
    ways = [
        glance.dated_ms - glance.drawn_ms for glance in sight.glances if glance.dated_ms is not None
    ]
    assert len(ways) > WATCHED_S, "too few pictures were shown to say anything"
    typical_ms = median(ways)
    assert max(abs(way_ms - typical_ms) for way_ms in ways) < FRAME_MS / 2, sorted(ways)
    assert -1 <= typical_ms < 5_000
    return typical_ms


async def test_every_picture_has_its_own_date_also_after_another_publisher_has_come(
    server: RillcastServer, browser: Browser
) -> None:
    async with opened(browser, f"{server.http_url}/dated") as page:
        with demo_encoder(server, "dated") as lost:
            await expect_state(page, "playing")
            way_to_server_ms(await watch_clock(page, WATCHED_S))
            lost.kill()
            await expect_state(page, "interrupted")
        with demo_encoder(server, "dated"):
            await expect_state(page, "playing")
            await expect_moving_picture(page)
            way_to_server_ms(await watch_clock(page, WATCHED_S))


async def test_the_latency_that_a_viewer_is_told_is_that_of_the_picture_on_screen(
    server: RillcastServer, browser: Browser
) -> None:
    with demo_encoder(server, "told"):
        async with opened(browser, f"{server.http_url}/told") as page:
            await expect_state(page, "playing")
            sight = await watch_clock(page, WATCHED_S)
    way_ms = way_to_server_ms(sight)
    errors_ms = [
        glance.told_latency_ms + way_ms - glance.age_ms
        for glance in sight.glances
        if glance.told_latency_ms is not None
    ]
    assert abs(median(errors_ms)) < TOLD_WITHIN_MS
