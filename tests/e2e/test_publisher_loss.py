"""A show goes on when its publisher is replaced, killed, cut or silent."""

import asyncio
import signal

import pytest

from tests.support.encoder import encoder, ffmpeg_command
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import RtmpPublisher, Show, make_show
from tests.support.viewer import Viewer, viewer

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def show() -> Show:
    return make_show()


async def assert_goes_on(watching: Viewer, first_url: str) -> None:
    """After the break the same address goes on with new numbers and a discontinuity."""
    before = await watching.playlist(first_url)
    last_before = before.media_sequence + len(before.segments)
    after = await watching.wait_for_segment("video", last_before + 2)
    assert (await watching.rendition_urls())["video"] == first_url
    breaks = [segment.msn for segment in after.segments if segment.is_discontinuous]
    assert len(breaks) + after.discontinuity_sequence == 1, after
    assert not after.is_ended
    for name in ("video", "audio"):
        decoded = await watching.decode(name)
        assert not decoded.complaints, decoded.complaints
        assert list(decoded.times_s) == sorted(decoded.times_s)


async def test_a_newer_connection_with_the_same_key_takes_over(
    server: RillcastServer, show: Show
) -> None:
    url = f"{server.rtmp_url}/takeover"
    async with viewer(server.live_url("takeover")) as watching:
        old = RtmpPublisher(url)
        async with old:
            sending = asyncio.create_task(old.send(show, realtime=True, duration_s=600))
            await watching.wait_for_segment("video", 2)
            first_url = (await watching.rendition_urls())["video"]
            async with RtmpPublisher(url) as newer:
                await old.voice.wait_closed(120)
                newest = asyncio.create_task(newer.send(show, realtime=True, duration_s=600))
                await assert_goes_on(watching, first_url)
                newest.cancel()
            sending.cancel()
            await asyncio.gather(sending, newest, return_exceptions=True)
    assert "taken-over" in server.log_text()


async def test_a_killed_encoder_comes_back_to_the_same_address(server: RillcastServer) -> None:
    command = ffmpeg_command(f"{server.rtmp_url}/killed")
    async with viewer(server.live_url("killed")) as watching:
        with encoder(command) as first:
            await watching.wait_for_segment("video", 2)
            first_url = (await watching.rendition_urls())["video"]
            first.send_signal(signal.SIGKILL)
            first.wait()
        with encoder(command):
            await assert_goes_on(watching, first_url)


async def test_a_cut_connection_leaves_the_show_waiting_and_then_goes_on(
    server: RillcastServer, show: Show
) -> None:
    url = f"{server.rtmp_url}/cut"
    async with viewer(server.live_url("cut")) as watching:
        publisher = RtmpPublisher(url)
        async with publisher:
            await publisher.send(show, realtime=True, duration_s=6)
            await watching.wait_for_segment("video", 2)
            first_url = (await watching.rendition_urls())["video"]
            publisher.cut()
        body = b""
        async with asyncio.timeout(120):
            while b'"interrupted"' not in body:  # what came before the cut is read first
                status, body = await watching.get(f"{server.http_url}/api/v1/live/cut")
                assert status == 200
        async with RtmpPublisher(url) as back:
            sending = asyncio.create_task(back.send(show, realtime=True, duration_s=600))
            await assert_goes_on(watching, first_url)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


async def test_a_goodbye_ends_the_show_for_viewers_but_it_can_come_back(
    server: RillcastServer, show: Show
) -> None:
    url = f"{server.rtmp_url}/goodbye"
    async with viewer(server.live_url("goodbye")) as watching:
        async with RtmpPublisher(url) as publisher:
            await publisher.send(show, realtime=True, duration_s=6)
            await watching.wait_for_segment("video", 2)
            first_url = (await watching.rendition_urls())["video"]
        body = b""
        async with asyncio.timeout(120):
            while b'"ended"' not in body:  # the goodbye is sent, and may not be read yet
                _, body = await watching.get(f"{server.http_url}/api/v1/live/goodbye")
        _, body = await watching.get(f"{server.http_url}/api/v1/live")
        assert b'"goodbye"' not in body
        async with RtmpPublisher(url) as back:
            sending = asyncio.create_task(back.send(show, realtime=True, duration_s=600))
            await assert_goes_on(watching, first_url)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


async def test_a_silent_publisher_is_closed(tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.support.rillcast_server import rillcast_server

    folder = tmp_path_factory.mktemp("silent")
    with rillcast_server(folder, "--open", "--set", "rtmp.idle_timeout_s=2") as server:
        publisher = RtmpPublisher(f"{server.rtmp_url}/silent")
        async with publisher:
            await publisher.send(make_show(), realtime=True, duration_s=3)
            await publisher.voice.wait_closed(120)
        assert "reason=silent" in server.log_text()
