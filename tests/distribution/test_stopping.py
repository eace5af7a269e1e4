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
    served = await serve(show, drain_s=600.0)
    playlists = [asyncio.create_task(served.get(BLOCKING)) for _ in range(20)]
    hints = [asyncio.create_task(served.get(HINTED)) for _ in range(20)]
    await served.blocked(40)
    show.publication.end()  # in the same turn of the loop: nobody has been woken when it stops
    async with asyncio.timeout(60):
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
    served = await serve(show, drain_s=600.0)
    asking = [asyncio.create_task(served.get(path)) for path in (BLOCKING, HINTED) * 20]
    await served.blocked(40)
    async with asyncio.timeout(60):
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


async def test_while_draining_lists_are_refused_and_media_is_given(serve: Serve) -> None:
    """What comes next is the next server's business; what is there is finished here."""
    show = Show()
    show.add_segments(3)
    served = await serve(show, drain_s=600.0)
    served.application.begin_draining()
    for path in (
        "/live/ada/index.m3u8",
        "/live/ada/manifest.mpd",
        "/live/ada/e1/video/index.m3u8",
        BLOCKING,
        HINTED,
    ):
        response, _ = await served.get(path)
        assert (response.status, response.headers.get("Retry-After")) == (503, "1"), path
    response, body = await served.get("/live/ada/e1/video/segment-2.m4s")
    assert (response.status, body) == (200, show.segment_body("video", 2))


async def test_while_draining_who_waits_still_gets_what_comes(serve: Serve) -> None:
    """Encoders are let go first, and what they sent last is for those who waited for it."""
    show = Show()
    show.add_segments(3)
    served = await serve(show, drain_s=600.0)
    asking = asyncio.create_task(served.get(BLOCKING))
    await served.blocked(1)
    served.application.begin_draining()
    show.add_segments(1)
    response, body = await asking
    assert response.status == 200
    assert b"segment-4.m4s" in body


async def test_while_draining_the_end_of_a_show_is_told(serve: Serve) -> None:
    show = Show()
    show.add_segments(3)
    served = await serve(show, drain_s=600.0)
    show.publication.end()
    served.application.begin_draining()
    response, body = await served.get("/live/ada/e1/video/index.m3u8")
    assert (response.status, b"#EXT-X-ENDLIST" in body) == (200, True)


async def test_response_that_runs_is_finished(serve: Serve) -> None:
    show = Show(part_bytes=2_000_000, tracks=1)
    show.add_segments(1)
    served = await serve(show, drain_s=600.0)
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
    async with asyncio.timeout(60):
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
