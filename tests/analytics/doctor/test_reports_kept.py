"""A server that is killed has kept its reports, and goes on with one; and who may read them."""

import asyncio
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.support.accounts_server import (
    ENABLED,
    Person,
    accounts_server,
    signed_in,
    stream_key,
)
from tests.support.rillcast_server import rillcast_server
from tests.support.rtmp_publisher import AudioSettings, RtmpPublisher, make_show

pytestmark = pytest.mark.real

_LIMIT_S = 60
_MONO = "audio-mono"
_FLAGS = ("--set", "analytics.doctor.write_s=1")


async def _report(person: Person, path: str) -> tuple[set[str], dict[str, Any]]:
    """Wait until mono sound is found; return the codes and the answer."""
    for _ in range(_LIMIT_S * 2):
        status, answer = await person.ask("GET", path)
        assert status == 200, answer
        report = answer["report"]
        if report is not None:
            codes = {each["code"] for each in (*report["findings"], *report["pastFindings"])}
            if _MONO in codes and answer["broadcastId"] is not None:
                return codes, answer
        await asyncio.sleep(0.5)
    raise AssertionError(answer)


async def test_a_killed_server_has_kept_its_report_and_goes_on_with_it(tmp_path: Path) -> None:
    show = await asyncio.to_thread(make_show, audio=AudioSettings(channel_layout="mono"))
    with accounts_server(tmp_path, *_FLAGS) as server:
        key = stream_key(server)
        async with (
            signed_in(server, "olga") as olga,
            RtmpPublisher(server.rtmp_url, key) as publisher,
        ):
            sending = asyncio.create_task(publisher.send(show, realtime=True, duration_s=_LIMIT_S))
            _, live = await _report(olga, "/channels/studio/ingest")
            path = f"/broadcasts/{live['broadcastId']}/ingest"
            await _check_readers(server, path)
            await asyncio.sleep(2.5)  # it is written every second
            server.process.send_signal(signal.SIGKILL)
            server.process.wait(10)
            publisher.cut()
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
    with rillcast_server(tmp_path, *ENABLED, *_FLAGS) as server:
        async with signed_in(server, "olga") as olga:
            _, kept = await _report(olga, path)
            assert kept["report"]["observedMs"] > 2_000
            assert kept["report"]["points"] == []
            stereo = await asyncio.to_thread(make_show)
            async with (
                RtmpPublisher(server.rtmp_url, key) as publisher,
                publisher.sending(stereo),
            ):
                codes, again = await _report(olga, "/channels/studio/ingest")
                assert again["broadcastId"] == live["broadcastId"]
                assert again["report"]["reconnectCount"] == 1
                assert again["report"]["startedAt"] == kept["report"]["startedAt"]
                assert _MONO in codes


async def _check_readers(server: Any, path: str) -> None:
    """The owner and administrators read; others may not, and nobody without a name."""
    for name, expected in (("fay", 403), ("ada", 200)):
        async with signed_in(server, name) as person:
            for each in (path, "/channels/studio/ingest"):
                assert (await person.ask("GET", each))[0] == expected, (name, each)
            assert (await person.ask("GET", "/channels/nobody/ingest"))[0] == 404
            assert (await person.ask("GET", "/broadcasts/brc_0/ingest"))[0] == 404
    async with signed_in(server, "fay") as person:
        person.headers.clear()
        assert (await person.ask("GET", path))[0] == 401
