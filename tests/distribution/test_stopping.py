"""A server that stops: who waits is answered, what runs is finished, nothing hangs."""

import asyncio

import aiohttp
import pytest

from distribution.application import Application
from distribution.server import HttpServer
from distribution.settings import HttpSettings
from packager.live import Publications
from tests.distribution.conftest import Serve
from tests.distribution.show import Show

BLOCKING = "/live/ada/e1/video/index.m3u8?_HLS_msn=4&_HLS_part=0"


HINTED = "/live/ada/e1/audio/part-13.m4s"


async def test_requests_that_wait_get_the_end_of_a_show_that_ends_with_the_server(
    serve: Serve,
) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show, drain_s=30.0)
    playlists = [asyncio.create_task(served.get(BLOCKING)) for _ in range(20)]
    hints = [asyncio.create_task(served.get(HINTED)) for _ in range(20)]
    await served.blocked(40)
    show.publication.end()  # in the same turn of the loop: nobody has been woken when it stops
    async with asyncio.timeout(10):
        await served.server.stop()
    for task in playlists:
        response, body = await task
        assert response.status == 200
        assert b"#EXT-X-ENDLIST" in body
        assert response.headers["Connection"] == "close"
    for task in hints:
        response, _ = await task
        assert response.status == 404
        assert response.headers["Connection"] == "close"


async def test_requests_that_wait_for_a_show_that_goes_on_are_sent_home_at_once(
    serve: Serve,
) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show, drain_s=30.0)
    asking = [asyncio.create_task(served.get(path)) for path in (BLOCKING, HINTED) * 20]
    await served.blocked(40)
    async with asyncio.timeout(10):
        await served.server.stop()
    for task in asking:
        response, body = await task
        assert response.status == 503
        assert response.headers["Retry-After"] == "1"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Connection"] == "close"
        assert body == b"this server is stopping\n"


async def test_nobody_new_is_accepted(serve: Serve) -> None:
    served = await serve()
    await served.server.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await served.get("/health")


async def test_readiness_ends_before_life_does(serve: Serve) -> None:
    served = await serve()
    response, body = await served.get("/ready")
    assert (response.status, body) == (200, b"ready\n")
    served.application.begin_draining()
    response, body = await served.get("/ready")
    assert (response.status, body) == (503, b"draining\n")
    response, body = await served.get("/health")
    assert (response.status, body) == (200, b"alive\n")
    assert response.headers["Connection"] == "close"


async def test_response_that_runs_is_finished(serve: Serve) -> None:
    show = Show(part_bytes=2_000_000, tracks=1)
    show.add_segments(1)
    served = await serve(show, drain_s=30.0)
    viewer = await served.connect()
    await viewer.ask("/live/ada/e1/video/segment-1.m4s")
    received = bytearray(await viewer.read_some())
    stopping = asyncio.create_task(served.server.stop())
    received += await viewer.read_all()
    await stopping
    assert received.endswith(show.segment_body("video", 1))


async def test_response_that_takes_too_long_is_cut(serve: Serve) -> None:
    show = Show(part_bytes=2_000_000, tracks=1)
    show.add_segments(1)
    served = await serve(show, drain_s=0.2)
    viewer = await served.connect()
    await viewer.ask("/live/ada/e1/video/segment-1.m4s")
    await viewer.read_some()
    async with asyncio.timeout(10):
        await served.server.stop()
    assert len(await viewer.read_all()) < 8_000_000


async def test_port_that_is_taken_is_an_error_and_leaves_nothing(serve: Serve) -> None:
    served = await serve()
    settings = HttpSettings(host="127.0.0.1", port=served.server.port)
    second = HttpServer(Application(Publications(1), settings))
    with pytest.raises(OSError, match="in use"):
        await second.start()
    await second.stop()


async def test_server_that_was_stopped_twice_is_stopped(serve: Serve) -> None:
    served = await serve()
    await served.server.stop()
    await served.server.stop()
