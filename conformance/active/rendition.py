"""All active checks of one rendition: how a server takes what a good player never sends."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit

from conformance.active.directives import (
    FAR,
    check_delta_update,
    check_part_too_far,
    check_refusals,
    check_roll_over,
    check_stale,
)
from conformance.active.media import check_hint, check_media, check_unknown
from conformance.active.query import with_query
from conformance.active.waiters import check_waiters
from conformance.check import Check
from conformance.errors import PlaylistSyntaxError, RequestFailedError
from conformance.finding import Finding, error, warning
from conformance.http_client import CONNECT_TIMEOUT_S, HttpClient
from conformance.playlist import MediaPlaylist, read_media_playlist


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
        findings += [finding async for finding in check_http2(url)]
    except RequestFailedError as exc:
        findings.append(error(Check.AVAILABLE, url, str(exc)))
    except PlaylistSyntaxError as exc:
        findings.append(error(exc.check, url, str(exc)))
    return findings


async def check_waiting(client: HttpClient, url: str, waiters: int) -> list[Finding]:
    """Let many viewers wait for one part of a live media playlist (53); failures are findings."""
    try:
        return [finding async for finding in check_waiters(client, url, waiters)]
    except (OSError, RequestFailedError) as exc:
        return [error(Check.AVAILABLE, url, str(exc))]
    except PlaylistSyntaxError as exc:
        return [error(exc.check, url, str(exc))]


async def check_ended_actively(client: HttpClient, url: str) -> list[Finding]:
    """Ask an ended playlist for more: "MUST ignore" directives after EXT-X-ENDLIST (50)."""
    try:
        exchange = await client.get(
            with_query(url, f"_HLS_msn={FAR}&_HLS_part=0&_HLS_skip=YES"), within_s=5.0
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


async def check_http2(url: str) -> AsyncIterator[Finding]:
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


_ActiveCheck = Callable[[HttpClient, str, MediaPlaylist], AsyncIterator[Finding]]
_CHECKS: tuple[_ActiveCheck, ...] = (
    check_refusals,
    check_part_too_far,
    check_stale,
    check_delta_update,
    check_roll_over,
    check_unknown,
    check_media,
    check_hint,
)
