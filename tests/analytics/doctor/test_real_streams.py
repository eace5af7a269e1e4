"""Real encoders with a fault each, a real server, and what it says of them; one server for all."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.analytics.doctor.faulty_encoder import FaultyFile, publish_command
from tests.support.accounts_server import (
    Person,
    accounts_server,
    run_command,
    signed_in,
    stream_key,
)
from tests.support.encoder import encoder
from tests.support.rillcast_server import RillcastServer
from tests.support.rtmp_publisher import Message, MessageType, RtmpPublisher, make_show

pytestmark = pytest.mark.real

_LIMIT_S = 45
_EVEN_VARIED = "settb=1/1000,setpts=PTS+floor(mod(N*7919\\,13))*0.0021/TB"
# A busy machine's own hiccups look like the line's.
_OF_THE_LINE = {"arrival-uneven", "upload-stalls", "upload-falls-behind", "clock-drift"}

# channel: (file, what must be found in the end)
STREAMS: dict[str, tuple[FaultyFile, dict[str, str]]] = {
    "clean": (FaultyFile(), {}),
    "sparse": (
        FaultyFile(
            gop="150", video=("-b:v", "1500k", "-bf", "3", "-b_strategy", "0"),
            sound=("-ac", "1", "-ar", "32000", "-b:a", "64k"),
        ),
        {
            "keyframe-interval-long": "warning", "audio-mono": "advice",
            "sample-rate-unusual": "advice", "b-frames": "warning",
        },
    ),
    "slow": (
        FaultyFile(rate="12", gop="24", profile="baseline", sound=None),
        {
            "frame-rate-low": "warning", "profile-baseline": "advice", "audio-missing": "warning",
        },
    ),
    "vary": (
        FaultyFile(
            filters=_EVEN_VARIED, is_silent=True,
            video=("-b:v", "1500k", "-fps_mode", "passthrough", "-enc_time_base", "1:1000"),
        ),
        {"frame-rate-variable": "warning", "audio-silent": "warning"},
    ),
    "poor": (
        FaultyFile(size="1280x720", video=("-b:v", "150k", "-maxrate", "150k", "-bufsize", "150k"),
                   sound_offset_s=0.6),
        {"bitrate-low": "warning", "av-offset": "advice"},
    ),
    "lossy": (
        FaultyFile(
            filters="select=mod(n\\,40)-7", sound_s=9,
            video=("-b:v", "1500k", "-fps_mode", "passthrough"),
        ),
        {"frames-dropped": "warning", "audio-stalled": "problem"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RillcastServer]:
    flags = ("--set", "accounts.channels.per_account=20", "--set", "analytics.doctor.write_s=2")
    folder = tmp_path_factory.mktemp("doctor")
    with accounts_server(folder, *flags) as running:
        for channel in (*STREAMS, "broken"):
            run_command(
                running.data, "channel", "add", channel, "--owner", "olga@example.org", *flags
            )
        yield running


async def _found(person: Person, path: str) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the findings, good ones left out, and the whole answer."""
    status, answer = await person.ask("GET", path)
    assert status == 200, answer
    report = answer["report"]
    found = [] if report is None else [*report["findings"], *report["pastFindings"]]
    return {each["code"]: each["severity"] for each in found if each["severity"] != "good"}, answer


async def _until(person: Person, path: str, expected: dict[str, str]) -> dict[str, Any]:
    """Wait until all that is expected was found; return the answer."""
    found: dict[str, str] = {}
    for _ in range(_LIMIT_S * 2):
        found, answer = await _found(person, path)
        if expected.items() <= found.items() and answer["report"] is not None:
            return answer
        await asyncio.sleep(0.5)
    raise AssertionError(f"{path}: expected {expected}, found {found}")


@asynccontextmanager
async def _publishing(server: RillcastServer, folder: Path) -> AsyncIterator[None]:
    with ExitStack() as stack:
        for channel, (made, _) in STREAMS.items():
            path = folder / f"{channel}.flv"
            await asyncio.to_thread(made.make, path)
        for channel in STREAMS:
            key = stream_key(server, channel)
            url = f"{server.rtmp_url}/{key}"
            stack.enter_context(encoder(publish_command(folder / f"{channel}.flv", url)))
        yield


async def test_each_fault_of_a_real_stream_is_found(server: RillcastServer, tmp_path: Path) -> None:
    async with signed_in(server, "olga") as olga, signed_in(server, "fay") as fay:
        status, _ = await olga.ask(
            "PATCH", "/channels/sparse", {"latencyProfile": "low"}, If_Match="*"
        )
        assert status == 200
        async with _publishing(server, tmp_path):
            for channel, (_, expected) in STREAMS.items():
                await _until(olga, f"/channels/{channel}/ingest", expected)
            reports = {}
            for channel, (_, expected) in STREAMS.items():
                found, answer = await _found(olga, f"/channels/{channel}/ingest")
                assert found.keys() - _OF_THE_LINE == expected.keys(), channel
                reports[channel] = answer
            assert (await fay.ask("GET", "/channels/clean/ingest"))[0] == 403
        _check_clean(reports["clean"]["report"])
        sparse = reports["sparse"]["report"]
        assert sparse["video"]["bFrameRun"] == 3
        assert sparse["video"]["keyframeIntervalS"] == pytest.approx(5, abs=0.1)
        assert sparse["grade"]["verdict"] == "ready-with-advice"
        assert reports["lossy"]["report"]["grade"]["verdict"] == "not-ready"
        await _check_kept(olga, reports["sparse"], STREAMS["sparse"][1])


def _check_clean(report: dict[str, Any]) -> None:
    video, audio, timing = report["video"], report["audio"], report["timing"]
    assert (video["codec"], video["profile"]) == ("H.264", "High")
    assert (video["widthPx"], video["heightPx"]) == (640, 360)
    assert video["frameRate"] == pytest.approx(30, abs=0.1)
    assert video["keyframeIntervalS"] == pytest.approx(2, abs=0.01)
    assert video["meanBitrateBps"] == pytest.approx(1_500_000, rel=0.3)
    assert video["droppedFrames"] == 0
    assert (audio["sampleRateHz"], audio["channelCount"]) == (48_000, 2)
    assert abs(timing["startOffsetMs"]) < 100
    assert report["observedMs"] > 5_000
    assert {each["code"] for each in report["findings"]} >= {
        "keyframes-good",
        "picture-good",
        "sound-good",
        "timing-good",
    }


async def _check_kept(olga: Person, live: dict[str, Any], expected: dict[str, str]) -> None:
    """The broadcast's report is there when its encoder has gone."""
    path = f"/broadcasts/{live['broadcastId']}/ingest"
    answer = await _until(olga, path, expected)
    assert answer["channel"] == live["channel"]


@asynccontextmanager
async def _hearing(person: Person, topic: str) -> AsyncIterator[list[dict[str, Any]]]:
    """Collect what is told of findings meanwhile."""
    heard: list[dict[str, Any]] = []

    async def collect(socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            told = json.loads(message.data)
            if told["type"] == "publisher.findings":
                heard.append(told)

    async with person.session.ws_connect("/ws", headers=person.headers) as socket:
        await socket.send_json({"type": "subscribe", "topics": [topic]})
        task = asyncio.create_task(collect(socket))
        yield heard
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_broken_publisher_is_told_what_is_wrong_at_once(server: RillcastServer) -> None:
    """Pauses, times that do not rise or jump, and reconnects; and those who run it hear of it."""
    key = stream_key(server, "broken")
    show = await asyncio.to_thread(make_show)
    async with (
        signed_in(server, "olga") as olga,
        _hearing(olga, "channel:broken") as heard,
    ):
        async with RtmpPublisher(server.rtmp_url, key) as publisher:
            at_ms = await publisher.send(show, realtime=True, duration_s=6)
            await asyncio.sleep(2)  # the line stands still
            at_ms = await publisher.send(show, realtime=True, duration_s=3, from_ms=at_ms)
            doubled = [each for each in show.media() if each.type_id is MessageType.VIDEO][:30]
            for each in doubled:  # the same time again and again
                await publisher.send_media([Message(each.type_id, at_ms, each.payload)])
            at_ms = await publisher.send(show, realtime=True, duration_s=3, from_ms=at_ms + 60_000)
            expected = {"timestamps-jumped": "warning", "upload-stalls": "warning"}
            async with publisher.sending(show):
                await _until(olga, "/channels/broken/ingest", expected)
            publisher.cut()
        async with RtmpPublisher(server.rtmp_url, key) as publisher, publisher.sending(show):
            answer = await _until(olga, "/channels/broken/ingest", {"reconnects": "advice"})
        report = answer["report"]
        assert report["reconnectCount"] == 1
        assert report["timing"]["jumpCount"] >= 1
        assert report["timing"]["repairCount"] >= 20
        codes = {finding["code"] for each in heard for finding in each["findings"]}
        assert {"timestamps-jumped", "upload-stalls", "reconnects"} <= codes
