"""`validate` in process: what it prints, and how it exits."""

import io
import json
import re

import pytest
from rich.console import Console

from conformance.check import Check
from conformance.probe import ProbeExit
from conformance.validation import validate
from tests.conformance.dash_origin import DashFaults, serving_dash
from tests.conformance.live_media import show
from tests.conformance.origin import Faults, serving, without
from tests.support.clean_report import TIMED


@pytest.fixture(scope="module", autouse=True)
def _coded_show() -> None:
    show()  # two seconds of encoding, outside of any live run


async def run(url: str, *, as_json: bool = False, waiters: int = 0) -> tuple[int, str]:
    printed = io.StringIO()
    console = Console(file=printed, width=100)
    code = await validate(url, duration_s=3.0, console=console, as_json=as_json, waiters=waiters)
    return code, printed.getvalue()


def assert_clean(code: int, text: str) -> None:
    """No MUST is broken, but for what a busy machine makes late."""
    broken = {int(number) for number in re.findall(r"^ *MUST +(\d+)", text, re.MULTILINE)}
    broken -= {check.number for check in TIMED}
    assert not broken, text
    assert code == ProbeExit.CLEAN or "MUST" in text


async def test_right_hls_and_dash_exit_0() -> None:
    async with serving() as url:
        code, text = await run(url, waiters=20)
    assert_clean(code, text)
    assert "video" in text
    async with serving_dash() as url:
        code, text = await run(url)
    assert_clean(code, text)


async def test_broken_rule_is_told_with_what_was_expected_and_where_and_exits_1() -> None:
    async with serving(Faults(headers=without("Access-Control-Allow-Origin"))) as url:
        code, text = await run(url)
    assert code == ProbeExit.RULES_BROKEN
    assert "MUST 58  any web page may read any answer  (Fetch 3.2)" in text
    assert "expected Access-Control-Allow-Origin: *, got None" in text
    assert f"at {url}" in text
    assert "1 MUST" in text.splitlines()[-1]


async def test_broken_dash_exits_1_and_json_has_the_check() -> None:
    async with serving_dash(DashFaults(reference_off_s=0.5)) as url:
        code, text = await run(url, as_json=True)
    assert code == ProbeExit.RULES_BROKEN
    report = json.loads(text)
    assert {finding["check"] for finding in report["findings"]} >= {78}
    assert report["errors"] > 0
    assert [rule["check"] for rule in report["rules"]] == [check.number for check in Check]
    assert [rule["check"] for rule in report["rules"] if rule["errors"]] == [78]


@pytest.mark.parametrize("as_json", [False, True])
async def test_nobody_there_exits_2(as_json: bool) -> None:
    async with serving() as url:
        pass
    code, text = await run(url, as_json=as_json)
    assert code == ProbeExit.NO_TARGET
    assert "cannot connect" in text
