"""A show goes on at the same addresses when the server is killed or restarted under it."""

import asyncio
import json
import random
import signal
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, ExitStack
from pathlib import Path
from typing import Self
from urllib.parse import urljoin

import aiohttp
import pytest

from conformance.follow_settings import FollowSettings
from conformance.following import follow
from conformance.playlist import MediaPlaylist
from conformance.report import Report
from tests.support.clean_report import assert_clean
from tests.support.encoder import ffmpeg_command
from tests.support.port import free_port
from tests.support.returning_publisher import returning_encoder, returning_publisher
from tests.support.rillcast_server import RillcastServer, rillcast_server
from tests.support.rtmp_publisher import RtmpPublisher, Show, make_show
from tests.support.viewer import Viewer, viewer

pytestmark = pytest.mark.real

RIDING_OUT = FollowSettings(rides_out_s=30, segment_every=1)


@pytest.fixture(scope="module")
def show() -> Show:
    return make_show()


class Restarts:
    """Servers one after the other, on the same ports and the same data folder."""

    def __init__(self, folder: Path, *flags: str) -> None:
        self._folder = folder
        http, rtmp = free_port(), free_port()
        addresses = ("--http", f"127.0.0.1:{http}", "--rtmp", f"127.0.0.1:{rtmp}")
        self._flags = ("--open", *addresses, *flags)
        self._stack = ExitStack()
        self.http_url = f"http://127.0.0.1:{http}"
        self.rtmp_url = f"rtmp://127.0.0.1:{rtmp}/live"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._stack.close)

    async def start(self) -> RillcastServer:
        starting = rillcast_server(self._folder, *self._flags)
        self.server = await asyncio.to_thread(self._stack.enter_context, starting)
        return self.server

    async def kill(self) -> None:
        self.server.process.kill()
        await asyncio.to_thread(self.server.process.wait)

    def live_url(self, channel: str) -> str:
        return self.server.live_url(channel)

    async def state(self, watching: Viewer, channel: str) -> str:
        _, body = await watching.get(f"{self.http_url}/api/v1/live/{channel}")
        return str(json.loads(body)["state"])


async def middle_of_a_segment(watching: Viewer) -> MediaPlaylist:
    """Return when the third part of some segment has come."""
    url = (await watching.rendition_urls())["video"]
    playlist = await watching.playlist(url)
    return await watching.playlist(url, f"?_HLS_msn={playlist.next_msn}&_HLS_part=2")


def break_count(playlist: MediaPlaylist) -> int:
    """How often the show was interrupted, since its beginning."""
    listed = sum(segment.is_discontinuous for segment in playlist.segments)
    return playlist.discontinuity_sequence + listed


def following(watching: Viewer, stop: asyncio.Event) -> asyncio.Future[list[Report]]:
    """Follow over HLS and DASH at once until told to stop."""
    return asyncio.gather(
        *(
            follow(url, stop=stop, settings=RIDING_OUT)
            for url in (watching.url, watching.url.replace("index.m3u8", "manifest.mpd"))
        )
    )


async def assert_went_on(watching: Viewer, urls: dict[str, str], reports: Sequence[Report]) -> None:
    for report in reports:
        assert_clean(report)
    assert await watching.rendition_urls() == urls
    breaks = set()
    for name in urls:
        decoded = await watching.decode(name)
        assert not decoded.complaints, decoded.complaints
        assert list(decoded.times_s) == sorted(decoded.times_s)
        assert not decoded.playlist.is_ended
        breaks.add(break_count(decoded.playlist))
    assert len(breaks) == 1, breaks
    assert breaks.pop() >= 1


@pytest.mark.parametrize("encoder", ["as OBS", "ffmpeg"])
async def test_a_killed_server_goes_on_with_the_show_where_it_was(
    tmp_path: Path, show: Show, encoder: str
) -> None:
    async with Restarts(tmp_path) as restarts:
        url = f"{restarts.rtmp_url}/show"
        publishing: AbstractAsyncContextManager[None] = (
            returning_publisher(url, show)
            if encoder == "as OBS"
            else returning_encoder(ffmpeg_command(url))
        )
        async with viewer(restarts.live_url("show")) as watching, publishing:
            await watching.wait_for_segment("video", 2)
            urls = await watching.rendition_urls()
            stop = asyncio.Event()
            reports = following(watching, stop)
            before = await middle_of_a_segment(watching)
            await restarts.kill()
            await restarts.start()
            await watching.wait_for_segment("video", before.next_msn + 4)
            stop.set()
            await assert_went_on(watching, urls, await reports)
        assert "journal" not in restarts.server.log_text()


async def test_a_server_killed_again_and_again_takes_nothing_back(
    tmp_path: Path, show: Show
) -> None:
    """At random moments, also before the publisher is back; players follow all the time."""
    chance = random.Random(20_261_121)
    async with (
        Restarts(tmp_path) as restarts,
        viewer(restarts.live_url("show")) as watching,
        returning_publisher(f"{restarts.rtmp_url}/show", show),
    ):
        await watching.wait_for_segment("video", 2)
        urls = await watching.rendition_urls()
        stop = asyncio.Event()
        reports = following(watching, stop)
        for _ in range(5):
            await asyncio.sleep(chance.uniform(0, 6))
            await restarts.kill()
            await restarts.start()
        playlist = await watching.playlist(urls["video"])
        await watching.wait_for_segment("video", playlist.next_msn + 2)
        stop.set()
        await assert_went_on(watching, urls, await reports)


async def test_until_the_publisher_is_back_the_playlists_stay_as_they_were(
    tmp_path: Path, show: Show
) -> None:
    async with Restarts(tmp_path) as restarts, viewer(restarts.live_url("show")) as watching:
        async with returning_publisher(f"{restarts.rtmp_url}/show", show):
            await watching.wait_for_segment("video", 2)
            urls = await watching.rendition_urls()
            before = {name: await watching.playlist(url) for name, url in urls.items()}
            bodies = {name: await bytes_of(watching, urls[name], before[name]) for name in urls}
            await restarts.kill()
        await restarts.start()
        assert await restarts.state(watching, "show") == "interrupted"
        assert await watching.rendition_urls() == urls
        for name, url in urls.items():
            after = await watching.playlist(url)
            assert not after.is_ended
            assert after.segments[: len(before[name].segments)] == before[name].segments
            assert (after.media_sequence, after.target_duration_s, after.part_target_us) == (
                before[name].media_sequence,
                before[name].target_duration_s,
                before[name].part_target_us,
            )
            assert await bytes_of(watching, url, before[name]) == bodies[name]
        # Who waits for what comes next is answered, before players give up.
        async with asyncio.timeout(180):
            status, _ = await watching.get(f"{urls['video']}?_HLS_msn={after.next_msn}")
        assert status == 503


async def bytes_of(watching: Viewer, url: str, playlist: MediaPlaylist) -> list[tuple[int, bytes]]:
    """Fetch every segment and part that a playlist lists."""
    uris = [segment.uri for segment in playlist.segments]
    uris += [part.uri for parts in playlist.parts_by_msn().values() for part in parts]
    return [await watching.get(urljoin(url, uri)) for uri in uris]


async def test_a_show_ends_when_nobody_comes_back_after_a_restart(
    tmp_path: Path, show: Show
) -> None:
    # Longer than a busy machine takes to start a server, or to show the end to who looks for it.
    flags = ("--set", "packager.grace_s=10", "--set", "packager.ended_s=10")
    async with (
        Restarts(tmp_path, *flags) as restarts,
        viewer(restarts.live_url("show")) as watching,
    ):
        async with returning_publisher(f"{restarts.rtmp_url}/show", show):
            await watching.wait_for_segment("video", 2)
            url = (await watching.rendition_urls())["video"]
            await restarts.kill()
        await restarts.start()
        ended = await watching.wait_for_segment("video", 10_000, limit_s=180)
        assert ended.is_ended
        live_folder = tmp_path / "data" / "live"
        async with asyncio.timeout(180):
            while [entry.name for entry in live_folder.iterdir()] != ["lock"]:  # noqa: ASYNC110 - another process's
                await asyncio.sleep(0.1)
        assert (await watching.get(url))[0] == 404


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_stopped_server_lets_everybody_go_and_the_next_one_goes_on(
    tmp_path: Path, show: Show, number: signal.Signals
) -> None:
    async with (
        Restarts(tmp_path) as restarts,
        viewer(restarts.live_url("show")) as watching,
        returning_publisher(f"{restarts.rtmp_url}/show", show),
        aiohttp.ClientSession() as session,
    ):
        await watching.wait_for_segment("video", 2)
        urls = await watching.rendition_urls()
        stop = asyncio.Event()
        reports = following(watching, stop)
        playlist = await middle_of_a_segment(watching)
        ahead = f"{urls['video']}?_HLS_msn={playlist.next_msn + 1}"  # three seconds from now
        waiting = [asyncio.create_task(refusal(session, ahead)) for _ in range(20)]
        await watching.wait_for_waiting(20)
        restarts.server.process.send_signal(number)
        answers = await asyncio.wait_for(asyncio.gather(*waiting), 180)
        assert answers == [(503, "1")] * 20
        assert await asyncio.to_thread(restarts.server.process.wait, 180) == 0
        await restarts.start()
        await watching.wait_for_segment("video", playlist.next_msn + 4)
        stop.set()
        await assert_went_on(watching, urls, await reports)


async def refusal(session: aiohttp.ClientSession, url: str) -> tuple[int, str | None]:
    async with session.get(url) as response:
        await response.read()
        return response.status, response.headers.get("Retry-After")


async def test_neither_encoders_nor_viewers_hold_the_exit(tmp_path: Path, show: Show) -> None:
    """An encoder that hears nothing, a viewer that reads nothing, a thousand that wait."""
    flags = ("--set", "http.drain_s=3")
    async with (
        Restarts(tmp_path, *flags) as restarts,
        viewer(restarts.live_url("show")) as watching,
        returning_publisher(f"{restarts.rtmp_url}/show", show),
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
    ):
        await watching.wait_for_segment("video", 2)
        url = (await watching.rendition_urls())["video"]
        playlist = await watching.playlist(url)
        ahead = f"{url}?_HLS_msn={playlist.next_msn + 1}"
        waiting = [asyncio.create_task(refusal(session, ahead)) for _ in range(300)]
        async with RtmpPublisher(f"{restarts.rtmp_url}/deaf") as deaf:
            await deaf.send(show, duration_s=0.5)
            host, port = restarts.http_url.removeprefix("http://").split(":")
            _, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"GET /live/show/index.m3u8 HTTP/1.1\r\nHost: x\r\n")  # and no more
            restarts.server.process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(restarts.server.process.wait, 180) == 0
            deaf.cut()
            writer.close()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_two_servers_do_not_share_a_folder(tmp_path: Path) -> None:
    async with Restarts(tmp_path):
        with pytest.raises(AssertionError, match="another server uses"):
            await Restarts(tmp_path).start()
