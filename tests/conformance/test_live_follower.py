"""The follower against a real origin that plays live, rightly and wrongly."""

import asyncio
import re
from collections.abc import Callable

import pytest
from aiohttp import web

from conformance import FollowSettings, RenditionState, Report, follow
from conformance.check import Check
from conformance.errors import TargetNotLiveError, TargetOfflineError, TargetUnreachableError
from conformance.http_client import HttpClient
from tests.conformance.live_media import show
from tests.conformance.origin import Faults, serving, without

# What a busy machine may make a right origin look like: late.
TIMING = {Check.PART_CADENCE, Check.SEGMENT_CADENCE, Check.HOLD_ENDS}


@pytest.fixture(scope="module", autouse=True)
def _coded_show() -> None:
    show()  # two seconds of encoding, outside of any live run


async def followed(
    faults: Faults, *, duration_s: float = 2.6, until: Check | None = None, **settings: object
) -> Report:
    """Follow an origin with faults for a while, or until a rule is found broken."""
    stop = asyncio.Event()

    def look(report: Report) -> None:
        if until in {tally.check for tally in report.findings}:
            stop.set()

    async with serving(faults) as url:
        return await follow(
            url,
            duration_s=duration_s,
            settings=FollowSettings(segment_every=1, **settings),  # type: ignore[arg-type]  # named by the callers
            observer=look,
            stop=stop,
        )


def broken(report: Report) -> set[Check]:
    return {tally.check for tally in report.findings} - TIMING


async def test_live_show_that_obeys_breaks_no_rule_until_its_end() -> None:
    async with serving(Faults(stop_at_s=3.5)) as url:
        reports: list[Report] = []
        report = await follow(
            url,
            settings=FollowSettings(segment_every=2, checks_actively=True, dropped_every_s=0.5),
            observer=reports.append,
        )

    assert broken(report) == set(), report.to_json()
    assert report.has_ended
    video, audio = sorted(report.renditions, key=lambda each: each.name, reverse=True)
    assert (video.name, video.kind, video.codec) == ("video", "video", "avc1.42C00B")
    assert (audio.name, audio.kind, audio.codec) == ("audio", "audio", "mp4a.40.2")
    assert video.state is RenditionState.ENDED
    assert video.parts >= 16
    assert video.msn == audio.msn
    assert video.part == audio.part
    assert video.latency_mean_s is not None
    assert -0.5 < video.latency_mean_s < 2
    assert video.jitter_p95_ms is not None
    assert video.bitrate_bps is not None
    assert 50_000 < video.bitrate_bps < 4_000_000
    assert report.renditions[0].failures == 0
    assert len(reports) > 5
    assert reports[0].renditions == () or reports[0].renditions[0].parts == 0


def at(old: str, new: str, *, of: str = "video") -> Callable[[str, str, int], str]:
    """Replace `old` in the playlists of one rendition."""
    return lambda name, text, _count: text.replace(old, new) if name == of else text


def corrupted(name: str, change: Callable[[bytes], bytes]) -> Callable[[str, bytes], bytes]:
    pattern = re.compile(name)
    return lambda path, body: change(body) if pattern.fullmatch(path) else body


def second_tfdt(body: bytes) -> bytes:
    """Move the first decode time of a part by one tick."""
    at_byte = body.index(b"tfdt") + 15
    return body[:at_byte] + bytes([body[at_byte] ^ 1]) + body[at_byte + 1 :]


LIVE_FAULTS: dict[str, tuple[Check, Faults]] = {
    "no blocking": (Check.BLOCKS, Faults(never_blocks=True)),
    "hold-back differs": (
        Check.CONTROL_EQUAL,
        Faults(edit=at("HOLD-BACK=3.0", "HOLD-BACK=3.5", of="audio")),
    ),
    "target differs": (
        Check.TARGET_EQUAL,
        Faults(edit=at("TARGETDURATION:1", "TARGETDURATION:2", of="audio")),
    ),
    "target changes": (
        Check.TARGETS_CONSTANT,
        Faults(edit=lambda _n, t, count: t if count < 6 else t.replace("DURATION:1", "DURATION:2")),
    ),
    "no reports": (
        Check.RENDITION_REPORTS,
        Faults(edit=lambda _n, text, _c: re.sub("#EXT-X-RENDITION-REPORT.*\n", "", text)),
    ),
    "stale reports": (
        Check.RENDITION_REPORTS,
        Faults(edit=lambda _n, text, _c: re.sub("LAST-MSN=[0-9]+", "LAST-MSN=2", text)),
    ),
    "untrue hint": (
        Check.HINT,
        Faults(edit=lambda _n, t, _c: re.sub('(HINT.*"part-[0-9]+)', r"\1x", t)),
    ),
    "part longer than said": (
        Check.PART_IS_SAMPLES,
        Faults(edit=at("DURATION=0.200000", "DURATION=0.190000")),
    ),
    "extinf too long": (
        Check.EXTINF_IS_SAMPLES,
        Faults(edit=at("EXTINF:1.000000", "EXTINF:1.010000")),
    ),
    "not independent": (
        Check.SYNC,
        Faults(edit=at(",INDEPENDENT=YES", "")),
    ),
    "tfdt jumps": (
        Check.DECODE_TIME,
        Faults(media=corrupted(r"video/part-5[3579]\.m4s", second_tfdt)),
    ),
    "segment differs": (
        Check.PARTS_ARE_SEGMENT,
        Faults(
            media=corrupted(r"audio/segment-.*", lambda body: body[:-1] + bytes([body[-1] ^ 1]))
        ),
    ),
    "broken part": (
        Check.FRAGMENT_SHAPE,
        Faults(media=corrupted(r"audio/part-.*", lambda body: body[:-5])),
    ),
    "broken init": (
        Check.INIT_SHAPE,
        Faults(media=corrupted(r"video/init.mp4", lambda body: body[:100])),
    ),
    "wrong codecs": (
        Check.CODECS,
        Faults(multivariant=lambda text: text.replace("42C00B", "64001F")),
    ),
    "low bandwidth": (
        Check.BANDWIDTH,
        Faults(multivariant=lambda text: text.replace("BANDWIDTH=4000000", "BANDWIDTH=100000")),
    ),
    "no gzip": (Check.GZIP, Faults(headers=without("Content-Encoding"))),
    "no cors": (Check.CORS, Faults(headers=without("Access-Control-Allow-Origin"))),
    "no caching": (Check.CACHING, Faults(headers=without("Cache-Control"))),
    "dates differ": (
        Check.PROGRAM_DATE_TIME,
        Faults(
            edit=lambda name, text, _c: (
                re.sub("DATE-TIME:20..", "DATE-TIME:1999", text) if name == "video" else text
            )
        ),
    ),
    "bad line": (
        Check.EXTINF_SYNTAX,
        Faults(
            edit=lambda _n, text, count: text if count < 8 else text.replace("EXTINF:", "EXTINF:x")
        ),
    ),
    "parts are gone": (
        Check.AVAILABLE,
        Faults(refuse=lambda path: 404 if "audio/part-5" in path else None),
    ),
    "dropped is gone": (
        Check.DROPPED_STAY,
        Faults(
            refuse=lambda path: (
                404 if re.search(r"segment-[1-4]\.|part-(2[0-9]|3[0-5])\.", path) else None
            )
        ),
    ),
    "playlist fails": (
        Check.AVAILABLE,
        Faults(refuse=lambda path: 500 if path.endswith("audio/index.m3u8") else None),
    ),
}


@pytest.fixture(scope="module")
def live_reports() -> dict[str, Report]:
    """Some faults at once, each on an origin of its own: a live run takes as long as it takes."""

    async def found(name: str) -> Report:
        check, faults = LIVE_FAULTS[name]
        # The multivariant playlist is judged when the run is over: that must not be too soon.
        until = None if check in {Check.CODECS, Check.BANDWIDTH} else check
        duration_s = 3.0 if until is None else 9.0
        return await followed(faults, duration_s=duration_s, until=until, dropped_every_s=0.3)

    async def together(names: list[str]) -> list[Report]:
        return await asyncio.gather(*(found(name) for name in names))

    names = list(LIVE_FAULTS)
    reports: dict[str, Report] = {}
    for some in (names[:8], names[8:16], names[16:]):
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


async def test_hinted_part_that_the_server_gave_up_is_asked_for_again() -> None:
    report = await followed(Faults(hints_give_up=True), duration_s=3.0)
    assert broken(report) == set(), report.to_json()
    assert all(each.parts and not each.failures for each in report.renditions)


async def test_new_epoch_is_followed_from_the_multivariant_playlist() -> None:
    report = await followed(Faults(epochs=[1.0]), duration_s=3.0, multivariant_every_s=0.5)

    states = {each.url.split("/")[-3]: each.state for each in report.renditions}
    assert states == {"e0": RenditionState.REPLACED, "e1": RenditionState.LIVE}
    assert all(each.parts for each in report.renditions)


async def test_stop_ends_the_run_with_a_report() -> None:
    stop = asyncio.Event()
    async with serving() as url:
        running = asyncio.create_task(follow(url, stop=stop, observer=lambda _: stop.set()))
        report = await asyncio.wait_for(running, 60)
    assert not report.has_ended
    assert report.url == url


async def test_single_media_playlist_can_be_followed() -> None:
    async with serving() as url:
        media_url = url.replace("index.m3u8", "e0/video/index.m3u8")
        report = await follow(media_url, duration_s=1.0)
    assert broken(report) == set()
    (video,) = report.renditions
    assert video.parts > 0


async def test_plain_playlist_without_low_latency_is_followed_by_segments() -> None:
    def plain(_name: str, text: str, _count: int) -> str:
        text = text.replace("VERSION:9", "VERSION:6")
        text = re.sub("#EXT-X-(PART|PRELOAD|RENDITION|SERVER).*\n", "", text)
        return text.rpartition("#EXT-X-PROGRAM")[0] if text.endswith("Z\n") else text

    report = await followed(Faults(edit=plain), duration_s=2.6)
    assert broken(report) == set(), report.to_json()
    assert all(each.segments >= 1 for each in report.renditions)
    assert all(each.bitrate_bps for each in report.renditions)


async def test_addresses_without_a_live_playlist_are_told_apart() -> None:
    async with serving() as url:
        with pytest.raises(TargetOfflineError, match="status 404"):
            await follow(url.replace("show", "nobody"))
        with pytest.raises(TargetNotLiveError, match="expected an HLS playlist"):
            await follow(url.replace("index.m3u8", "e0/video/init.mp4"))
    with pytest.raises(TargetUnreachableError, match="cannot connect"):
        await follow(url)
    with pytest.raises(TargetUnreachableError, match="expected an http"):
        await follow("no address")


async def test_answer_that_never_ends_is_cut_off() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"#" * 2**16)
            await asyncio.sleep(0.01)

    app = web.Application()
    app.router.add_get("/", endless)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        async with HttpClient() as client:
            from conformance.errors import RequestFailedError

            with pytest.raises(RequestFailedError, match=r"within 0\.3 s"):
                await client.get(f"http://127.0.0.1:{runner.addresses[0][1]}/", within_s=0.3)
    finally:
        await runner.cleanup()


def test_settings_that_would_never_rest_are_refused() -> None:
    with pytest.raises(ValueError, match="segment_every"):
        FollowSettings(segment_every=0)
    with pytest.raises(ValueError, match="report_every_s"):
        FollowSettings(report_every_s=0)


async def test_answers_that_are_no_http_are_quoted_in_short() -> None:
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x93\x12" * 4000 + b"\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        with pytest.raises(TargetUnreachableError, match="expected HTTP, got something") as raised:
            await follow(url)
    assert len(str(raised.value)) < 200


async def test_redirects_that_lead_back_are_told_as_such() -> None:
    async def around(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(request.path)

    app = web.Application()
    app.router.add_get("/", around)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        with pytest.raises(TargetUnreachableError, match="endless redirects"):
            await follow(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    finally:
        await runner.cleanup()
