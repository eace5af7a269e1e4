"""The probe as somebody at a terminal sees it."""

import asyncio
import io
import json
import os
import signal

import pytest
from rich.console import Console

from conformance import FollowSettings, ProbeExit, probe
from tests.conformance.live_media import show
from tests.conformance.origin import Faults, serving
from tests.support.clean_report import TIMED


@pytest.fixture(scope="module", autouse=True)
def _coded_show() -> None:
    show()


def screen(*, is_terminal: bool = False) -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, width=150, force_terminal=is_terminal), text


async def test_clean_run_ends_with_a_table_and_a_verdict() -> None:
    console, text = screen(is_terminal=True)
    async with serving(Faults(stop_at_s=1.5)) as url:
        code = await probe(url, duration_s=None, console=console)
    shown = text.getvalue()
    assert "avc1.42C00B" in shown
    assert "mp4a.40.2" in shown
    assert code != ProbeExit.NO_TARGET
    if code == ProbeExit.CLEAN:  # a busy machine is late
        assert "no rule broken" in shown.splitlines()[-1] or "0 errors" in shown.splitlines()[-1]


async def test_broken_rules_are_listed_with_their_numbers() -> None:
    console, text = screen()
    faults = Faults(
        headers=lambda _path, headers: headers.update({"Access-Control-Allow-Origin": "x"})
    )
    async with serving(faults) as url:
        code = await probe(url, duration_s=1.0, console=console)
    assert code == ProbeExit.RULES_BROKEN
    assert "error [58] video: any web page may read any answer" in text.getvalue()


async def test_json_report_is_the_only_output() -> None:
    console, text = screen()
    async with serving() as url:
        code = await probe(
            url,
            duration_s=1.0,
            console=console,
            as_json=True,
            settings=FollowSettings(),
        )
    report = json.loads(text.getvalue())
    assert report["url"] == url
    broken = {each["check"] for each in report["findings"] if each["severity"] == "error"}
    assert broken <= {check.number for check in TIMED}  # a busy machine is late
    assert code == (ProbeExit.RULES_BROKEN if broken else ProbeExit.CLEAN)
    assert {each["name"] for each in report["renditions"]} == {"video", "audio"}
    video = next(each for each in report["renditions"] if each["name"] == "video")
    assert video["state"] == "live"
    assert {"jitterP95Ms", "latencyS", "bitrateBps", "stalls", "stalledS"} <= set(video)


async def test_json_report_carries_findings_with_rule_and_source() -> None:
    console, text = screen()
    faults = Faults(edit=lambda _n, body, _c: body.replace("HOLD-BACK=3.0", "HOLD-BACK=2.0"))
    async with serving(faults) as url:
        await probe(url, duration_s=0.6, console=console, as_json=True)
    findings = json.loads(text.getvalue())["findings"]
    assert {each["check"] for each in findings} == {22}
    assert findings[0]["severity"] == "error"
    assert findings[0]["source"] == "rfc8216bis 4.4.3.8"
    assert findings[0]["examples"][0]["text"] == "expected at least 3.00000 s, got 2.00000 s"


async def test_target_that_is_not_there_is_told_in_one_line() -> None:
    console, text = screen()
    async with serving() as url:
        offline = await probe(url.replace("show", "x"), duration_s=1, console=console)
        web = await probe(
            url.replace("index.m3u8", "e0/video/init.mp4"), duration_s=1, console=console
        )
    gone = await probe(url, duration_s=1, console=console)
    as_json = await probe(url, duration_s=1, console=console, as_json=True)
    assert (offline, web, gone, as_json) == (ProbeExit.NO_TARGET,) * 4
    lines = text.getvalue().splitlines()
    assert "nothing is live there" in lines[0]
    assert "expected an HLS playlist" in lines[1]
    assert "cannot connect" in lines[-2]


async def test_ctrl_c_ends_with_the_summary() -> None:
    console, text = screen()
    has_begun = asyncio.Event()

    def note(_name: str, playlist: str, _count: int) -> str:
        has_begun.set()
        return playlist

    async with serving(Faults(edit=note)) as url:
        running = asyncio.create_task(probe(url, duration_s=60, console=console))
        await asyncio.wait_for(has_begun.wait(), 60)  # before that, Ctrl-C would end the tests
        os.kill(os.getpid(), signal.SIGINT)
        code = await asyncio.wait_for(running, 60)
    assert code in {ProbeExit.CLEAN, ProbeExit.RULES_BROKEN}
    assert "followed for" in text.getvalue()
