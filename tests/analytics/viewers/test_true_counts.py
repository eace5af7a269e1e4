"""A real server counts simulated viewers of every kind; how many they are is known."""

import asyncio
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.analytics.viewers.simulated import (
    BROWSER,
    SAFARI,
    Simulated,
    dash,
    dash_without_location,
    dropping_queries,
    low_latency,
    picture_alone,
    polling,
    prefetching,
    probing,
    reloading,
)
from tests.support.accounts_server import (
    ENABLED,
    Person,
    accounts_server,
    signed_in,
    stream_key,
)
from tests.support.encoder import encoder, ffmpeg_command
from tests.support.rillcast_server import rillcast_server
from tests.support.viewer import viewer

pytestmark = pytest.mark.real

FLUSH_S = 5
SILENCE_S = 14  # 12 s, looked at once a second


async def live(person: Person) -> dict[str, Any]:
    status, told = await person.ask("GET", "/channels/studio/analytics/live")
    assert status == 200, told
    return dict(told)


async def settle(person: Person, wanted: int, limit_s: float) -> None:
    """Wait until the count is right; it must stay so then.

    But for one who loads the page again: on a machine that is busy with other things he may need
    longer for it than the three seconds for which who has hung up is waited for.
    """
    loop = asyncio.get_running_loop()
    until_s = loop.time() + limit_s
    while (told := await live(person))["viewers"] != wanted:
        assert loop.time() < until_s, (wanted, told)
        await asyncio.sleep(0.2)
    for _ in range(6):
        await asyncio.sleep(0.5)
        told = await live(person)
        assert max(wanted - 1, 0) <= told["viewers"] <= wanted, told


async def test_every_kind_is_counted_once(tmp_path: Path) -> None:
    with accounts_server(tmp_path) as server:
        key = stream_key(server)
        folder = f"{server.http_url}/live/studio/"
        with encoder(ffmpeg_command(f"{server.rtmp_url}/{key}")):
            async with viewer(server.live_url("studio")) as watching:
                await watching.rendition_urls()
            async with signed_in(server, "olga") as olga, signed_in(server, "fay") as fay:
                everybody: list[Simulated] = []

                def come(
                    number: int, *kinds: Callable[[Simulated], Awaitable[None]], agent: str = ""
                ) -> Simulated:
                    one = Simulated(folder, f"198.51.100.{number}", agent or BROWSER)
                    everybody.append(one.begin(*kinds))
                    return one

                staying = [come(number, low_latency) for number in range(5)]
                come(10, picture_alone)
                come(11, polling, agent=SAFARI)
                come(12, dropping_queries, agent="VLC/3.0.20 LibVLC/3.0.20")
                come(13, dash)
                come(14, dash_without_location, agent="GStreamer souphttpsrc 1.22")
                come(15, reloading)
                come(16, low_latency, low_latency, low_latency)  # three tabs
                for number, agent in ((20, "Twitterbot/1.0"), (21, "facebookexternalhit/1.1")):
                    come(number, polling, agent=agent)
                come(22, prefetching)
                come(23, probing)
                await settle(olga, 14, 20)
                told = await live(olga)
                players = {each["name"]: each["viewers"] for each in told["players"]}
                assert players == {
                    "hls.js": 10, "dash.js": 1, "gstreamer": 1, "safari": 1, "vlc": 1,
                }  # fmt: skip
                renditions = {each["name"]: each["viewers"] for each in told["renditions"]}
                assert renditions == {"video": 12, "all": 2}
                for one in staying[2:]:
                    await one.leave()
                await settle(olga, 11, FLUSH_S + 1)
                assert (await fay.ask("GET", "/channels/studio/analytics/live"))[0] in {403, 404}
                async with olga.session.get("/metrics") as response:
                    assert "rillcast_viewers 11.0" in await response.text()
                for one in everybody:
                    await one.leave()
                await settle(olga, 0, SILENCE_S + 3)
                assert len((await live(olga))["samples"]) > 3
        assert server.interrupt(60) == 0
        rows = read_spells(tmp_path)
    assert not any(is_open for is_open, *_ in rows)
    viewers = {seen for _, seen, *_ in rows}
    assert len(viewers) == 12
    assert all(0 <= ended_ms - started_ms < 120_000 for _, _, started_ms, ended_ms in rows)


async def test_a_killed_server_has_written_all_but_the_last_flush(tmp_path: Path) -> None:
    with accounts_server(tmp_path) as server:
        key = stream_key(server)
        folder = f"{server.http_url}/live/studio/"
        with encoder(ffmpeg_command(f"{server.rtmp_url}/{key}")):
            async with viewer(server.live_url("studio")) as watching:
                await watching.rendition_urls()
            crowd = [
                Simulated(folder, f"198.51.100.{number}").begin(low_latency) for number in range(3)
            ]
            async with signed_in(server, "olga") as olga:
                await settle(olga, 3, 10)
            await asyncio.sleep(FLUSH_S)
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
            for one in crowd:
                await one.leave()
    before = read_spells(tmp_path)
    assert [is_open for is_open, *_ in before] == [1, 1, 1]
    with rillcast_server(tmp_path, *ENABLED):
        after = read_spells(tmp_path)
    assert [is_open for is_open, *_ in after] == [0, 0, 0]
    for _, _, started_ms, ended_ms in after:
        assert 3_000 <= ended_ms - started_ms <= 60_000


def read_spells(folder: Path) -> list[tuple[int, str, int, int]]:
    (file,) = (folder / "data").glob("*.db")
    with sqlite3.connect(file) as connection:
        query = "SELECT is_open, viewer, started_ms, ended_ms FROM viewer_spells"
        return list(connection.execute(query))
