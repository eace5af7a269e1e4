"""Channels of accounts over a restart of the real server."""

from pathlib import Path

import pytest

from tests.support.accounts_server import ENABLED, accounts_server, signed_in, stream_key
from tests.support.encoder import encoder, ffmpeg_command
from tests.support.rillcast_server import rillcast_server
from tests.support.viewer import viewer

pytestmark = pytest.mark.real


async def test_a_show_and_its_broadcast_go_on_after_a_restart(tmp_path: Path) -> None:
    with accounts_server(tmp_path) as server:
        key = stream_key(server)
        async with signed_in(server, "olga") as olga:
            # Longer than the server's own setting, which ends shows that no channel knows.
            status, _ = await olga.ask("PATCH", "/channels/studio", {"graceS": 600}, If_Match="*")
            assert status == 200
        with encoder(ffmpeg_command(f"{server.rtmp_url}/{key}")):
            async with viewer(server.live_url("studio")) as watching:
                before = await watching.rendition_urls()
                assert server.interrupt(180) == 0
    with rillcast_server(tmp_path, *ENABLED, "--set", "packager.grace_s=0") as server:
        async with viewer(server.live_url("studio")) as watching, signed_in(server, "olga") as olga:
            after = await watching.rendition_urls()
            assert [url.split("/")[-3:] for url in after.values()] == [
                url.split("/")[-3:] for url in before.values()
            ]
            _, listed = await olga.ask("GET", "/channels/studio/broadcasts")
            (going_on,) = listed["items"]
            assert going_on["endedAt"] is None
            with encoder(ffmpeg_command(f"{server.rtmp_url}/{key}")):
                last = (await watching.playlist(after["video"])).media_sequence
                await watching.wait_for_segment("video", last + 3)
            _, listed = await olga.ask("GET", "/channels/studio/broadcasts")
            assert [each["id"] for each in listed["items"]] == [going_on["id"]]
