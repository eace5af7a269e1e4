"""Check 53: many viewers who wait for one part of a real origin, served rightly and wrongly."""

from collections.abc import Callable, Mapping
from itertools import count

import pytest

from conformance.active import check_waiting
from conformance.check import Check
from conformance.finding import Finding, Severity
from conformance.http_client import HttpClient
from tests.conformance.live_media import show
from tests.conformance.origin import Faults, serving

WAITERS = 150


@pytest.fixture(scope="module", autouse=True)
def _coded_show() -> None:
    show()  # two seconds of encoding, outside of any live run


async def found(faults: Faults) -> list[Finding]:
    async with serving(faults) as url, HttpClient() as client:
        rendition = url.replace("index.m3u8", "e0/video/index.m3u8")
        return await check_waiting(client, rendition, WAITERS)


def every_third() -> Callable[[Mapping[str, str]], bool]:
    """Choose some of the requests that wait."""
    counted = count()
    return lambda query: bool(query) and next(counted) % 3 == 0


async def test_waiters_who_are_served_alike_break_no_rule() -> None:
    findings = await found(Faults())
    assert [each for each in findings if each.severity is Severity.ERROR] == []


async def test_waiters_who_are_refused_are_found() -> None:
    is_chosen = every_third()
    findings = await found(Faults(refuse_query=lambda query: 503 if is_chosen(query) else None))
    assert [(each.check, each.severity) for each in findings] == [(Check.WAITERS, Severity.ERROR)]
    assert "503 for 50" in findings[0].text


async def test_a_playlist_rendered_for_each_waiter_is_found() -> None:
    findings = await found(Faults(renders_each=True))
    assert (Check.WAITERS, Severity.ERROR) in {(each.check, each.severity) for each in findings}


async def test_waiters_who_wake_long_after_the_others_are_found() -> None:
    is_chosen = every_third()
    findings = await found(Faults(delay_s=lambda query: 1.5 if is_chosen(query) else 0.0))
    assert "expected the last answer within" in " ".join(each.text for each in findings)


async def test_a_playlist_without_blocking_reload_is_not_judged() -> None:
    plain = Faults(edit=lambda _n, text, _c: text.replace("CAN-BLOCK-RELOAD=YES,", ""))
    assert await found(plain) == []


async def test_nobody_there_is_told_as_such() -> None:
    async with serving() as url:
        pass
    async with HttpClient() as client:
        findings = await check_waiting(client, url, WAITERS)
    assert {each.check for each in findings} == {Check.AVAILABLE}
