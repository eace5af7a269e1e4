"""Real encoders publish to test keys of a real server: graded, and nothing of it is anywhere."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.support.accounts_server import Person, accounts_server, signed_in, stream_key
from tests.support.encoder import encoder, ffmpeg_command
from tests.support.port import free_port
from tests.support.returning_publisher import returning_encoder
from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.support.rtmp_publisher import PublishRefusedError, RtmpPublisher, make_show

pytestmark = pytest.mark.real

FLAGS = ("--set", "analytics.preflight.measure_s=15")
LIMIT_S = 90


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    with accounts_server(Path(tmp_path_factory.mktemp("tests")), *FLAGS) as running:
        yield running


async def make_test(olga: Person) -> tuple[dict[str, Any], str]:
    """Make a test of studio's; return it and where to publish."""
    status, made = await olga.ask("POST", "/channels/studio/tests")
    assert status == 201, made
    return made, f"{made['servers'][0]}/{made['key']}"


async def until(olga: Person, path: str, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Return what the API says when it is so."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            status, seen = await olga.ask("GET", path)
            assert status == 200, seen
            if is_so(seen):
                return dict(seen)
            await asyncio.sleep(0.2)


async def seen_when(olga: Person, test_id: str, state: str) -> dict[str, Any]:
    """Return a test when it has come to this state."""
    path = f"/channels/studio/tests/{test_id}"
    return await until(olga, path, lambda seen: bool(seen["state"] == state))


async def traces(server: RillcastServer, olga: Person) -> list[str]:
    """Return whatever would show a viewer, a follower or the history that something was on air."""
    found = []
    _, channel = await olga.ask("GET", "/channels/studio")
    if channel["isLive"] or channel["lastLiveAt"] is not None:
        found.append("the channel says that it is or was live")
    for path, name in (
        ("/channels/studio/broadcasts", "a broadcast"),
        ("/directory/live", "a live channel"),
        ("/me/notifications", "a notification"),
    ):
        status, listed = await olga.ask("GET", path)
        assert status == 200, listed
        if listed["items"]:
            found.append(f"{name}: {json.dumps(listed['items'])}")
    async with aiohttp.ClientSession() as session:
        for test in ("studio", "test:"):
            async with session.get(server.live_url(test)) as response:
                if response.status != 404:
                    found.append(f"a playlist of {test}: {response.status}")
        async with session.get(f"{server.http_url}/api/v1/live") as response:
            shown = await response.text()
            if "studio" in shown or "test:" in shown:
                found.append(f"a show: {shown}")
    return found


async def test_a_stream_to_a_test_key_is_graded_and_nothing_goes_live(
    server: RillcastServer,
) -> None:
    async with signed_in(server, "olga") as olga:
        made, url = await make_test(olga)
        with encoder(ffmpeg_command(url, gop_frames=150)) as ffmpeg:
            receiving = await seen_when(olga, made["id"], "receiving")
            assert "Lavf" in receiving["encoder"]
            assert await traces(server, olga) == []
            async with aiohttp.ClientSession() as session:
                live = f"{server.http_url}/live/test:{made['id']}/index.m3u8"
                async with session.get(live) as response:
                    assert response.status == 404
            graded = await seen_when(olga, made["id"], "graded")
            assert await asyncio.to_thread(ffmpeg.wait, LIMIT_S) != 0  # the server shows it out
        assert graded["mediaMs"] >= 15_000
        video = graded["report"]["video"]
        assert (video["widthPx"], video["heightPx"]) == (640, 360)
        assert video["keyframeIntervalS"] == pytest.approx(5, abs=0.1)
        grade = graded["report"]["grade"]
        assert grade["letter"] > "B"
        codes = {each["code"]: each for each in graded["report"]["findings"]}
        assert grade["reasons"][0] in codes
        assert any(each["area"] == "keyframes" and each["toChange"] for each in codes.values()), (
            codes
        )
        assert await traces(server, olga) == []
        with encoder(ffmpeg_command(url)) as late:
            await asyncio.to_thread(late.wait, LIMIT_S)
            assert late.returncode != 0
        assert (await seen_when(olga, made["id"], "graded")) == graded
    log = server.log_text()
    assert "code=key-used-up" in log  # and not as if nobody knew the key
    assert made["key"] not in log


async def test_an_account_that_tests_as_much_as_it_may_is_told_so(tmp_path: Path) -> None:
    flags = ("--set", "analytics.preflight.at_once_per_account=1")
    show = await asyncio.to_thread(make_show)
    with accounts_server(tmp_path, *FLAGS, *flags) as server:
        async with signed_in(server, "olga") as olga:
            first, _ = await make_test(olga)
            second, _ = await make_test(olga)
            async with RtmpPublisher(server.rtmp_url, first["key"]) as one, one.sending(show):
                await seen_when(olga, first["id"], "receiving")
                with pytest.raises(PublishRefusedError, match="at one time: 1"):
                    async with RtmpPublisher(server.rtmp_url, second["key"]):
                        pass
                status, refused = await olga.ask("POST", "/channels/studio/tests")
                assert (status, refused["code"]) == (409, "limit-reached")
                assert "at one time: 1" in refused["detail"]
        log = server.log_text()
        assert "code=too-many" in log
        assert second["key"] not in log


async def test_a_publisher_that_goes_early_is_graded_or_may_come_again(
    server: RillcastServer,
) -> None:
    async with signed_in(server, "olga") as olga:
        made, url = await make_test(olga)
        with encoder(ffmpeg_command(url, more=("-t", "2"))) as ffmpeg:
            await asyncio.to_thread(ffmpeg.wait, LIMIT_S)
        path = f"/channels/studio/tests/{made['id']}"
        await until(olga, path, lambda seen: bool(seen["wasTooShort"]))
        with encoder(ffmpeg_command(url, more=("-t", "7"))) as ffmpeg:
            await asyncio.to_thread(ffmpeg.wait, LIMIT_S)
        graded = await seen_when(olga, made["id"], "graded")
        assert 5_000 <= graded["mediaMs"] < 15_000


async def test_a_cancelled_test_shows_its_encoder_out_and_its_key_is_void(
    server: RillcastServer,
) -> None:
    async with signed_in(server, "olga") as olga:
        made, url = await make_test(olga)
        with encoder(ffmpeg_command(url)) as ffmpeg:
            await seen_when(olga, made["id"], "receiving")
            status, _ = await olga.ask("DELETE", f"/channels/studio/tests/{made['id']}")
            assert status == 204
            assert await asyncio.to_thread(ffmpeg.wait, LIMIT_S) != 0
        status, _ = await olga.ask("GET", f"/channels/studio/tests/{made['id']}")
        assert status == 404
        with encoder(ffmpeg_command(url)) as refused:
            assert await asyncio.to_thread(refused.wait, LIMIT_S) != 0


async def test_a_test_runs_beside_the_live_show_and_neither_disturbs_the_other(
    tmp_path: Path,
) -> None:
    with accounts_server(tmp_path, *FLAGS) as server:
        live = f"{server.rtmp_url}/{stream_key(server)}"
        async with signed_in(server, "olga") as olga:
            with encoder(ffmpeg_command(live)) as on_air:
                await until(olga, "/channels/studio", lambda seen: bool(seen["isLive"]))
                made, url = await make_test(olga)
                with encoder(ffmpeg_command(url, gop_frames=30)):
                    graded = await seen_when(olga, made["id"], "graded")
                assert on_air.poll() is None
                _, ingest = await olga.ask("GET", "/channels/studio/ingest")
                assert ingest["isOnAir"]
                assert ingest["report"]["video"]["keyframeIntervalS"] == pytest.approx(2, abs=0.1)
                assert ingest["report"]["reconnectCount"] == 0
                interval_s = graded["report"]["video"]["keyframeIntervalS"]
                assert interval_s == pytest.approx(1, abs=0.1)
                _, broadcasts = await olga.ask("GET", "/channels/studio/broadcasts")
                assert len(broadcasts["items"]) == 1


async def test_a_killed_server_leaves_the_test_to_its_returning_encoder(tmp_path: Path) -> None:
    places = ("--http", f"127.0.0.1:{free_port()}", "--rtmp", f"127.0.0.1:{free_port()}")
    with accounts_server(tmp_path, *FLAGS, *places) as server:
        async with signed_in(server, "olga") as olga:
            made, url = await make_test(olga)
        async with returning_encoder(ffmpeg_command(url)):
            async with signed_in(server, "olga") as olga:
                await seen_when(olga, made["id"], "receiving")
            server.process.kill()
            server.process.wait()
            again = rillcast_server(tmp_path, "--set", "accounts.enabled=true", *FLAGS, *places)
            with again as restarted:
                async with signed_in(restarted, "olga") as olga:
                    graded = await seen_when(olga, made["id"], "graded")
                    assert await traces(restarted, olga) == []
        assert graded["mediaMs"] >= 5_000
