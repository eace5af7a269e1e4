"""A real ffmpeg whose timestamps jump: its streamer is told so when it happens."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.support.accounts_server import accounts_server, signed_in, stream_key
from tests.support.encoder import encoder, ffmpeg_command

pytestmark = pytest.mark.real

_LIMIT_S = 120
# Between any two seconds of pictures twenty more are missing, in milliseconds. With sound beside
# them ffmpeg would keep the pictures back.
_JUMPS = ("-an", "-bsf:v", "setts=ts=TS+floor(N/30)*20000")


async def test_a_publisher_that_jumps_is_warned_within_bounds(tmp_path: Path) -> None:
    with accounts_server(tmp_path) as server:
        url = f"{server.rtmp_url}/{stream_key(server)}"
        async with (
            signed_in(server, "olga") as olga,
            olga.session.ws_connect("/ws", headers=olga.headers) as socket,
        ):
            await socket.send_json({"type": "subscribe", "topics": ["channel:studio"]})
            with encoder(ffmpeg_command(url, gop_frames=30, more=_JUMPS)):
                async with asyncio.timeout(_LIMIT_S):
                    jumps: list[str] = []
                    while len(jumps) < 2:
                        told = json.loads((await socket.receive()).data)
                        if told.get("code") == "timestamps-jumped":
                            assert (told["type"], told["channel"]) == ("publisher.warned", "studio")
                            jumps.append(told["text"])
        first, second = jumps
        assert first.startswith("video: timestamps jumped")
        assert "times)" in second  # ten seconds of jumps in one warning
