"""Real encoders with a fault each, a real server, and what it says of them; one server for all."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from signal import SIGCONT, SIGSTOP
from typing import Any

import pytest

from analytics.doctor.texts import GOOD_CODES, TEXTS
from tests.analytics.doctor.faulty_encoder import publish_command
from tests.analytics.doctor.faulty_house import (
    House,
    codes_of,
    faulty_house,
    hearing,
    until_found,
    until_gone,
)
from tests.analytics.doctor.faulty_streams import CLOCKS, LINES, STREAMS, FaultyStream
from tests.analytics.doctor.two_clocks import publishing_by
from tests.analytics.doctor.uneven_line import uneven_line
from tests.support.accounts_server import Person, signed_in
from tests.support.encoder import encoder
from tests.support.rtmp_publisher import Message, MessageType, RtmpPublisher, make_show

pytestmark = pytest.mark.real

_LIMIT_S = 240
_OBSERVED_MS = 14_000
_SETTINGS = (
    "analytics.doctor.write_s=2",
    "analytics.preflight.measure_s=16",
    "analytics.preflight.open_per_channel=20",
    "analytics.preflight.at_once_per_account=20",
    "rtmp.idle_timeout_s=60",
)
# A busy machine's own hiccups look like the line's; and a second chance reconnects.
_OF_THE_LINE = {
    "arrival-uneven", "upload-stalls", "upload-falls-behind", "media-stopped", "clock-drift",
    "reconnects",
}  # fmt: skip
_BROKEN = {
    "timestamps-jumped": "warning",
    "timestamps-repaired": "advice",
    "upload-stalls": "warning",
}
_STOPPED = {"media-stopped": "problem"}
_CUT = {"reconnects": "advice"}
# Half seconds of the shaking line, and how late what is sent in them comes.
_LATES_S = (0.0, 0.5, 0.1, 0.45, 0.3, 0.0, 0.5, 0.2)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    channels = (*STREAMS, *LINES, *CLOCKS, "stopped", "broken")
    with faulty_house(tmp_path_factory.mktemp("doctor"), channels, *_SETTINGS) as running:
        yield running


def test_every_finding_has_a_real_stream() -> None:
    streams = (*STREAMS.values(), *LINES.values())
    found = {code for stream in streams for code in stream.expected}
    found |= {code for _, expected in CLOCKS.values() for code in expected}
    assert found | {*_BROKEN, *_STOPPED, *_CUT} == set(TEXTS) - set(GOOD_CODES.values())


async def test_each_fault_of_a_real_stream_is_found(house: House) -> None:
    """In the API, as an event, and in the grade of a set-up."""
    show = await asyncio.to_thread(make_show)
    async with signed_in(house.server, "olga") as olga, signed_in(house.server, "fay") as fay:
        status, _ = await olga.ask(
            "PATCH", "/channels/sparse", {"latencyProfile": "low"}, If_Match="*"
        )
        assert status == 200
        async with hearing(olga, [*STREAMS, *LINES, *CLOCKS]) as heard, asyncio.TaskGroup() as all_:
            for channel, (clocks, expected) in CLOCKS.items():
                url = house.url(channel)
                all_.create_task(
                    _examine_clocks(olga, channel, publishing_by(clocks, url, show), expected)
                )
            for channel, stream in LINES.items():
                all_.create_task(_examine_line(house, olga, channel, stream))
            examined = {
                channel: all_.create_task(_examine(house, olga, channel, stream))
                for channel, stream in STREAMS.items()
            }
            for stream in STREAMS.values():
                if stream.letter is not None:
                    all_.create_task(_examine_trial(house, olga, stream))
        reports = {channel: task.result()["report"] for channel, task in examined.items()}
        _check_clean(reports["clean"])
        _check_measured(reports)
        for channel, stream in STREAMS.items():
            assert heard[channel] >= stream.expected.keys(), channel
        await _check_kept(olga, examined["sparse"].result(), STREAMS["sparse"].expected)
        assert (await fay.ask("GET", "/channels/clean/ingest"))[0] == 403


async def _examine(
    house: House, olga: Person, channel: str, stream: FaultyStream
) -> dict[str, Any]:
    """Publish until all that is wrong was found, and nothing else; return the answer."""
    path = await house.file(stream.file)
    url = house.url(channel, is_secure=stream.is_secure)
    with encoder(stream.command(path, url)):
        answer = await until_found(
            olga, f"/channels/{channel}/ingest", stream.expected, observed_ms=_OBSERVED_MS
        )
    found = codes_of(answer["report"])
    assert found.keys() - _OF_THE_LINE == stream.expected.keys(), f"{channel}: {found}"
    return answer


async def _examine_trial(house: House, olga: Person, stream: FaultyStream) -> None:
    """Publish to a test key: the grade has the same reasons."""
    path = await house.file(stream.file)
    status, made = await olga.ask("POST", "/channels/studio/tests")
    assert status == 201, made
    with encoder(stream.command(path, f"{house.server.rtmp_url}/{made['key']}")):
        for _ in range(_LIMIT_S):
            status, seen = await olga.ask("GET", f"/channels/studio/tests/{made['id']}")
            assert status == 200, seen
            if seen["state"] == "graded":
                break
            await asyncio.sleep(1)
    grade = seen["report"]["grade"]
    reasons = set(grade["reasons"])
    assert reasons - _OF_THE_LINE == stream.expected.keys(), f"{stream}: {grade}"
    if not reasons & _OF_THE_LINE:
        assert grade["letter"] == stream.letter, stream


async def _examine_line(house: House, olga: Person, channel: str, stream: FaultyStream) -> None:
    """Publish over a line until that is found to be bad."""
    path = await house.file(stream.file)
    async with AsyncExitStack() as stack:
        url = house.url(channel)
        if channel == "uneven":
            url = await stack.enter_async_context(uneven_line(url, _LATES_S))
        stack.enter_context(encoder(stream.command(path, url)))
        report_path = f"/channels/{channel}/ingest"
        await until_found(olga, report_path, stream.expected, or_else=stream.or_else)


async def _examine_clocks(
    olga: Person,
    channel: str,
    publishing: AbstractAsyncContextManager[None],
    expected: dict[str, str],
) -> None:
    """Publish by clocks that are wrong until they are found to be."""
    async with publishing:
        await until_found(olga, f"/channels/{channel}/ingest", expected)


def _check_clean(report: dict[str, Any]) -> None:
    video, audio, timing = report["video"], report["audio"], report["timing"]
    assert (video["codec"], video["profile"]) == ("H.264", "High")
    assert (video["widthPx"], video["heightPx"]) == (320, 180)
    assert video["frameRate"] == pytest.approx(30, abs=0.1)
    assert video["keyframeIntervalS"] == pytest.approx(2, abs=0.01)
    assert video["meanBitrateBps"] == pytest.approx(600_000, rel=0.3)
    assert video["droppedFrames"] == 0
    assert (audio["sampleRateHz"], audio["channelCount"]) == (48_000, 2)
    assert abs(timing["startOffsetMs"]) < 100
    assert {each["code"] for each in report["findings"]} >= {
        "keyframes-good",
        "picture-good",
        "sound-good",
        "timing-good",
    }


def _check_measured(reports: dict[str, dict[str, Any]]) -> None:
    """What was made is what was measured, of newer codecs, too."""
    assert reports["sparse"]["video"]["bFrameRun"] == 3
    assert reports["sparse"]["video"]["keyframeIntervalS"] == pytest.approx(5, abs=0.1)
    assert reports["sparse"]["grade"]["verdict"] == "ready-with-advice"
    assert reports["lossy"]["grade"]["verdict"] == "not-ready"
    for channel, codecs in (("hevc", ("HEVC", "Opus")), ("av1", ("AV1", "FLAC"))):
        video, audio = reports[channel]["video"], reports[channel]["audio"]
        assert (video["codec"], audio["codec"]) == codecs
        assert (video["profile"], video["level"]) == ("Main", "2.0")
        assert video["keyframeIntervalS"] == pytest.approx(2, abs=0.05)
        assert video["frameRate"] == pytest.approx(30, abs=0.1)
        assert audio["gapCount"] == 0


async def _check_kept(olga: Person, live: dict[str, Any], expected: dict[str, str]) -> None:
    """The broadcast's report is there when its encoder has gone."""
    answer = await until_found(olga, f"/broadcasts/{live['broadcastId']}/ingest", expected)
    assert answer["channel"] == live["channel"]


async def test_a_frozen_encoder_is_told_of_until_it_goes_on(house: House) -> None:
    path = await house.file(LINES["behind"].file)
    report_path = "/channels/stopped/ingest"
    async with signed_in(house.server, "olga") as olga:
        with encoder(publish_command(path, house.url("stopped"))) as frozen:
            await until_found(olga, report_path, {}, observed_ms=5_000)
            frozen.send_signal(SIGSTOP)
            await until_found(olga, report_path, _STOPPED)
            frozen.send_signal(SIGCONT)
            await until_found(olga, report_path, {"upload-stalls": "problem"})
            await until_gone(olga, report_path, "media-stopped")


async def test_a_broken_publisher_is_told_what_is_wrong_at_once(house: House) -> None:
    """Pauses, times that do not rise or jump, and reconnects; and those who run it hear of it."""
    url = house.url("broken")
    show = await asyncio.to_thread(make_show)
    async with (
        signed_in(house.server, "olga") as olga,
        hearing(olga, ["broken"]) as heard,
    ):
        async with RtmpPublisher(url) as publisher:
            at_ms = await publisher.send(show, realtime=True, duration_s=6)
            await asyncio.sleep(2)  # the line stands still
            at_ms = await publisher.send(show, realtime=True, duration_s=3, from_ms=at_ms)
            doubled = [each for each in show.media() if each.type_id is MessageType.VIDEO][:30]
            for each in doubled:  # the same time again and again
                await publisher.send_media([Message(each.type_id, at_ms, each.payload)])
            at_ms = await publisher.send(show, realtime=True, duration_s=3, from_ms=at_ms + 60_000)
            async with publisher.sending(show):
                await until_found(olga, "/channels/broken/ingest", _BROKEN)
            publisher.cut()
        async with RtmpPublisher(url) as publisher, publisher.sending(show):
            answer = await until_found(olga, "/channels/broken/ingest", _CUT)
        report = answer["report"]
        assert report["reconnectCount"] == 1
        assert report["timing"]["jumpCount"] >= 1
        assert report["timing"]["repairCount"] >= 20
        assert heard["broken"] >= {*_BROKEN, *_CUT}
