"""Requests for media that a good player never sends, or seldom: hints, ranges, HEAD, OPTIONS."""

from collections.abc import AsyncIterator
from urllib.parse import urljoin

from conformance.check import Check
from conformance.checks.blocking import has_given_up
from conformance.checks.delivery import check_cors, check_refusal_delivery
from conformance.exchange import Exchange
from conformance.finding import Finding, error, warning
from conformance.http_client import HttpClient
from conformance.playlist import MediaPlaylist


async def check_unknown(
    client: HttpClient, url: str, playlist: MediaPlaylist
) -> AsyncIterator[Finding]:
    """Ask for what was never hinted: 404, readable by pages, and not cached (55)."""
    exchange = await client.get(urljoin(url, "no-such-part.m4s"), within_s=5.0)
    if exchange.status != 404:
        yield error(
            Check.HINT_BLOCKS,
            exchange.url,
            f"not hinted: expected status 404 at once, got {exchange.status}",
        )
    else:
        for finding in check_refusal_delivery(exchange, playlist.target_duration_s):
            yield finding


async def check_media(
    client: HttpClient, url: str, playlist: MediaPlaylist
) -> AsyncIterator[Finding]:
    """Send HEAD, Range and OPTIONS for a complete segment: checks 58 and 60."""
    segment = next((each for each in reversed(playlist.segments) if not each.is_gap), None)
    if segment is None or segment.byte_range is not None:
        return
    segment_url = urljoin(url, segment.uri)
    whole = await client.get(segment_url)
    if whole.status != 200:
        return  # the follower sees the same
    for path in (url, segment_url):
        head = await client.request("HEAD", path)
        if head.status != 200 or head.body:
            yield error(
                Check.RANGES, path, f"HEAD: expected status 200 and no body, got {head.status}"
            )
        for finding in check_cors(head):
            yield finding
    async for finding in _check_ranges(client, segment_url, whole.body):
        yield finding
    asked = {
        "Origin": "https://player.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "range",
    }
    options = await client.request("OPTIONS", segment_url, headers=asked)
    allowed = options.headers.get("access-control-allow-headers", "").lower()
    if options.status not in {200, 204} or not ("range" in allowed or allowed == "*"):
        yield error(
            Check.CORS,
            segment_url,
            f"OPTIONS: expected Access-Control-Allow-Headers with Range, got status "
            f"{options.status} and {allowed or 'none'}",
        )


async def _check_ranges(
    client: HttpClient, segment_url: str, body: bytes
) -> AsyncIterator[Finding]:
    cases = (("bytes=10-109", body[10:110]), (f"bytes={len(body) - 50}-", body[-50:]))
    for asked, expected in cases:
        answer = await client.get(segment_url, headers={"Range": asked})
        if answer.status != 206 or answer.body != expected:
            yield error(
                Check.RANGES,
                segment_url,
                f"Range {asked}: expected status 206 and {len(expected)} bytes, got "
                f"{answer.status} and {len(answer.body)} bytes",
            )
    beyond = await client.get(segment_url, headers={"Range": f"bytes={len(body)}-"})
    if beyond.status != 416:
        yield error(
            Check.RANGES,
            segment_url,
            f"Range beyond the end: expected status 416, got {beyond.status}",
        )


async def check_hint(
    client: HttpClient, url: str, playlist: MediaPlaylist
) -> AsyncIterator[Finding]:
    """Ask for a hinted part: it is held until it is whole, then sent without a pause (55)."""
    hint = playlist.hint("PART")
    if hint is None or hint.byte_range_start is not None:
        return
    exchange: Exchange = await client.get(
        urljoin(url, hint.uri), within_s=3.0 * playlist.target_duration_s + 10.0
    )
    if has_given_up(exchange, playlist.target_duration_s):
        return
    if exchange.status != 200:
        yield error(
            Check.HINT_BLOCKS,
            exchange.url,
            f"hinted: expected to be held, then status 200, got {exchange.status} after "
            f"{exchange.held_s:.3f} s",
        )
        return
    # "MUST send it at line rate": players take the bytes' pace for the network's.
    sending_s = exchange.arrived_s - exchange.first_byte_s
    part_s = (playlist.part_target_us or 0) / 1_000_000
    if sending_s > max(part_s / 2, 0.1):
        yield warning(
            Check.HINT_BLOCKS,
            exchange.url,
            f"expected {len(exchange.body)} bytes at once, got them over {sending_s:.3f} s",
        )
