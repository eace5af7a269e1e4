"""Listening on a whole server: through its own HTTP connections, with real log-ins."""

import asyncio
import json
import signal
from pathlib import Path

import websockets

from tests.support.accounts_server import accounts_server, signed_in


async def test_a_whole_server_tells_followers_and_sends_away_who_signs_out(
    tmp_path: Path,
) -> None:
    with accounts_server(tmp_path) as server:
        url = server.http_url.replace("http", "ws") + "/ws"
        async with signed_in(server, "olga") as olga, signed_in(server, "fay") as fay:
            async with (
                websockets.connect(url, additional_headers=olga.headers, open_timeout=120) as owner,
                websockets.connect(url, open_timeout=120) as anybody,
                fay.session.get("/events?topic=channel:studio") as stream,
            ):
                for socket, topics in ((owner, ["me"]), (anybody, ["live", "channel:studio"])):
                    await socket.recv()
                    await socket.send(json.dumps({"type": "subscribe", "topics": topics}))
                    assert json.loads(await socket.recv())["refused"] == []
                status, _ = await fay.ask("PUT", "/channels/studio/follow", {})
                assert status == 200
                assert json.loads(await owner.recv())["type"] == "follower.gained"
                status, _ = await olga.ask(
                    "PATCH", "/channels/studio", {"title": "N"}, If_Match="*"
                )
                assert status == 200
                assert json.loads(await anybody.recv())["title"] == "N"
                for _ in range(5):  # retry, id, event, data, and an empty line
                    await stream.content.readline()
                assert (await stream.content.readline()).startswith(b"id: ")
                async with fay.session.get("/metrics") as metrics:
                    assert "rillcast_notify_listeners 3.0" in await metrics.text()

                status, _ = await olga.ask("DELETE", "/me/session")
                assert status == 204
                await owner.wait_closed()
                assert owner.close_code == 4401

                server.process.send_signal(signal.SIGINT)
                await anybody.wait_closed()
                assert anybody.close_code == 1001
            assert await asyncio.to_thread(server.process.wait, 180) == 0
