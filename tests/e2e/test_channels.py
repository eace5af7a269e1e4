"""Channels of accounts at the real server: keys, cuts, bans and broadcasts, with real encoders."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.accounts_server import (
    ENABLED,
    accounts_server,
    run_command,
    signed_in,
    stream_key,
)
from tests.support.encoder import encoder, ffmpeg_command
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import PublishRefusedError, RtmpPublisher, make_show
from tests.support.viewer import viewer

pytestmark = pytest.mark.real

LIMIT_S = 120


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    with accounts_server(Path(tmp_path_factory.mktemp("accounts"))) as running:
        yield running


async def ended(process: subprocess.Popen[str]) -> int:
    """Wait until an encoder has noticed that it was shown out."""
    return await asyncio.to_thread(process.wait, LIMIT_S)


async def status_of(server: RillcastServer, path: str) -> int:
    async with viewer(server.http_url + path) as watching:
        return (await watching.get(watching.url))[0]


async def until_offline(server: RillcastServer, channel: str) -> None:
    async with asyncio.timeout(LIMIT_S):
        while await status_of(server, f"/live/{channel}/index.m3u8") != 404:  # noqa: ASYNC110 - it is a server's
            await asyncio.sleep(0.05)


async def test_a_key_publishes_and_each_time_live_is_a_broadcast(server: RillcastServer) -> None:
    run_command(server.data, "channel", "add", "shows", "--owner", "olga@example.org")
    key = stream_key(server, "shows")
    async with signed_in(server, "olga") as olga:
        with encoder(ffmpeg_command(f"{server.rtmp_url}/{key}")):
            async with viewer(server.live_url("shows")) as watching:
                await watching.wait_until_live()
            async with asyncio.timeout(LIMIT_S):
                while not (found := (await olga.ask("GET", "/directory/live"))[1]["items"]):  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.05)
            assert [each["name"] for each in found] == ["shows"]
            status, _ = await olga.ask(
                "PATCH", "/channels/shows", {"title": "Second act"}, If_Match="*"
            )
            assert status == 200
            status, _ = await olga.ask("POST", "/channels/shows/cut")
            assert status == 204
        async with asyncio.timeout(LIMIT_S):
            while True:
                _, listed = await olga.ask("GET", "/channels/shows/broadcasts")
                (card,) = listed["items"]
                if card["endedAt"] is not None:
                    break
                await asyncio.sleep(0.05)
        _, broadcast = await olga.ask("GET", f"/broadcasts/{card['id']}")
    # The first title stood for less than ten seconds: it was mended.
    assert [each["title"] for each in broadcast["titles"]] == ["Second act"]
    assert {track["codec"] for track in broadcast["technical"]["tracks"]} == {"H.264", "AAC"}
    assert key not in server.log_text()


@pytest.mark.parametrize("how", ["revoked", "rotated", "revoked by command"])
async def test_the_publisher_of_a_void_key_is_cut_and_viewers_wait(
    server: RillcastServer, how: str
) -> None:
    async with signed_in(server, "olga") as olga:
        _, key = await olga.ask("POST", "/channels/studio/keys", {"name": how})
        with encoder(ffmpeg_command(f"{server.rtmp_url}/{key['key']}")) as process:
            async with viewer(server.live_url("studio")) as watching:
                await watching.wait_until_live()
            assert process.poll() is None
            path = f"/channels/studio/keys/{key['id']}"
            match how:
                case "revoked":
                    assert (await olga.ask("DELETE", path))[0] == 204
                case "rotated":
                    assert (await olga.ask("POST", f"{path}/rotate"))[0] == 200
                case _:
                    words = ("key", "remove", "studio", "--name", key["id"], *ENABLED)
                    run_command(server.data, *words)
            await ended(process)
        assert await status_of(server, "/live/studio/index.m3u8") == 200
        with pytest.raises(PublishRefusedError, match="Unknown stream key"):
            async with RtmpPublisher(server.rtmp_url, key["key"]):
                pass
        assert (await olga.ask("POST", "/channels/studio/cut"))[0] in {204, 404}
    assert key["key"] not in server.log_text()


@pytest.mark.parametrize("how", ["over the API", "by command", "by suspension"])
async def test_what_is_live_ends_for_all_when_its_channel_is_closed(
    server: RillcastServer, how: str
) -> None:
    key = stream_key(server)
    async with signed_in(server, "ada") as ada:
        with encoder(ffmpeg_command(f"{server.rtmp_url}/{key}")) as process:
            async with viewer(server.live_url("studio")) as watching:
                playlist = (await watching.rendition_urls())["video"]
                waiting = asyncio.create_task(watching.get(playlist + "?_HLS_msn=4"))
                match how:
                    case "over the API":
                        status, _ = await ada.ask(
                            "PUT", "/admin/channels/studio/ban", {"reason": "films"}
                        )
                        assert status == 200
                    case "by command":
                        words = ("channel", "ban", "studio")
                        run_command(server.data, *words)
                    case _:
                        words = ("user", "suspend", "olga@example.org")
                        run_command(server.data, *words)
                await ended(process)
                await until_offline(server, "studio")
                assert (await watching.get(playlist))[0] == 404
                status, _ = await waiting
                assert status in {200, 404, 503}
        with pytest.raises(PublishRefusedError, match="closed"):
            async with RtmpPublisher(server.rtmp_url, key):
                pass
        assert (await ada.ask("DELETE", "/admin/channels/studio/ban"))[0] == 204
    run_command(server.data, "user", "restore", "olga@example.org")
    async with RtmpPublisher(server.rtmp_url, key) as publisher:
        await publisher.send_media(make_show().sequence_starts())


async def test_a_show_is_cut_by_command_and_its_channel_stays_open(server: RillcastServer) -> None:
    run_command(server.data, "channel", "add", "cut-short", "--owner", "olga@example.org")
    key = stream_key(server, "cut-short")
    async with viewer(server.live_url("cut-short")) as watching:
        with encoder(ffmpeg_command(f"{server.rtmp_url}/{key}")) as process:
            await watching.wait_until_live()
            run_command(server.data, "channel", "cut", "cut-short")
            await ended(process)
            await until_offline(server, "cut-short")
        with encoder(ffmpeg_command(f"{server.rtmp_url}/{key}")):
            await watching.wait_until_live()


async def test_a_publisher_who_comes_back_with_the_new_key_goes_on_with_the_show(
    server: RillcastServer,
) -> None:
    run_command(server.data, "channel", "add", "goes-on", "--owner", "olga@example.org")
    async with signed_in(server, "olga") as olga:
        _, key = await olga.ask("POST", "/channels/goes-on/keys", {"name": "one"})
        async with viewer(server.live_url("goes-on")) as watching:
            with encoder(ffmpeg_command(f"{server.rtmp_url}/{key['key']}")):
                before = await watching.rendition_urls()
                _, new = await olga.ask("POST", f"/channels/goes-on/keys/{key['id']}/rotate")
            with encoder(ffmpeg_command(f"{server.rtmp_url}/{new['key']}")):
                last = (await watching.playlist(before["video"])).media_sequence
                await watching.wait_for_segment("video", last + 4)
                assert await watching.rendition_urls() == before  # the same epoch
        _, listed = await olga.ask("GET", "/channels/goes-on/broadcasts")
        assert len(listed["items"]) == 1
