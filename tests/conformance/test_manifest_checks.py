"""Each rule for an MPD finds its fault, and is silent without."""

import pytest

from conformance.check import Check
from conformance.checks.manifest import (
    check_manifest_delivery,
    check_offsets,
    check_service,
    check_structure,
    check_succession,
)
from conformance.exchange import Exchange
from conformance.finding import Finding
from conformance.mpd import read_document
from tests.conformance.mpds import GOOD, URL, broken, mpd


def found(text: str) -> list[Finding]:
    """Run all checks that one MPD is held to; where the schema is broken, those alone."""
    findings = list(check_structure(URL, read_document(text.encode())))
    if not findings:
        read = mpd(text)
        findings += [*check_offsets(URL, read), *check_service(URL, read)]
    return findings


FAULTS = {
    "unknown attribute": (72, broken('id="p1"', 'id="p1" name="x"')),
    "unknown element": (72, broken("<Role ", "<Rolle ").replace("</Rolle>", "</Role>")),
    "bad duration": (72, broken('start="PT10S"', 'start="10"')),
    "bad number": (72, broken('timescale="90000"', 'timescale="90000.5"')),
    "bad date": (72, broken("2026-11-21T12:00:20.5Z", "yesterday")),
    "bad boolean": (
        72,
        broken('availabilityTimeComplete="false"', 'availabilityTimeComplete="no"'),
    ),
    "bad frame rate": (72, broken("30000/1001", "29.97")),
    "too large": (72, broken('bandwidth="96000"', 'bandwidth="4294967296"')),
    "space in an id": (72, broken('id="audio"', 'id="au dio"')),
    "no profiles": (
        72,
        broken(
            'profiles="urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019" ', ""
        ),
    ),
    "no bandwidth": (72, broken('bandwidth="96000"', "")),
    "no period": (72, GOOD[: GOOD.index("<Period")] + "</MPD>"),
    "wrong order": (
        72,
        broken("<BaseURL>sound/</BaseURL>", "").replace(
            "</Representation>\n</AdaptationSet></Period>",
            "</Representation><BaseURL>sound/</BaseURL></AdaptationSet></Period>",
        ),
    ),
    "text": (72, broken("</AdaptationSet></Period>", "</AdaptationSet>oops</Period>")),
    "twice": (
        72,
        broken(
            '<SegmentTimeline><S t="480000"',
            '<SegmentTimeline><S d="1"/></SegmentTimeline><SegmentTimeline><S t="480000"',
        ),
    ),
    "no codecs": (72, broken('codecs="mp4a.40.2" ', "")),
    "no publish time": (72, broken('publishTime="2026-11-21T12:00:20.5Z"', "")),
    "no update": (72, broken('minimumUpdatePeriod="PT1S" ', "")),
    "no period id": (72, broken('<Period id="p1" ', "<Period ")),
    "same id twice": (72, broken('id="audio"', 'id="video"')),
    "duration and timeline": (72, broken('startNumber="7"', 'startNumber="7" duration="180000"')),
    "no media": (72, broken('media="$Time$.m4s"', "")),
    "no address field": (72, broken("$Time$.m4s", "segment.m4s")),
    "unknown address field": (72, broken("$Time$.m4s", "$Time$-$Frame$.m4s")),
    "segments overlap": (72, broken('<S d="184500"/>', '<S t="1439999" d="184500"/>')),
    "no length": (72, broken('<S d="184500"/>', '<S d="0"/>')),
    "static, but updated": (72, broken('type="dynamic"', 'type="static"')),
    "no offset for sound": (
        74,
        broken(
            'availabilityTimeOffset="1.6"\n  availabilityTimeComplete="false" init',
            '\n  availabilityTimeComplete="false" init',
        ),
    ),
    "not early": (74, broken('availabilityTimeOffset="1.6"', 'availabilityTimeOffset="0"')),
    "too early": (74, broken('availabilityTimeOffset="1.6"', 'availabilityTimeOffset="2.2"')),
    "complete": (74, broken('availabilityTimeComplete="false"', "")),
    "no latency": (76, broken('target="1500" ', "")),
    "target beyond max": (76, broken('target="1500"', 'target="3500"')),
    "no reference": (76, broken('referenceId="0"', 'referenceId="9"')),
    "rate without 1": (76, broken('min="0.96"', 'min="1.01"')),
    "no delay": (76, broken('suggestedPresentationDelay="PT1.5S"', "")),
}


def test_good_mpd_breaks_no_rule() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize("name", FAULTS)
def test_fault_of_an_mpd_is_found(name: str) -> None:
    number, text = FAULTS[name]
    assert {finding.check.number for finding in found(text)} == {number}


SUCCESSIONS = {
    "another start": broken('12:00:00Z" publish', '12:00:01Z" publish'),
    "older": broken("12:00:20.5Z", "12:00:19Z"),
    "period moved": broken('start="PT10S"', 'start="PT11S"'),
    "representation gone": GOOD[: GOOD.index('<AdaptationSet id="2"')]
    + "</Period>"
    + GOOD[GOOD.index('<UTCTiming schemeIdUri="urn:mpeg:dash:utc:http-xs') :],
    "other codecs": broken("avc1.42C00B", "avc1.64001F"),
    "other init": broken("/init.mp4", "/init-2.mp4"),
    "other timescale": broken('timescale="48000"', 'timescale="44100"'),
    "other offset": broken('presentationTimeOffset="480000"', 'presentationTimeOffset="480001"'),
}


@pytest.mark.parametrize("name", SUCCESSIONS)
def test_what_must_not_change_is_watched(name: str) -> None:
    findings = list(check_succession(URL, mpd(), mpd(SUCCESSIONS[name])))
    assert {finding.check for finding in findings} == {Check.MPD_VALID}


def test_good_successor_breaks_no_rule() -> None:
    later = broken("12:00:20.5Z", "12:00:21.5Z").replace('r="2"', 'r="3"')
    assert list(check_succession(URL, mpd(), mpd(later))) == []


def answer(**headers: str) -> Exchange:
    good = {
        "content-type": "application/dash+xml",
        "cache-control": "max-age=1",
        "content-encoding": "gzip",
        "access-control-allow-origin": "*",
    }
    merged = {**good, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Exchange(
        method="GET",
        url=URL,
        status=200,
        headers=merged,
        body=GOOD.encode(),
        requested_s=0.0,
        first_byte_s=0.0,
        arrived_s=0.0,
        arrived_unix_s=0.0,
    )


@pytest.mark.parametrize(
    ("headers", "check"),
    [
        ({"content_type": "text/xml"}, Check.PLAYLIST_TYPE_HEADER),
        ({"cache_control": "max-age=60"}, Check.CACHING),
        ({"content_encoding": "identity"}, Check.GZIP),
        ({"access_control_allow_origin": "http://one.example"}, Check.CORS),
    ],
)
def test_wrong_headers_of_an_mpd_are_found(headers: dict[str, str], check: Check) -> None:
    assert list(check_manifest_delivery(answer(), 1_000_000)) == []
    findings = check_manifest_delivery(answer(**headers), 1_000_000)
    assert {finding.check for finding in findings} == {check}
