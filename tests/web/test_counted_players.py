"""dash.js, Shaka and our own page in Chromium are one viewer each, after a reload, too."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.support.accounts_server import Person, accounts_server, signed_in, stream_key
from tests.support.encoder import encoder, ffmpeg_command
from tests.support.viewer import viewer
from tests.web.player_pages import player_pages

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="module"),
]

LIMIT_S = 60


async def live(person: Person) -> dict[str, Any]:
    status, told = await person.ask("GET", "/channels/studio/analytics/live")
    assert status == 200, told
    return dict(told)


async def expect_nobody(person: Person) -> None:
    async with asyncio.timeout(LIMIT_S):
        while (await live(person))["viewers"]:  # noqa: ASYNC110 - the API tells nobody of changes
            await asyncio.sleep(0.3)


async def expect_players(person: Person, wanted: dict[str, int]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while True:  # as above
            told = await live(person)
            players = {each["name"]: each["viewers"] for each in told["players"]}
            assert sum(players.values()) <= sum(wanted.values()), told
            if players == wanted:
                return
            await asyncio.sleep(0.3)


async def test_browsers_players_are_counted_once(browser: Browser, tmp_path: Path) -> None:
    with accounts_server(tmp_path) as server:
        publishing = encoder(ffmpeg_command(f"{server.rtmp_url}/{stream_key(server)}"))
        manifest = f"{server.http_url}/live/studio/manifest.mpd"
        async with player_pages() as pages, signed_in(server, "olga") as olga:
            with publishing:
                async with viewer(server.live_url("studio")) as watching:
                    await watching.wait_for_segment("video", 3)
                await expect_nobody(olga)  # who waited for segments was a viewer, too
                addresses = (
                    pages.address("dashjs", manifest),
                    pages.address("shaka", manifest),
                    f"{server.http_url}/studio",
                )
                expected: dict[str, int] = {}
                for address, kind in zip(addresses, ("dash.js", "dash.js", "hls.js"), strict=True):
                    context = await browser.new_context()
                    page = await context.new_page()
                    await page.goto(address)
                    expected[kind] = expected.get(kind, 0) + 1
                    await expect_players(olga, expected)
                    await page.reload()
                    for _ in range(30):
                        assert (await live(olga))["viewers"] <= 1
                        await asyncio.sleep(0.5)
                    await expect_players(olga, expected)
                    await context.close()
                    expected = {}
                    await expect_nobody(olga)
