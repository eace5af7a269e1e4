"""The DASH follower against a real origin that plays live, rightly and wrongly."""

import asyncio
import re
from collections.abc import Callable

import pytest

from conformance import FollowSettings, RenditionState, Report, follow
from conformance.check import Check
from conformance.errors import TargetNotLiveError, TargetOfflineError
from tests.conformance.dash_origin import DashFaults, at, serving_dash
from tests.conformance.live_media import show
from tests.conformance.origin import without

# What a busy machine may make a right origin look like: late.
TIMING = {Check.SEGMENT_AVAILABLE}


@pytest.fixture(scope="module", autouse=True)
def _coded_show() -> None:
    show()  # two seconds of encoding, outside of any live run


async def followed(
    faults: DashFaults, *, duration_s: float = 5.0, until: Check | None = None
) -> Report:
    """Follow an origin with faults for a while, or until a rule is found broken."""
    stop = asyncio.Event()

    def look(report: Report) -> None:
        if until in {tally.check for tally in report.findings}:
            stop.set()

    async with serving_dash(faults) as url:
        return await follow(
            url,
            duration_s=duration_s,
            settings=FollowSettings(checks_actively=True),
            observer=look,
            stop=stop,
        )


def broken(report: Report) -> set[Check]:
    return {tally.check for tally in report.findings} - TIMING


async def test_live_dash_that_obeys_breaks_no_rule() -> None:
    report = await followed(DashFaults(), duration_s=6.0)
    assert broken(report) == set(), report.to_json()
    video, audio = sorted(report.renditions, key=lambda each: each.name, reverse=True)
    assert (video.kind, video.codec) == ("video", "avc1.42C00B")
    assert (audio.kind, audio.codec) == ("audio", "mp4a.40.2")
    assert video.segments >= 3
    assert video.parts > 10
    assert video.latency_mean_s is not None
    assert video.bitrate_bps is not None
    assert video.failures == audio.failures == 0


async def test_show_that_ends_is_followed_to_its_end() -> None:
    async with serving_dash(DashFaults(stop_at_s=2.0)) as url:
        report = await asyncio.wait_for(follow(url), 60)
    assert report.has_ended
    assert {each.state for each in report.renditions} == {RenditionState.ENDED}
    assert broken(report) == set(), report.to_json()


async def test_news_are_asked_for_where_the_manifest_says() -> None:
    moved = at("<ServiceDescription>", "<Location>gone.mpd</Location><ServiceDescription>")
    report = await followed(DashFaults(mpd=moved), duration_s=2.0)
    (found,) = (each for each in report.findings if each.check is Check.AVAILABLE)
    assert found.findings[0].url.endswith("/live/show/gone.mpd")


async def test_new_period_is_followed_too() -> None:
    reads = 0

    def split(text: str) -> str:
        """Call the same show another period after a while."""
        nonlocal reads
        reads += 1
        return text if reads < 4 else text.replace('id="p1"', 'id="p2"')

    report = await followed(DashFaults(mpd=split), duration_s=5.0)
    assert {each.name for each in report.renditions} == {
        "video",
        "audio",
        "p2/video",
        "p2/audio",
    }
    assert broken(report) == set(), report.to_json()


def corrupted(name: str, change: Callable[[bytes], bytes]) -> Callable[[str, bytes], bytes]:
    pattern = re.compile(name)
    return lambda path, body: change(body) if pattern.fullmatch(path) else body


def tfdt_moved(body: bytes) -> bytes:
    at_byte = body.index(b"tfdt") + 15
    return body[:at_byte] + bytes([body[at_byte] ^ 4]) + body[at_byte + 1 :]


def not_sync(body: bytes) -> bytes:
    """Set the first sample's flags to those of a picture that needs others."""
    at_byte = body.index(b"trun")
    flags = int.from_bytes(body[at_byte + 4 : at_byte + 8], "big")
    if flags & 0x4:
        place = at_byte + 16
        return body[:place] + (0x01010000).to_bytes(4, "big") + body[place + 4 :]
    return body.replace((0x02000000).to_bytes(4, "big"), (0x01010000).to_bytes(4, "big"), 1)


def breaking_at_the_third() -> Callable[[str], str]:
    """Leave out what an MPD needs, but not at first: then nothing would be followed at all."""
    reads = 0

    def edit(text: str) -> str:
        nonlocal reads
        reads += 1
        return text if reads < 3 else text.replace('minBufferTime="PT0.4S"', "")

    return edit


LIVE_FAULTS: dict[str, tuple[Check, DashFaults]] = {
    "sends at the end, with a length": (Check.PROGRESSIVE, DashFaults(waits_for_the_end=True)),
    "sends at the end, in pieces": (
        Check.PROGRESSIVE,
        DashFaults(waits_for_the_end=True, hides_the_length=True),
    ),
    "tears chunks": (Check.PROGRESSIVE, DashFaults(tears_chunks=True)),
    "complete": (
        Check.AVAILABILITY_OFFSET,
        DashFaults(mpd=at("availabilityTimeComplete=.false.", "")),
    ),
    "schema, later": (Check.MPD_VALID, DashFaults(mpd=breaking_at_the_third())),
    "segments missing": (
        Check.SEGMENT_AVAILABLE,
        DashFaults(refuse=lambda path: 404 if "audio/segment" in path else None),
    ),
    "segments late": (Check.SEGMENT_AVAILABLE, DashFaults(late_s=0.9)),
    "answers before the time": (Check.SEGMENT_AVAILABLE, DashFaults(knows_the_future=True)),
    "oldest is gone": (
        Check.SEGMENT_AVAILABLE,
        DashFaults(refuse=lambda path: 404 if re.search(r"segment-[12]\.", path) else None),
    ),
    "no offset for sound": (
        Check.AVAILABILITY_OFFSET,
        DashFaults(
            mpd=lambda text: (
                text.replace('availabilityTimeOffset="0.8"', "x", 1)
                .replace('availabilityTimeOffset="0.8"', "")
                .replace(" x ", ' availabilityTimeOffset="0.8" ')
            )
        ),
    ),
    "no clock": (Check.UTC_TIMING, DashFaults(mpd=at("<UTCTiming.*>", ""))),
    "unknown clock": (Check.UTC_TIMING, DashFaults(mpd=at("http-iso:2014", "sundial:2014"))),
    "clock refuses": (
        Check.UTC_TIMING,
        DashFaults(refuse=lambda path: 500 if path == "/time" else None),
    ),
    "clock is wrong": (Check.UTC_TIMING, DashFaults(clock_off_s=7.0)),
    "clock is kept": (
        Check.UTC_TIMING,
        DashFaults(
            headers=lambda path, headers: (
                headers.update({"Cache-Control": "max-age=60"}) if path == "/time" else None
            )
        ),
    ),
    "no service": (
        Check.SERVICE_DESCRIPTION,
        DashFaults(mpd=at("<ServiceDescription.*</ServiceDescription>", "")),
    ),
    "wrong t": (
        Check.SEGMENT_TIMES,
        DashFaults(mpd=lambda text: re.sub(r't="(\d+)"', lambda m: f't="{int(m[1]) + 90}"', text)),
    ),
    "wrong d": (Check.SEGMENT_TIMES, DashFaults(mpd=at(r'd="\d+"', 'd="90900"'))),
    "prft off": (Check.REFERENCE_TIME, DashFaults(reference_off_s=0.15)),
    "prft promised": (Check.REFERENCE_TIME, DashFaults(has_reference=False)),
    "wrong codecs": (Check.CODECS, DashFaults(mpd=at("avc1.42C00B", "avc1.64001F"))),
    "wrong size": (Check.CODECS, DashFaults(mpd=at('width="160"', 'width="320"'))),
    "tfdt jumps": (
        Check.DECODE_TIME,
        DashFaults(media=corrupted(r"video/\d*[27]", tfdt_moved)),
    ),
    "no sync sample": (
        Check.SYNC,
        DashFaults(media=corrupted(r"video/\d*[16]", not_sync)),
    ),
    "broken fragment": (
        Check.FRAGMENT_SHAPE,
        DashFaults(media=corrupted(r"audio/\d+", lambda body: body[:-5])),
    ),
    "broken init": (
        Check.INIT_SHAPE,
        DashFaults(media=corrupted("video/init", lambda body: body[:100])),
    ),
    "no cors": (
        Check.CORS,
        DashFaults(headers=without("Access-Control-Allow-Origin")),
    ),
}


@pytest.fixture(scope="module")
def live_reports() -> dict[str, Report]:
    """Some faults at once, each on an origin of its own: a live run takes as long as it takes."""

    async def found(name: str) -> Report:
        check, faults = LIVE_FAULTS[name]
        # Whether segments come as they grow is judged when the run is over.
        until = None if check is Check.PROGRESSIVE else check
        return await followed(faults, duration_s=6.0 if until is None else 12.0, until=until)

    async def together(names: list[str]) -> list[Report]:
        return await asyncio.gather(*(found(name) for name in names))

    names = list(LIVE_FAULTS)
    reports: dict[str, Report] = {}
    for some in (names[:9], names[9:18], names[18:]):
        reports.update(zip(some, asyncio.run(together(some)), strict=True))
    # A show is over sooner than a machine that is held up has looked at it: look again, alone.
    for name, (check, _) in list(LIVE_FAULTS.items()) * 2:
        if check not in {tally.check for tally in reports[name].findings}:
            reports[name] = asyncio.run(found(name))
    return reports


@pytest.mark.parametrize("name", LIVE_FAULTS)
def test_fault_of_a_live_origin_is_found(name: str, live_reports: dict[str, Report]) -> None:
    check, _ = LIVE_FAULTS[name]
    assert check in {tally.check for tally in live_reports[name].findings}


async def test_addresses_without_an_mpd_are_told_apart() -> None:
    async with serving_dash(DashFaults(mpd=lambda text: text.replace("<Period", "<Peri"))) as url:
        with pytest.raises(TargetNotLiveError, match="expected an MPD"):
            await follow(url)
        with pytest.raises(TargetOfflineError, match="status 404"):
            await follow(url.replace("show", "nobody"))
