"""Open segments through a real nginx, set up as deploy/nginx.conf says."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from tests.distribution.attendance import Attendance
from tests.distribution.conftest import Serve, Served
from tests.distribution.show import PARTS_PER_SEGMENT, Show
from tests.distribution.test_players_words import Listener
from tests.support.deployed_nginx import deployed_nginx, trusting

pytestmark = pytest.mark.real

_KEY = re.compile(rb"\nKEY: ([^|\n]*)\|")
OPEN = "/live/ada/e1/video/segment-4.m4s"


class Proxied:
    """A client of nginx, which asks the server."""

    def __init__(self, served: Served, port: int, folder: Path) -> None:
        self.served = served
        self.folder = folder
        self.client = aiohttp.ClientSession(
            f"https://127.0.0.1:{port}", connector=aiohttp.TCPConnector(limit=0, ssl=trusting())
        )

    async def get(self, path: str) -> bytes:
        async with self.client.get(URL(path, encoded=True)) as response:
            assert response.status == 200
            return await response.read()

    def kept(self, path: str) -> bool:
        """Whether nginx has the resource in its cache."""
        return path in self.keys()

    def keys(self) -> set[str]:
        """Return the paths and queries by which the cache knows what it has."""
        files = [file for file in (self.folder / "cache").rglob("*") if file.is_file()]
        found = (_KEY.search(file.read_bytes()) for file in files)
        return {key[1].decode() for key in found if key is not None}


Proxy = Callable[[Show], Awaitable[Proxied]]


@pytest.fixture
async def proxy(serve: Serve, tmp_path: Path) -> AsyncIterator[Proxy]:
    async with AsyncExitStack() as started:

        async def start(show: Show) -> Proxied:
            served = await serve(show)
            port = await started.enter_async_context(deployed_nginx(tmp_path, served.server.port))
            proxied = Proxied(served, port, tmp_path)
            await started.enter_async_context(proxied.client)
            return proxied

        yield start


def show_with_open_segment() -> Show:
    show = Show(part_bytes=30_000)
    show.add_segments(3)
    show.add_part()
    return show


async def test_parts_pass_through_one_by_one_to_all_readers(proxy: Proxy) -> None:
    show = show_with_open_segment()
    proxied = await proxy(show)
    responses = [await proxied.client.get(OPEN) for _ in range(10)]
    assert {response.status for response in responses} == {200}
    for number in range(13, 13 + PARTS_PER_SEGMENT):
        expected = show.part_body("video", number)
        for response in responses:
            assert "Content-Length" not in response.headers
            assert await response.content.readexactly(len(expected)) == expected
        if number < 12 + PARTS_PER_SEGMENT:
            show.add_part()
    for response in responses:
        assert await response.read() == b""
        response.release()


async def test_open_segment_is_not_kept_and_the_complete_one_is(proxy: Proxy) -> None:
    show = show_with_open_segment()
    proxied = await proxy(show)
    reading = asyncio.create_task(proxied.get(OPEN))
    for _ in range(PARTS_PER_SEGMENT - 1):
        await proxied.served.blocked(1)
        show.add_part()
    assert await reading == show.segment_body("video", 4)
    assert not proxied.kept(OPEN)
    assert await proxied.get(OPEN) == show.segment_body("video", 4)
    assert proxied.kept(OPEN)
    assert await proxied.get(OPEN) == show.segment_body("video", 4)


async def test_segment_that_is_cut_is_neither_whole_nor_kept(proxy: Proxy) -> None:
    show = show_with_open_segment()
    proxied = await proxy(show)
    response = await proxied.client.get(OPEN)
    await proxied.served.server.stop()
    with pytest.raises(aiohttp.ClientPayloadError):
        await response.read()
    assert not proxied.kept(OPEN)


async def test_leave_to_watch_stands_in_no_log(proxy: Proxy) -> None:
    proxied = await proxy(Show())
    asked = ("/live/~secret/ada/index.m3u8", "/api/v1/live/~secret/ada", "/api/v1/live")
    for path in asked:
        async with proxied.client.get(path) as response:
            await response.read()
    log = proxied.folder / "access.log"
    async with asyncio.timeout(120):
        while "GET /api/v1/live " not in log.read_text():  # noqa: ASYNC110 - nginx tells nobody
            await asyncio.sleep(0.02)
    assert "secret" not in log.read_text()


async def test_clock_is_asked_each_time(proxy: Proxy) -> None:
    proxied = await proxy(Show())
    clock = "/live/ada/time"
    times = [await proxied.get(clock) for _ in range(20)]
    assert times == sorted(times)
    assert times[0] < times[-1]
    assert not proxied.kept(clock)


async def test_the_cache_keeps_one_playlist_and_tells_of_all_who_ask(
    serve: Serve, tmp_path: Path
) -> None:
    show, attendance = Show(), Attendance()
    show.add_segments(3)
    served = await serve(show, audience=attendance)
    async with AsyncExitStack() as started:
        port = await started.enter_async_context(deployed_nginx(tmp_path, served.server.port))
        proxied = Proxied(served, port, tmp_path)
        await started.enter_async_context(proxied.client)
        begun = [await proxied.get("/live/ada/index.m3u8") for _ in range(2)]
        assert begun[0] != begun[1]
        assert not proxied.kept("/live/ada/index.m3u8")
        bodies = {
            await proxied.get(f"/live/ada/e1/video/index.m3u8?s=session{number:05}")
            for number in range(6)
        }
        assert len(bodies) == 1
        assert proxied.kept("/live/ada/e1/video/index.m3u8")
        await proxied.get("/live/ada/e1/video/index.m3u8?s=session00009&_HLS_msn=2")
        async with asyncio.timeout(120):
            while len(attendance.noted) < 8:  # noqa: ASYNC110 - nginx says it beside its answers
                await asyncio.sleep(0.02)
    assert {note[-1] for note in attendance.noted} == {
        *(f"session{number:05}" for number in range(6)),
        "session00009",
    }
    assert len(attendance.noted) == 8  # one that the cache asked for, six mirrored, one straight
    assert {note[3] for note in attendance.noted} == {"127.0.0.1"}


async def test_whom_a_viewer_claims_to_forward_for_comes_before_his_own_address(
    serve: Serve, tmp_path: Path
) -> None:
    """The last one is believed, and that one nginx has written: one viewer counts as one."""
    show, attendance = Show(), Attendance()
    show.add_segments(3)
    served = await serve(show, audience=attendance)
    claimed = {"X-Forwarded-For": "203.0.113.9"}
    async with AsyncExitStack() as started:
        port = await started.enter_async_context(deployed_nginx(tmp_path, served.server.port))
        url = f"https://127.0.0.1:{port}/live/ada/e1/video/index.m3u8"
        client = await started.enter_async_context(aiohttp.ClientSession(headers=claimed))
        for query in ("", "?_HLS_msn=2", "?s=session00001&_HLS_msn=2"):
            async with client.get(url + query, ssl=trusting()) as answer:
                assert answer.status == 200
        async with asyncio.timeout(120):
            while len(attendance.noted) < 4:  # noqa: ASYNC110 - nginx says it beside its answers
                await asyncio.sleep(0.02)
    assert {note[3] for note in attendance.noted} == {"203.0.113.9, 127.0.0.1"}


async def test_what_players_say_does_not_part_the_cache(serve: Serve, tmp_path: Path) -> None:
    show, listener = Show(), Listener()
    show.add_segments(3)
    served = await serve(show, audience=Attendance(), listener=listener)
    said = (f"CMCD=bl%3D{number}00%2Cot%3Dv%2Csid%3D%22a%22" for number in count())
    segment, playlist = "/live/ada/e1/video/segment-2.m4s", "/live/ada/e1/video/index.m3u8"
    async with AsyncExitStack() as started:
        port = await started.enter_async_context(deployed_nginx(tmp_path, served.server.port))
        proxied = Proxied(served, port, tmp_path)
        await started.enter_async_context(proxied.client)
        for path in (segment, playlist):
            for _ in range(3):
                await proxied.get(f"{path}?{next(said)}")
        for query in (
            f"s=session00001&{next(said)}",
            f"{next(said)}&s=session00001",
            f"s=session00001&{next(said)}&",
            "s=session00001",
        ):
            await proxied.get(f"{playlist}?{query}")
        await proxied.get(playlist)
        assert proxied.keys() == {segment, playlist}
        # What the cache has asked for itself is all that the server hears.
        assert [text[:10] for _, text in listener.heard] == [b"bl%3D000%2", b"bl%3D300%2"]
        for query in (
            f"_HLS_skip=YES&{next(said)}",
            f"s=session00002&_HLS_skip=YES&{next(said)}",
            f"s=session00002&{next(said)}&_HLS_skip=YES",
            "_HLS_skip=YES",
            f"s=session00002&_HLS_msn=2&{next(said)}",  # straight to the server
        ):
            await proxied.get(f"{playlist}?{query}")
        assert proxied.keys() == {segment, playlist, f"{playlist}?_HLS_skip=YES"}
        assert len(listener.heard) == 4
