"""Following: whatever is live at an address, HLS or DASH, followed for a while and reported on."""

import asyncio
from collections.abc import Callable

from conformance.dash_follower import DashFollower
from conformance.errors import (
    RequestFailedError,
    TargetNotLiveError,
    TargetOfflineError,
    TargetUnreachableError,
)
from conformance.exchange import Exchange
from conformance.follow_settings import FollowSettings
from conformance.http_client import HttpClient
from conformance.live_follower import LiveFollower
from conformance.report import Report

_XML_STARTS = (b"<", b"\xef\xbb\xbf<")
_HTML_STARTS = (b"<!doctype html", b"<html")
_HTML_HEAD_BYTES = 256


async def follow(
    url: str,
    *,
    duration_s: float | None = None,
    settings: FollowSettings | None = None,
    observer: Callable[[Report], None] | None = None,
    stop: asyncio.Event | None = None,
) -> Report:
    """Follow a live HLS playlist (multivariant or media) or a DASH MPD, and report what was seen.

    Ends after `duration_s` seconds, at the end of the show, or once `stop` is set. `observer` gets
    a fresh report every `settings.report_every_s`. Raises a TargetError if nothing live is at `url`
    to begin with; later failures are findings.
    """
    settings = settings or FollowSettings()
    async with HttpClient(rides_out_s=settings.rides_out_s) as client:
        first = await read_first(url, client)
        if first.body[:_HTML_HEAD_BYTES].lstrip().lower().startswith(_HTML_STARTS):
            raise TargetNotLiveError(
                f"{url}: is a web page; expected the address of an HLS playlist or DASH MPD, "
                "such as .../index.m3u8 or .../manifest.mpd"
            )
        follower: LiveFollower | DashFollower
        if first.body.lstrip().startswith(_XML_STARTS):
            follower = DashFollower.open(url, client, settings, first)
        else:
            follower = LiveFollower.open(url, client, settings, first)
        await follower.run(duration_s=duration_s, observer=observer, stop=stop)
        return follower.report()


async def read_first(url: str, client: HttpClient) -> Exchange:
    """Read what is at the address for the first time; raise TargetError unless it is status 200."""
    try:
        exchange = await client.get(url)
    except RequestFailedError as exc:
        raise TargetUnreachableError(str(exc)) from exc
    if exchange.status in {404, 410, 503}:
        raise TargetOfflineError(f"{url}: nothing is live there (status {exchange.status})")
    if exchange.status != 200:
        raise TargetNotLiveError(f"{url}: expected status 200, got {exchange.status}")
    return exchange
