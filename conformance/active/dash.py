"""Requests that judge a DASH server beside its media: its clock, and what is not there yet."""

from collections.abc import AsyncIterator
from urllib.parse import urljoin

from conformance.check import Check
from conformance.checks.delivery import check_cors, check_refusal_delivery
from conformance.errors import MpdSyntaxError, RequestFailedError
from conformance.exchange import Exchange
from conformance.finding import Finding, error
from conformance.http_client import HttpClient
from conformance.measurement import ServerClock
from conformance.mpd import Mpd, MpdSegment, UtcTiming, segment_url
from conformance.mpd.lexical import read_date_time_us
from conformance.mpd.timeline import listed_segments

FAR_SEGMENTS = 1000  # beyond anything that may be asked for
_HELD_S = 2.0
# The time is asked for over a network, and a Date header is cut to whole seconds.
_CLOCK_TOLERANCE_S = 2.0
_SCHEME = "urn:mpeg:dash:utc:"
_EDITIONS = frozenset({"2012", "2014"})
_KINDS = {"http-xsdate": "body", "http-iso": "body", "http-head": "head", "direct": "direct"}


async def check_utc_timing(
    client: HttpClient, url: str, mpd: Mpd, manifest: Exchange
) -> AsyncIterator[Finding]:
    """Ask for the time where an MPD sends its clients for it, and compare it with the Date (75).

    `manifest` is the answer that held the MPD. Without UTCTiming dash.js asks a server of others.
    """
    if not mpd.is_dynamic:
        return
    if not mpd.utc_timings:
        yield error(Check.UTC_TIMING, url, "expected UTCTiming, got none")
        return
    known = [each for each in mpd.utc_timings if _kind(each) is not None]
    if not known:
        schemes = ", ".join(each.scheme for each in mpd.utc_timings)
        text = f"expected http-xsdate, http-iso, http-head or direct, got {schemes}"
        yield error(Check.UTC_TIMING, url, text)
    for timing in known:
        async for finding in _check_one(client, url, timing, manifest):
            yield finding


async def _check_one(
    client: HttpClient, url: str, timing: UtcTiming, manifest: Exchange
) -> AsyncIterator[Finding]:
    if _kind(timing) == "direct":
        exchange, text = manifest, timing.value
    else:
        # Players resolve the address against the MPD's; several may stand there (5.8.4.11).
        address = urljoin(url, timing.value.split()[0]) if timing.value.strip() else url
        method = "HEAD" if _kind(timing) == "head" else "GET"
        try:
            exchange = await client.request(method, address, within_s=5.0)
        except RequestFailedError as exc:
            yield error(Check.UTC_TIMING, address, f"expected the time, got none ({exc})")
            return
        if exchange.status not in {200, 204}:
            yield error(Check.UTC_TIMING, address, f"expected status 200, got {exchange.status}")
            return
        for finding in check_cors(exchange):
            yield finding
        if exchange.max_age_s != 0:
            yield error(
                Check.UTC_TIMING,
                address,
                "expected Cache-Control: no-store, got "
                f"{exchange.headers.get('cache-control', 'none')}",
            )
        if method == "HEAD":
            if "date" not in exchange.headers:
                yield error(Check.UTC_TIMING, address, "expected a Date header, got none")
            return
        text = exchange.body[:200].decode("utf-8", "replace")
    clock = ServerClock()
    clock.observe(
        exchange.headers.get("date"),
        exchange.arrived_unix_s - (exchange.arrived_s - exchange.requested_s),
        exchange.arrived_unix_s,
    )
    try:
        said_s = read_date_time_us(text) / 1_000_000
    except MpdSyntaxError as exc:
        yield error(Check.UTC_TIMING, exchange.url, str(exc))
        return
    spent_s = exchange.arrived_s - exchange.requested_s
    off_s = said_s - (exchange.arrived_unix_s + clock.offset_s)
    if not -_CLOCK_TOLERANCE_S - spent_s <= off_s <= _CLOCK_TOLERANCE_S:
        yield error(
            Check.UTC_TIMING,
            exchange.url,
            f"expected the time of the Date header within {_CLOCK_TOLERANCE_S:.0f} s, got "
            f"{off_s:+.3f} s",
        )


async def check_far_before(
    client: HttpClient, mpd: Mpd, now_unix_us: int
) -> AsyncIterator[Finding]:
    """Ask for segments long before their time: held or refused, never answered with media (73)."""
    if not mpd.is_dynamic or not mpd.periods:
        return
    period = mpd.periods[-1]
    for representation in period.representations:
        listed = listed_segments(mpd, period, representation, now_unix_us)
        if not listed:
            continue
        last = listed[-1]
        far = MpdSegment(
            last.number + FAR_SEGMENTS, last.time + FAR_SEGMENTS * last.duration, last.duration
        )
        address = segment_url(representation, far)
        try:
            exchange = await client.get(address, within_s=_HELD_S)
        except RequestFailedError:
            continue  # held
        if exchange.status == 200:
            yield error(
                Check.SEGMENT_AVAILABLE,
                address,
                f"{FAR_SEGMENTS} segments before its time: expected status 404, got 200",
            )
        else:
            for finding in check_refusal_delivery(exchange, 1):
                yield finding


async def check_oldest(client: HttpClient, mpd: Mpd, now_unix_us: int) -> AsyncIterator[Finding]:
    """Ask for the oldest segments that an MPD lists: they must still be there (73)."""
    for period, representation in mpd.all_representations():
        listed = listed_segments(mpd, period, representation, now_unix_us)
        if len(listed) < 3:
            continue
        exchange = await client.get(segment_url(representation, listed[0]))
        if exchange.status != 200:
            yield error(
                Check.SEGMENT_AVAILABLE,
                exchange.url,
                f"listed in the MPD: expected status 200, got {exchange.status}",
            )


def _kind(timing: UtcTiming) -> str | None:
    name, _, edition = timing.scheme.removeprefix(_SCHEME).partition(":")
    return _KINDS.get(name) if edition in _EDITIONS else None
