"""A tiny LL-HLS origin that plays the show out in real time, rightly unless told otherwise.

Each fault is a switch that breaks one rule; with none, nothing may be found wrong.
"""

import asyncio
import gzip
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web

from tests.conformance.live_media import ShowPart, ShowTrack, show

PART_TARGET = "0.21400"
SERVER_CONTROL = (
    "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.64200,HOLD-BACK=3.0,"
    "CAN-SKIP-UNTIL=6.0"
)
WINDOW = 9
FIRST_SECONDS = 10.0
HOLD_S = 3.0  # three target durations
_MEDIA_HEADERS = {"Cache-Control": "public, max-age=3600, immutable"}
_REFUSAL_HEADERS = {"Cache-Control": "no-store"}


@dataclass
class Faults:
    """What to do wrong; that there is no publisher is no fault of the origin's.

    `edit` sees every rendered media playlist: name, text, answer count.
    """

    edit: Callable[[str, str, int], str] = lambda _name, text, _count: text
    media: Callable[[str, bytes], bytes] = lambda _name, body: body
    headers: Callable[[str, dict[str, str]], None] = lambda _path, _headers: None
    refuse: Callable[[str], int | None] = lambda _path: None
    refuse_query: Callable[[Mapping[str, str]], int | None] = lambda _query: None
    delay_s: Callable[[Mapping[str, str]], float] = lambda _query: 0.0
    never_blocks: bool = False
    accepts_any_directive: bool = False
    hints_not_held: bool = False
    hints_give_up: bool = False
    unknown_is_empty: bool = False
    no_ranges: bool = False
    multivariant: Callable[[str], str] = lambda text: text
    renders_each: bool = False
    stop_at_s: float | None = None
    has_no_publisher: bool = False
    epochs: list[float] = field(default_factory=list)


def without(*names: str) -> Callable[[str, dict[str, str]], None]:
    """Make a fault that leaves out headers."""

    def drop(_path: str, headers: dict[str, str]) -> None:
        for name in names:
            headers.pop(name, None)

    return drop


class Origin:
    """The show, `FIRST_SECONDS` of it already past when it starts."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.show = show()
        self.started_s = time.monotonic()
        self.started = datetime.now(UTC) - timedelta(seconds=FIRST_SECONDS)
        self.answers = 0
        self.gzips = 0
        self.listed: dict[str, int] = {}  # the newest part that the last playlist told, by track

    def now_us(self) -> int:
        elapsed = FIRST_SECONDS + time.monotonic() - self.started_s
        if self.faults.has_no_publisher:
            elapsed = FIRST_SECONDS
        if self.faults.stop_at_s is not None:
            elapsed = min(elapsed, FIRST_SECONDS + self.faults.stop_at_s)
        return int(elapsed * 1_000_000)

    def has_ended(self) -> bool:
        at = self.faults.stop_at_s
        return at is not None and time.monotonic() - self.started_s >= at

    def epoch(self) -> str:
        elapsed = time.monotonic() - self.started_s
        return f"e{sum(elapsed >= at for at in self.faults.epochs)}"

    def published(self, track: ShowTrack) -> list[ShowPart]:
        # Parts of both tracks of one index come out together, at the video's time.
        return [p for p in track.parts if p.number * 200_000 <= self.now_us()]

    async def wait_for(self, number: int) -> None:
        if self.faults.has_no_publisher and self.now_us() < number * 200_000:
            await asyncio.sleep(HOLD_S)
            raise web.HTTPServiceUnavailable
        while self.now_us() < number * 200_000:
            if self.has_ended():
                return
            await asyncio.sleep((number * 200_000 - self.now_us()) / 1_000_000 + 0.002)


def render(origin: Origin, track: ShowTrack, *, skip: bool) -> str:
    parts = origin.published(track)
    open_msn = parts[-1].msn if parts[-1].index < 4 else parts[-1].msn + 1
    first = max(1, open_msn - WINDOW)
    skipped = max(0, open_msn - first - 7) if skip else 0
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:9",
        "#EXT-X-TARGETDURATION:1",
        SERVER_CONTROL,
        f"#EXT-X-PART-INF:PART-TARGET={PART_TARGET}",
        f"#EXT-X-MEDIA-SEQUENCE:{first}",
        "#EXT-X-DISCONTINUITY-SEQUENCE:0",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    if skipped:
        lines.append(f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}")
    lines.append('#EXT-X-MAP:URI="init.mp4"')
    for msn in range(first + skipped, open_msn + 1):
        of_segment = [part for part in parts if part.msn == msn]
        if not of_segment:
            continue
        start_us = of_segment[0].end_us - of_segment[0].duration_us
        date = origin.started + timedelta(microseconds=start_us)
        stamp = date.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{stamp}")
        if msn > open_msn - 5:
            for part in of_segment:
                independent = ",INDEPENDENT=YES" if part.is_independent else ""
                lines.append(
                    f'#EXT-X-PART:URI="part-{part.number}.m4s",'
                    f"DURATION={part.duration_us / 1e6:.6f}{independent}"
                )
        if msn < open_msn:
            total = sum(part.duration_us for part in of_segment)
            lines += [f"#EXTINF:{total / 1e6:.6f},", f"segment-{msn}.m4s"]
    if origin.has_ended():
        lines.append("#EXT-X-ENDLIST")
    else:
        lines.append(f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-{parts[-1].number + 1}.m4s"')
    lines += [
        f'#EXT-X-RENDITION-REPORT:URI="../{other}/index.m3u8",'
        f"LAST-MSN={parts[-1].msn},LAST-PART={parts[-1].index}"
        for other in origin.show
        if other != track.name
    ]
    return "\n".join(lines) + "\n"


def application(origin: Origin) -> web.Application:
    faults = origin.faults

    def answer(
        request: web.Request, status: int, body: bytes, kind: str, headers: dict[str, str]
    ) -> web.Response:
        merged = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Content-Length, Date",
            "Content-Type": kind,
            **headers,
        }
        faults.headers(request.path, merged)
        if merged.get("Content-Encoding") == "gzip":
            origin.gzips += 1
            body = gzip.compress(body, 1, mtime=origin.gzips if faults.renders_each else 0)
        return web.Response(status=status, body=body, headers=merged)

    def refuse(request: web.Request, status: int) -> web.Response:
        if faults.unknown_is_empty and status == 404:
            return answer(request, 200, b"", "video/mp4", _MEDIA_HEADERS)
        return answer(request, status, b"no\n", "text/plain", _REFUSAL_HEADERS)

    async def multivariant(request: web.Request) -> web.Response:
        epoch = origin.epoch()
        text = (
            "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-INDEPENDENT-SEGMENTS\n"
            '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="main",DEFAULT=YES,AUTOSELECT=YES,'
            f'CHANNELS="2",URI="{epoch}/audio/index.m3u8"\n'
            "#EXT-X-STREAM-INF:BANDWIDTH=4000000,AVERAGE-BANDWIDTH=2500000,"
            'CODECS="avc1.42C00B,mp4a.40.2",RESOLUTION=160x90,FRAME-RATE=30.000,AUDIO="a"\n'
            f"{epoch}/video/index.m3u8\n"
        )
        return answer(
            request,
            200,
            faults.multivariant(text).encode(),
            "application/vnd.apple.mpegurl",
            {"Cache-Control": "no-cache", "Content-Encoding": "gzip"},
        )

    async def playlist(request: web.Request) -> web.Response:
        track = origin.show[request.match_info["rendition"]]
        if request.match_info["epoch"] != origin.epoch():
            return refuse(request, 404)
        query = request.query
        await asyncio.sleep(faults.delay_s(query))
        refused = faults.refuse(request.path) or faults.refuse_query(query)
        if refused is not None:
            return refuse(request, refused)
        caching = "no-cache"
        if not origin.has_ended() and not faults.accepts_any_directive:
            status = await hold(track, dict(query))
            if status is not None:
                return refuse(request, status)
            caching = "public, max-age=6" if "_HLS_msn" in query else "no-cache"
        origin.answers += 1
        origin.listed[track.name] = origin.published(track)[-1].number
        text = render(origin, track, skip="_HLS_skip" in query and not origin.has_ended())
        text = faults.edit(track.name, text, origin.answers)
        return answer(
            request,
            200,
            text.encode(),
            "application/vnd.apple.mpegurl",
            {"Cache-Control": caching, "Content-Encoding": "gzip"},
        )

    async def hold(track: ShowTrack, query: dict[str, str]) -> int | None:
        msn_text, part_text = query.get("_HLS_msn"), query.get("_HLS_part")
        if msn_text is None:
            return 400 if part_text is not None else None
        if not re.fullmatch("[0-9]+", msn_text) or not re.fullmatch("[0-9]+", part_text or "0"):
            return 400
        newest = origin.published(track)[-1]
        msn, part = int(msn_text), int(part_text) if part_text is not None else 4
        is_complete = msn < newest.msn or (msn == newest.msn and newest.index == 4)
        if msn > newest.msn + 2 or (part > newest.index + 20 and not is_complete):
            return 400
        number = (msn - 1) * 5 + part + 1 if part < 5 else msn * 5 + 1
        if not faults.never_blocks:
            await origin.wait_for(number)
        return None

    async def media(request: web.Request) -> web.Response:
        track = origin.show[request.match_info["rendition"]]
        name = request.match_info["name"]
        if request.match_info["epoch"] != origin.epoch():
            return refuse(request, 404)
        refused = faults.refuse(request.path)
        if refused is not None:
            return refuse(request, refused)
        kind = f"{track.name}/mp4"
        hinted = f"part-{origin.published(track)[-1].number + 1}.m4s"
        if faults.hints_give_up and name == hinted:
            return refuse(request, 503)
        body = await find(track, name)
        if body is None:
            return refuse(request, 404)
        body = faults.media(f"{track.name}/{name}", body)
        headers = dict(_MEDIA_HEADERS)
        requested = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
        if requested and not faults.no_ranges:
            start = int(requested[1])
            end = min(int(requested[2] or len(body)), len(body) - 1)
            if start >= len(body):
                headers = {**_REFUSAL_HEADERS, "Content-Range": f"bytes */{len(body)}"}
                return answer(request, 416, b"", kind, headers)
            headers["Content-Range"] = f"bytes {start}-{end}/{len(body)}"
            return answer(request, 206, body[start : end + 1], kind, headers)
        return answer(request, 200, body, kind, headers)

    async def find(track: ShowTrack, name: str) -> bytes | None:
        published = origin.published(track)
        if name == "init.mp4":
            return track.init
        if part := re.fullmatch(r"part-(\d+)\.m4s", name):
            number = int(part[1])
            if not 1 <= number <= published[-1].number + 1:
                return None
            if not faults.hints_not_held:
                await origin.wait_for(number)
            elif number > origin.listed[track.name]:  # even if it has come meanwhile
                return None
            return track.parts[number - 1].body
        if segment := re.fullmatch(r"segment-(\d+)\.m4s", name):
            parts = [part for part in published if part.msn == int(segment[1])]
            return b"".join(part.body for part in parts) if len(parts) == 5 else None
        return None

    async def options(request: web.Request) -> web.Response:
        return answer(request, 204, b"", "text/plain", {"Access-Control-Allow-Headers": "Range"})

    app = web.Application()
    app.router.add_route("OPTIONS", "/{tail:.*}", options)
    app.router.add_get("/live/show/index.m3u8", multivariant)
    app.router.add_get("/live/show/{epoch}/{rendition}/index.m3u8", playlist)
    app.router.add_get("/live/show/{epoch}/{rendition}/{name}", media)

    async def unknown(request: web.Request) -> web.Response:
        return refuse(request, 404)

    app.router.add_route("*", "/{tail:.*}", unknown)
    return app


@asynccontextmanager
async def serving(faults: Faults | None = None) -> AsyncIterator[str]:
    """Serve the show on a free port; give the multivariant playlist's URL."""
    runner = web.AppRunner(
        application(Origin(faults or Faults())), access_log=None, shutdown_timeout=0.1
    )
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}/live/show/index.m3u8"
    finally:
        await runner.cleanup()
