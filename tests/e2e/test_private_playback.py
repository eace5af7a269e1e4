"""Channels that are not open to all, at the real server: tokens, links, and what ends both."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.accounts_server import Person, accounts_server, signed_in, stream_key
from tests.support.encoder import encoder, ffmpeg_command
from tests.support.rillcast_server import RillcastServer
from tests.support.viewer import viewer

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    with accounts_server(Path(tmp_path_factory.mktemp("private"))) as running:
        yield running


async def leave(server: RillcastServer, asker: Person, link: str | None = None) -> tuple[int, Any]:
    status, answer = await asker.ask("POST", "/channels/studio/playback", {"link": link})
    return status, server.http_url + answer["hls"] if status == 200 else answer


async def status_of(url: str) -> int:
    async with viewer(url) as watching:
        return (await watching.get(url))[0]


async def test_a_private_show_is_watched_by_who_was_let_in_and_nobody_else(
    server: RillcastServer,
) -> None:
    key = stream_key(server)
    async with signed_in(server, "olga") as olga, signed_in(server, "fay") as fay:
        status, _ = await olga.ask(
            "PATCH", "/channels/studio", {"visibility": "private"}, If_Match="*"
        )
        assert status == 200
        with encoder(ffmpeg_command(f"{server.rtmp_url}/{key}")):
            _, own_url = await leave(server, olga)
            async with viewer(own_url) as watching:
                await watching.wait_for_segment("video", 3)
                decoded = await watching.decode("video")  # every address inherits the token
                assert decoded.complaints == ()
                assert len(decoded.times_s) > 30
            # It is nowhere to be seen for others.
            assert await status_of(server.live_url("studio")) == 404
            assert (await leave(server, fay))[0] == 404
            for person in (fay, olga):
                _, directory = await person.ask("GET", "/directory/live")
                assert directory["items"] == []
                _, everything = await person.ask("GET", "/live")
                assert everything["channels"] == []
                _, hidden = await person.ask("GET", "/live/studio")
                assert hidden["state"] == "offline"
            # By a link everybody can, until it is taken back.
            _, link = await olga.ask("POST", "/channels/studio/links", {"name": "friends"})
            status, url = await leave(server, fay, link["token"])
            assert (status, await status_of(url)) == (200, 200)
            status, _ = await olga.ask("DELETE", f"/channels/studio/links/{link['id']}")
            assert status == 204
            assert await status_of(url) == 403
            assert await status_of(own_url) == 200
            # Opened to followers, it lets them in until they are banned.
            await olga.ask("PATCH", "/channels/studio", {"visibility": "followers"}, If_Match="*")
            assert (await leave(server, fay))[0] == 403
            await fay.ask("PUT", "/channels/studio/follow", {})
            status, url = await leave(server, fay)
            assert (status, await status_of(url)) == (200, 200)
            _, me = await fay.ask("GET", "/me")
            status, _ = await olga.ask("PUT", f"/channels/studio/bans/{me['id']}", {})
            assert status == 200
            assert await status_of(url) == 403
            assert (await leave(server, fay))[0] == 403
            # Public again, it is where everybody watches.
            await olga.ask("PATCH", "/channels/studio", {"visibility": "public"}, If_Match="*")
            assert await status_of(server.live_url("studio")) == 200
    for secret in (own_url.split("~")[1].split("/")[0], link["token"], key):
        assert secret not in server.log_text()
