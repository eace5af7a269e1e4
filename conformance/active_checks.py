"""Active checks: requests that a good player never sends, to see how a server takes them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from urllib.parse import urljoin, urlsplit

from conformance.check import Check
from conformance.checks.blocking import holds_position
from conformance.checks.delivery import check_cors, check_refusal_delivery
from conformance.checks.delta_update import check_delta, check_merged
from conformance.errors import PlaylistSyntaxError, RequestFailedError
from conformance.exchange import Exchange
from conformance.finding import Finding, error, warning
from conformance.http_client import CONNECT_TIMEOUT_S, HttpClient
from conformance.playlist import MediaPlaylist, Segment, read_media_playlist

_AT_ONCE_S = 1.0  # far below any hold; a busy server may take a while
_FAR = 1_000_000


async def check_rendition_actively(client: HttpClient, url: str) -> list[Finding]:
    """Probe the server with one live media playlist's address: directives, errors, HEAD, Range.

    Takes about a segment's duration. Requests that fail are findings; never raises for the server's
    fault.
    """
    findings: list[Finding] = []
    try:
        for check in _CHECKS:
            # Each with a playlist of its own moment: what is next must still be to come.
            playlist = await _read(client, url)
            findings += [finding async for finding in check(client, url, playlist)]
        findings += [finding async for finding in _check_http2(url)]
    except RequestFailedError as exc:
        findings.append(error(Check.AVAILABLE, url, str(exc)))
    except PlaylistSyntaxError as exc:
        findings.append(error(exc.check, url, str(exc)))
    return findings


async def check_ended_actively(client: HttpClient, url: str) -> list[Finding]:
    """Ask an ended playlist for more: "MUST ignore" directives after EXT-X-ENDLIST (50)."""
    try:
        exchange = await client.get(
            _with_query(url, f"_HLS_msn={_FAR}&_HLS_part=0&_HLS_skip=YES"), within_s=5.0
        )
        playlist = read_media_playlist(exchange.body) if exchange.status == 200 else None
    except (RequestFailedError, PlaylistSyntaxError) as exc:
        return [error(Check.ENDED_IGNORES, url, str(exc))]
    if playlist is None or not playlist.is_ended or playlist.skip is not None:
        return [
            error(
                Check.ENDED_IGNORES,
                exchange.url,
                f"expected the whole ended playlist with status 200, got {exchange.status}",
            )
        ]
    return []


async def _check_refusals(
    client: HttpClient, url: str, playlist: MediaPlaylist
) -> AsyncIterator[Finding]:
    """Send directives that nobody may send: checks 44, 45, 46 and 54."""
    control = playlist.server_control
    if control is None or not control.can_block_reload or playlist.is_ended:
        return
    msn = playlist.open_segment.msn
    cases = [
        (Check.PART_WITHOUT_MSN, "_HLS_part=0"),
        (Check.MSN_TOO_FAR, f"_HLS_msn={msn + _FAR}"),
        (Check.MALFORMED_DIRECTIVE, "_HLS_msn=abc"),
        (Check.MALFORMED_DIRECTIVE, "_HLS_msn=-1"),
        (Check.MALFORMED_DIRECTIVE, f"_HLS_msn={msn}&_HLS_part=x"),
    ]
    if playlist.part_target_us is not None:
        cases.append((Check.PART_TOO_FAR, f"_HLS_msn={msn}&_HLS_part={_FAR}"))
    for check, query in cases:
        try:
            exchange = await client.get(_with_query(url, query), within_s=5.0)
        except RequestFailedError as exc:
            yield error(check, url, f"?{query}: expected status 400 at once, got none ({exc})")
            continue
        if exchange.status != 400:
            yield error(
                check,
                exchange.url,
                f"expected status 400, got {exchange.status} after {exchange.held_s:.2f} s",
            )
            continue
        for finding in check_refusal_delivery(exchange, playlist.target_duration_s):
            yield finding


async def _check_stale(
    client: HttpClient, url: str, playlist: MediaPlaylist
) -> AsyncIterator[Finding]:
    """Ask for an MSN that is long past: the whole playlist comes at once (48)."""
    control = playlist.server_control
    if control is None or not control.can_block_reload or playlist.is_ended:
        return
    stale = max(0, playlist.media_sequence - 1)
    exchange = await client.get(_with_query(url, f"_HLS_msn={stale}&_HLS_part=0"))
    if exchange.status != 200 or exchange.held_s > _AT_ONCE_S:
        yield error(
            Check.STALE_MSN,
            exchange.url,
            f"expected status 200 at once, got {exchange.status} after {exchange.held_s:.2f} s",
        )


async def _check_delta(
    client: HttpClient, url: str, playlist: MediaPlaylist
) -> AsyncIterator[Finding]:
    """Ask for the same moment whole and as a delta update (51)."""
    control = playlist.server_control
    if control is None or control.can_skip_until_us is None or playlist.is_ended:
        return
    skip = "v2" if control.can_skip_dateranges else "YES"
    opened = playlist.open_segment
    query = f"_HLS_msn={opened.msn}"
    if playlist.part_target_us is not None:
        query += f"&_HLS_part={len(opened.parts)}"
    whole, partial = await asyncio.gather(
        client.get(_with_query(url, query), within_s=20.0),
        client.get(_with_query(url, f"{query}&_HLS_skip={skip}"), within_s=20.0),
    )
    if whole.status != 200 or partial.status != 200:
        return  # the follower sees the same
    delta = read_media_playlist(partial.body)
    for finding in check_delta(url, playlist, delta, asked_v2=skip == "v2"):
        yield finding
    if delta.skip is not None:
        full = read_media_playlist(whole.body)
        for finding in check_merged(url, playlist, delta, full):
            yield finding


async def _check_roll_over(
    client: HttpClient, url: str, playlist: MediaPlaylist
) -> AsyncIterator[Finding]:
    """Ask for one part more than the open segment will have: the next one's first (47)."""
    newest: Segment | None = playlist.segments[-1] if playlist.segments else None
    if newest is None or not newest.parts or not playlist.part_target_us or playlist.is_ended:
        return
    opened = playlist.open_segment
    part = len(newest.parts)
    # "Advance Part Limit: three divided by the Part Target Duration if [that] is less than one
    # second, or three otherwise" (6.2.5.2).
    if part - len(opened.parts) >= 3_000_000 // min(playlist.part_target_us, 1_000_000):
        return
    query = f"_HLS_msn={opened.msn}&_HLS_part={part}"
    exchange = await client.get(_with_query(url, query), within_s=20.0)
    if exchange.status != 200:
        yield error(
            Check.PART_ROLLS_OVER, exchange.url, f"expected status 200, got {exchange.status}"
        )
        return
    answer = read_media_playlist(exchange.body)
    if not answer.is_ended and not holds_position(answer, opened.msn, part):
        last_msn, last_part = answer.last_position
        yield error(
            Check.PART_ROLLS_OVER,
            exchange.url,
            f"expected part {opened.msn + 1}.0 in the answer, got up to {last_msn}.{last_part}",
        )


async def _check_unknown(
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


async def _check_media(
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


async def _check_hint(
    client: HttpClient, url: str, playlist: MediaPlaylist
) -> AsyncIterator[Finding]:
    """Ask for a hinted part: it is held until it is whole, then sent without a pause (55)."""
    hint = playlist.hint("PART")
    if hint is None or hint.byte_range_start is not None:
        return
    exchange: Exchange = await client.get(
        urljoin(url, hint.uri), within_s=3.0 * playlist.target_duration_s + 10.0
    )
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


async def _check_http2(url: str) -> AsyncIterator[Finding]:
    """Offer h2 where the address is https: check 59."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return
    context = ssl.create_default_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            _, writer = await asyncio.open_connection(
                parts.hostname, parts.port or 443, ssl=context
            )
    except (OSError, TimeoutError):
        return  # the requests themselves tell what is wrong
    chosen = writer.get_extra_info("ssl_object").selected_alpn_protocol()
    writer.close()
    if chosen != "h2":
        yield warning(
            Check.HTTP2, url, f"expected h2, got {chosen}: Apple players fall back to high latency"
        )


async def _read(client: HttpClient, url: str) -> MediaPlaylist:
    exchange = await client.get(url)
    if exchange.status != 200:
        raise RequestFailedError(f"{url}: expected status 200, got {exchange.status}")
    return read_media_playlist(exchange.body)


def _with_query(url: str, query: str) -> str:
    return url + ("&" if urlsplit(url).query else "?") + query


_ActiveCheck = Callable[[HttpClient, str, MediaPlaylist], AsyncIterator[Finding]]
_CHECKS: tuple[_ActiveCheck, ...] = (
    _check_refusals,
    _check_stale,
    _check_delta,
    _check_roll_over,
    _check_unknown,
    _check_media,
    _check_hint,
)
