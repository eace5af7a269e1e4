"""The active checks against a real origin that plays live, rightly and wrongly."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping

import pytest

from conformance.active import check_ended_actively, check_rendition_actively
from conformance.active.directives import FAR, check_roll_over
from conformance.active.media import check_hint
from conformance.check import Check
from conformance.finding import Finding
from conformance.http_client import HttpClient
from conformance.playlist import MediaPlaylist, read_media_playlist
from tests.conformance.live_media import show
from tests.conformance.origin import Faults, serving, without

ActiveCheck = Callable[[HttpClient, str, MediaPlaylist], AsyncIterator[Finding]]


@pytest.fixture(scope="module", autouse=True)
def _coded_show() -> None:
    show()  # two seconds of encoding, outside of any live run


ACTIVE_FAULTS: dict[str, tuple[Check, Faults]] = {
    "part without msn": (Check.PART_WITHOUT_MSN, Faults(accepts_any_directive=True)),
    "msn too far": (Check.MSN_TOO_FAR, Faults(accepts_any_directive=True)),
    "part too far": (Check.PART_TOO_FAR, Faults(accepts_any_directive=True)),
    "malformed": (Check.MALFORMED_DIRECTIVE, Faults(accepts_any_directive=True)),
    "roll-over": (Check.PART_ROLLS_OVER, Faults(accepts_any_directive=True)),
    "unknown is empty": (Check.HINT_BLOCKS, Faults(unknown_is_empty=True)),
    "hint is not held": (Check.HINT_BLOCKS, Faults(hints_not_held=True)),
    "stale msn": (
        Check.STALE_MSN,
        Faults(refuse_query=lambda query: 400 if query.get("_HLS_msn") in {"0", "1"} else None),
    ),
    "no ranges": (Check.RANGES, Faults(no_ranges=True)),
    "no cors": (Check.CORS, Faults(headers=without("Access-Control-Allow-Origin"))),
    "no cors for ranges": (Check.CORS, Faults(headers=without("Access-Control-Allow-Headers"))),
    "refusals are kept": (
        Check.CACHING,
        Faults(headers=lambda _path, headers: headers.update({"Cache-Control": "max-age=60"})),
    ),
    "skips too much": (
        Check.DELTA,
        Faults(edit=lambda _n, text, _c: skipping_two_more(text)),
    ),
}


def skipping_two_more(text: str) -> str:
    """Leave out two more segments than EXT-X-SKIP had: within the Skip Boundary."""
    match = re.search("SKIPPED-SEGMENTS=([0-9]+)", text)
    if match is None:
        return text
    text = text.replace(match[0], f"SKIPPED-SEGMENTS={int(match[1]) + 2}")
    head, *segments = text.split("#EXT-X-PROGRAM-DATE-TIME")
    return "#EXT-X-PROGRAM-DATE-TIME".join([head, *segments[2:]])


@pytest.fixture(scope="module")
def active_findings() -> dict[str, list[Finding]]:
    async def probed(faults: Faults) -> list[Finding]:
        async with serving(faults) as url, HttpClient() as client:
            rendition = url.replace("index.m3u8", "e0/video/index.m3u8")
            return await check_rendition_actively(client, rendition)

    async def together() -> list[list[Finding]]:
        return await asyncio.gather(*(probed(faults) for _, faults in ACTIVE_FAULTS.values()))

    found = dict(zip(ACTIVE_FAULTS, asyncio.run(together()), strict=True))
    # A show is over sooner than a machine that is held up has looked at it: look again, alone.
    for name, (check, faults) in list(ACTIVE_FAULTS.items()) * 2:
        if check not in {finding.check for finding in found[name]}:
            found[name] = asyncio.run(probed(faults))
    return found


@pytest.mark.parametrize("name", ACTIVE_FAULTS)
def test_fault_that_only_a_bad_player_would_meet_is_found(
    name: str, active_findings: dict[str, list[Finding]]
) -> None:
    assert ACTIVE_FAULTS[name][0] in {finding.check for finding in active_findings[name]}


async def test_part_too_far_is_asked_again_when_its_segment_ended_meanwhile() -> None:
    asked: list[str] = []

    def late_at_first(query: Mapping[str, str]) -> float:
        if query.get("_HLS_part") != str(FAR):
            return 0.0
        asked.append(query["_HLS_msn"])
        return 1.1 if len(asked) == 1 else 0.0  # segments of the show last a second

    async with serving(Faults(delay_s=late_at_first)) as url, HttpClient() as client:
        rendition = url.replace("index.m3u8", "e0/video/index.m3u8")
        found = await check_rendition_actively(client, rendition)
    assert Check.PART_TOO_FAR not in {finding.check for finding in found}
    assert len(asked) > 1
    assert asked[0] < asked[1]


async def test_directives_refused_no_more_since_the_show_ended_are_no_fault() -> None:
    async with serving(Faults(stop_at_s=0.5, delay_s=lambda query: 0.6 * bool(query))) as url:
        rendition = url.replace("index.m3u8", "e0/video/index.m3u8")
        async with HttpClient() as client:
            assert await check_rendition_actively(client, rendition) == []


async def test_requests_given_up_since_the_publisher_is_gone_are_no_fault() -> None:
    async def found(check: ActiveCheck) -> list[Finding]:
        return [finding async for finding in check(client, rendition, playlist)]

    async with serving(Faults(has_no_publisher=True)) as url, HttpClient() as client:
        rendition = url.replace("index.m3u8", "e0/video/index.m3u8")
        playlist = read_media_playlist((await client.get(rendition)).body)
        findings = await asyncio.gather(found(check_roll_over), found(check_hint))
    assert not any(findings)


async def test_ended_playlist_must_ignore_directives() -> None:
    async with serving(Faults(stop_at_s=0.0)) as url, HttpClient() as client:
        rendition = url.replace("index.m3u8", "e0/video/index.m3u8")
        assert await check_ended_actively(client, rendition) == []
    async with serving() as url, HttpClient() as client:
        rendition = url.replace("index.m3u8", "e0/video/index.m3u8")
        found = await check_ended_actively(client, rendition)  # it is live, and refuses: 400
    assert {finding.check for finding in found} == {Check.ENDED_IGNORES}
