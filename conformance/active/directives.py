"""Delivery directives that a good player never sends, or never needs to (rfc8216bis 6.2.5)."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from conformance.active.query import with_query
from conformance.check import Check
from conformance.checks.blocking import has_given_up, holds_position
from conformance.checks.delivery import check_refusal_delivery
from conformance.checks.delta_update import check_delta, check_merged
from conformance.errors import RequestFailedError
from conformance.exchange import Exchange
from conformance.finding import Finding, error
from conformance.http_client import HttpClient
from conformance.playlist import MediaPlaylist, Segment, read_media_playlist

FAR = 1_000_000  # segments or parts beyond anything that may be asked for
_ATTEMPTS = 3  # at asking before the segment ends that is open as the playlist comes
_REFUSED_WITHIN_S = 5.0
_AT_ONCE_S = 1.0  # far below any hold; a busy server may take a while


async def check_refusals(
    client: HttpClient, url: str, playlist: MediaPlaylist
) -> AsyncIterator[Finding]:
    """Send directives that nobody may send: checks 44, 45 and 54."""
    control = playlist.server_control
    if control is None or not control.can_block_reload or playlist.is_ended:
        return
    msn = playlist.open_segment.msn
    cases = [
        (Check.PART_WITHOUT_MSN, "_HLS_part=0"),
        (Check.MSN_TOO_FAR, f"_HLS_msn={msn + FAR}"),
        (Check.MALFORMED_DIRECTIVE, "_HLS_msn=abc"),
        (Check.MALFORMED_DIRECTIVE, "_HLS_msn=-1"),
        (Check.MALFORMED_DIRECTIVE, f"_HLS_msn={msn}&_HLS_part=x"),
    ]
    for check, query in cases:
        try:
            exchange = await client.get(with_query(url, query), within_s=_REFUSED_WITHIN_S)
        except RequestFailedError as exc:
            yield _unanswered(check, url, query, exc)
            continue
        if _has_ended(exchange):
            return
        for finding in _check_refused(check, exchange, playlist):
            yield finding


async def check_part_too_far(
    client: HttpClient, url: str, playlist: MediaPlaylist
) -> AsyncIterator[Finding]:
    """Ask for a part far beyond all that the open segment can get: check 46.

    Once that segment is complete, the same request is one for the next one's first part
    (6.2.5.2). Whoever answers so has not broken the rule: the question came too late.
    """
    control = playlist.server_control
    if control is None or not control.can_block_reload or playlist.part_target_us is None:
        return
    newest = playlist
    for attempt in range(1, _ATTEMPTS + 1):
        if newest.is_ended:
            return
        msn = newest.open_segment.msn
        query = f"_HLS_msn={msn}&_HLS_part={FAR}"
        try:
            exchange = await client.get(with_query(url, query), within_s=_REFUSED_WITHIN_S)
        except RequestFailedError as exc:
            yield _unanswered(Check.PART_TOO_FAR, url, query, exc)
            return
        if exchange.status == 200 and attempt < _ATTEMPTS:
            newest = read_media_playlist(exchange.body)
            if newest.open_segment.msn > msn:
                continue
        if not _has_ended(exchange):
            for finding in _check_refused(Check.PART_TOO_FAR, exchange, playlist):
                yield finding
        return


def _unanswered(check: Check, url: str, query: str, exc: RequestFailedError) -> Finding:
    return error(check, url, f"?{query}: expected status 400 at once, got none ({exc})")


def _check_refused(check: Check, exchange: Exchange, playlist: MediaPlaylist) -> Iterator[Finding]:
    if exchange.status == 400:
        yield from check_refusal_delivery(exchange, playlist.target_duration_s)
    else:
        yield error(
            check,
            exchange.url,
            f"expected status 400, got {exchange.status} after {exchange.held_s:.2f} s",
        )


def _has_ended(exchange: Exchange) -> bool:
    """Tell whether the show ended meanwhile: then directives must be ignored (50)."""
    return exchange.status == 200 and read_media_playlist(exchange.body).is_ended


async def check_stale(
    client: HttpClient, url: str, playlist: MediaPlaylist
) -> AsyncIterator[Finding]:
    """Ask for an MSN that is long past: the whole playlist comes at once (48)."""
    control = playlist.server_control
    if control is None or not control.can_block_reload or playlist.is_ended:
        return
    stale = max(0, playlist.media_sequence - 1)
    exchange = await client.get(with_query(url, f"_HLS_msn={stale}&_HLS_part=0"))
    if exchange.status != 200 or exchange.held_s > _AT_ONCE_S:
        yield error(
            Check.STALE_MSN,
            exchange.url,
            f"expected status 200 at once, got {exchange.status} after {exchange.held_s:.2f} s",
        )


async def check_delta_update(
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
        client.get(with_query(url, query), within_s=20.0),
        client.get(with_query(url, f"{query}&_HLS_skip={skip}"), within_s=20.0),
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


async def check_roll_over(
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
    exchange = await client.get(with_query(url, query), within_s=20.0)
    if has_given_up(exchange, playlist.target_duration_s):
        return
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
