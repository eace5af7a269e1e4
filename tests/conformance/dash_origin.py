"""A tiny low-latency DASH origin that plays the show out in real time, rightly unless told else.

Each fault is a switch that breaks one rule; with none, nothing may be found wrong.
"""

import asyncio
import gzip
import re
import struct
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiohttp import web

from tests.conformance.live_media import (
    SAMPLE_RATE_HZ,
    ShowPart,
    ShowTrack,
    show,
)

FIRST_SECONDS = 6.0
PART_US = 200_000
TIMESCALES = {"video": 90_000, "audio": SAMPLE_RATE_HZ}
_NTP_EPOCH_S = 2_208_988_800


@dataclass
class DashFaults:
    """What to do wrong. `mpd` and `media` see what is sent; times in seconds."""

    mpd: Callable[[str], str] = lambda text: text
    media: Callable[[str, bytes], bytes] = lambda _path, body: body
    headers: Callable[[str, dict[str, str]], None] = lambda _path, _headers: None
    refuse: Callable[[str], int | None] = lambda _path: None
    waits_for_the_end: bool = False
    hides_the_length: bool = False
    tears_chunks: bool = False
    knows_the_future: bool = False
    late_s: float = 0.0
    clock_off_s: float = 0.0
    reference_off_s: float = 0.0
    has_reference: bool = True
    stop_at_s: float | None = None


class DashOrigin:
    """The show, `FIRST_SECONDS` of it already past when it starts."""

    def __init__(self, faults: DashFaults) -> None:
        self.faults = faults
        self.show = show()
        self.started_s = time.monotonic()
        self.started = datetime.now(UTC) - timedelta(seconds=FIRST_SECONDS)

    def now_us(self) -> int:
        elapsed = FIRST_SECONDS + time.monotonic() - self.started_s
        if self.faults.stop_at_s is not None:
            elapsed = min(elapsed, FIRST_SECONDS + self.faults.stop_at_s)
        return int(elapsed * 1_000_000)

    def has_ended(self) -> bool:
        at = self.faults.stop_at_s
        return at is not None and time.monotonic() - self.started_s >= at

    def is_published(self, part: ShowPart) -> bool:
        return part.number * PART_US <= self.now_us()

    async def wait_for(self, part: ShowPart) -> None:
        missing_us = part.number * PART_US - self.now_us()
        await asyncio.sleep(max(0, missing_us) / 1_000_000)
        if not self.is_published(part):
            await asyncio.Event().wait()  # the show has ended: it never comes

    def body(self, track: ShowTrack, part: ShowPart) -> bytes:
        """A part with its prft, as it goes out."""
        body = part.body
        if self.faults.has_reference:
            scale = TIMESCALES[track.name]
            start_us = part.end_us - part.duration_us
            wall_s = self.started.timestamp() + start_us / 1e6 + self.faults.reference_off_s
            ntp = int((wall_s + _NTP_EPOCH_S) * 2**32)
            reference = struct.pack(">II", 1, (ntp >> 32)) + struct.pack(
                ">IQ", ntp & 0xFFFFFFFF, start_us * scale // 1_000_000
            )
            body = struct.pack(">I4sI", 32, b"prft", 1 << 24) + reference + body
        return self.faults.media(f"{track.name}/{part.number}", body)


def render(origin: DashOrigin) -> str:
    now_us = origin.now_us()
    newest = min(now_us // 1_000_000, 19) + 1  # the open segment's number
    first = max(1, newest - 5)
    stamp = origin.started.isoformat(timespec="microseconds").replace("+00:00", "Z")
    published = (origin.started + timedelta(microseconds=now_us)).isoformat(timespec="microseconds")
    has_ended = origin.has_ended()
    lines = [
        '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" minBufferTime="PT0.4S"',
        ' profiles="urn:mpeg:dash:profile:isoff-live:2011"',
        ' mediaPresentationDuration="PT20S" type="static">'
        if has_ended
        else f' type="dynamic" availabilityStartTime="{stamp}"'
        f' publishTime="{published.replace("+00:00", "Z")}" minimumUpdatePeriod="PT0.5S"'
        ' suggestedPresentationDelay="PT1S" timeShiftBufferDepth="PT5S">',
        '<ServiceDescription><Latency target="1000"/></ServiceDescription>',
        '<Period id="p1" start="PT0S">',
    ]
    for place, track in enumerate(origin.show.values()):
        scale = TIMESCALES[track.name]
        codecs = {"video": "avc1.42C00B", "audio": "mp4a.40.2"}[track.name]
        size = 'width="160" height="90"' if track.name == "video" else 'audioSamplingRate="48000"'
        promise = (
            '<ProducerReferenceTime id="0" inband="true" presentationTime="0"'
            f' wallClockTime="{stamp}"/>'
        )
        lines += [
            f'<AdaptationSet id="{place}" contentType="{track.name}" startWithSAP="1">{promise}',
            f'<Representation id="{track.name}" mimeType="{track.name}/mp4" codecs="{codecs}"',
            f' bandwidth="400000" {size}>',
            f'<SegmentTemplate timescale="{scale}" startNumber="{first}"',
            ' availabilityTimeOffset="0.8" availabilityTimeComplete="false"',
            ' initialization="$RepresentationID$/init.mp4"',
            ' media="$RepresentationID$/segment-$Number$.m4s"><SegmentTimeline>',
        ]
        for number in range(first, newest + (0 if has_ended else 1)):
            parts = track.segment(number)
            start_us = parts[0].end_us - parts[0].duration_us
            ticks = sum(part.duration_us for part in parts) * scale
            is_open = number == newest
            duration = scale if is_open else round(ticks / 1_000_000)  # a forecast
            lines.append(f'<S t="{round(start_us * scale / 1e6)}" d="{duration}"/>')
        lines.append("</SegmentTimeline></SegmentTemplate></Representation></AdaptationSet>")
    lines += [
        "</Period>",
        '<UTCTiming schemeIdUri="urn:mpeg:dash:utc:http-iso:2014" value="/time"/>',
        "</MPD>",
    ]
    return "\n".join(lines)


def application(origin: DashOrigin) -> web.Application:
    faults = origin.faults

    def headers(path: str, kind: str, caching: str) -> dict[str, str]:
        merged = {
            "Access-Control-Allow-Origin": "*",
            "Content-Type": kind,
            "Cache-Control": caching,
        }
        faults.headers(path, merged)
        return merged

    def refuse(request: web.Request, status: int) -> web.Response:
        return web.Response(
            status=status, headers=headers(request.path, "text/plain", "no-store"), body=b"no"
        )

    async def manifest(request: web.Request) -> web.Response:
        merged = headers(request.path, "application/dash+xml", "no-cache")
        merged["Content-Encoding"] = "gzip"
        text = faults.mpd(render(origin))
        return web.Response(body=gzip.compress(text.encode(), 1), headers=merged)

    async def clock(request: web.Request) -> web.Response:
        refused = faults.refuse(request.path)
        if refused is not None:
            return refuse(request, refused)
        now = datetime.now(UTC) + timedelta(seconds=faults.clock_off_s)
        merged = headers(request.path, "text/plain", "no-store")
        return web.Response(body=now.isoformat().encode(), headers=merged)

    async def init(request: web.Request) -> web.Response:
        track = origin.show[request.match_info["track"]]
        body = faults.media(f"{track.name}/init", track.init)
        return web.Response(body=body, headers=headers(request.path, "video/mp4", "max-age=3600"))

    async def segment(request: web.Request) -> web.StreamResponse:
        track = origin.show[request.match_info["track"]]
        number = int(request.match_info["number"])
        refused = faults.refuse(request.path)
        if faults.knows_the_future and number > 20:
            number = 1
        parts = track.segment(number)
        if refused is not None or not parts:
            return refuse(request, refused or 404)
        start_us = (number - 1) * 1_000_000
        missing_us = start_us + faults.late_s * 1_000_000 - origin.now_us()
        if missing_us > (0 if faults.late_s else 1_000_000):
            return refuse(request, 404)
        merged = headers(request.path, "video/mp4", "max-age=3600")
        is_growing = not origin.is_published(parts[-1])
        if not is_growing or faults.waits_for_the_end:
            await origin.wait_for(parts[-1])
            whole = b"".join(origin.body(track, part) for part in parts)
            if not (is_growing and faults.hides_the_length):
                return web.Response(body=whole, headers=merged)
            parts = ()
        response = web.StreamResponse(headers=merged)
        response.enable_chunked_encoding()
        await response.prepare(request)
        if not parts:
            for at in range(0, len(whole), 4096):
                await response.write(whole[at : at + 4096])
        for part in parts:
            await origin.wait_for(part)
            body = origin.body(track, part)
            half = len(body) // 2 if faults.tears_chunks else 0
            if half:
                await response.write(body[:half])
            await response.write(body[half:])
        await response.write_eof()
        return response

    app = web.Application()
    app.router.add_get("/live/show/manifest.mpd", manifest)
    app.router.add_get("/time", clock)
    app.router.add_get("/live/show/{track}/init.mp4", init)
    app.router.add_get(r"/live/show/{track}/segment-{number:\d+}.m4s", segment)
    return app


@asynccontextmanager
async def serving_dash(faults: DashFaults | None = None) -> AsyncIterator[str]:
    """Serve the show on a free port; give the MPD's URL."""
    origin = DashOrigin(faults or DashFaults())
    runner = web.AppRunner(application(origin), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/live/show/manifest.mpd"
    finally:
        await runner.cleanup()


def at(pattern: str, new: str) -> Callable[[str], str]:
    """Make an edit of the MPD."""
    return lambda text: re.sub(pattern, new, text)
