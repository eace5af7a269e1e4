"""RenditionFollower: one media playlist followed as a low-latency player does it."""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from conformance.active import check_ended_actively
from conformance.check import Check
from conformance.checks.blocking import has_given_up
from conformance.checks.delivery import check_refusal_delivery
from conformance.checks.evolution import parts_after
from conformance.errors import RequestFailedError
from conformance.exchange import Exchange
from conformance.finding import Finding, error, warning
from conformance.follow_settings import FollowSettings
from conformance.http_client import HttpClient
from conformance.measurement import ServerClock
from conformance.media_fetcher import MediaFetcher
from conformance.playlist import MediaPlaylist
from conformance.playlist_witness import PlaylistWitness
from conformance.presentation_witness import PresentationWitness
from conformance.rendition_meter import RenditionMeter
from conformance.report import RenditionMeasures, RenditionState

_RETRY_FIRST_S, _RETRY_MOST_S = 0.25, 2.0
_HOLD_EXTRA_S = 2.0


class RenditionFollower:
    """Reloads one playlist for ever, blocking where the server can, and has its media fetched.

    `report` takes findings; `on_gone` is called when the server says 404 or 410 for the playlist,
    so that the owner looks whether the multivariant playlist names another. One task runs `run`;
    it returns after EXT-X-ENDLIST.
    """

    def __init__(
        self,
        url: str,
        *,
        presentation: PresentationWitness,
        client: HttpClient,
        clock: ServerClock,
        settings: FollowSettings,
        report: Callable[[str, Finding], None],
        on_gone: Callable[[], None],
    ) -> None:
        self.url = url
        self.name = presentation.name(url)
        self.state = RenditionState.STARTING
        self._presentation = presentation
        self._client = client
        self._clock = clock
        self._report = report
        self._on_gone = on_gone
        self._meter = RenditionMeter()
        self._witness = PlaylistWitness(url)
        self._media = MediaFetcher(
            url,
            name=self.name,
            client=client,
            presentation=presentation,
            meter=self._meter,
            settings=settings,
            report=report,
        )
        self._fetches_media = settings.fetches_media
        self._checks_actively = settings.checks_actively

    async def run(self) -> None:
        """Follow until the playlist ends. Cancel it to stop earlier."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._media.run(), name=f"media of {self.name}")
            await self._reload(group)
            await self._media.finish()
            if self._checks_actively:
                for finding in await check_ended_actively(self._client, self.url):
                    self._report(self.name, finding)

    def measures(self) -> RenditionMeasures:
        """Tell how it goes."""
        meter, playlist = self._meter, self._witness.playlist
        position = playlist.last_position if playlist else None
        track = self._media.witness.track
        playhead = meter.playhead
        return RenditionMeasures(
            name=self.name,
            url=self.url,
            kind=track.kind if track else "",
            codec=track.entry.codecs.preferred if track else "",
            state=self.state,
            msn=position[0] if position else None,
            part=position[1] if position else None,
            parts=meter.parts,
            segments=meter.segments,
            requests=meter.requests,
            failures=meter.failures,
            jitter_mean_ms=meter.jitter_ms.mean,
            jitter_p95_ms=meter.jitter_ms.percentile(95),
            latency_s=meter.latency_s.last,
            latency_mean_s=meter.latency_s.mean,
            latency_p95_s=meter.latency_s.percentile(95),
            bitrate_bps=meter.bitrate_bps,
            stalls=playhead.stalls if playhead else 0,
            stalled_s=playhead.stalled_s if playhead else 0.0,
        )

    async def _reload(self, group: asyncio.TaskGroup) -> None:
        retry_s = _RETRY_FIRST_S
        while True:
            exchange = await self._ask()
            if exchange is None or exchange.status != 200:
                self.state = RenditionState.WAITING
                await asyncio.sleep(retry_s)
                retry_s = min(2 * retry_s, _RETRY_MOST_S)
                continue
            await self._take(exchange, group)
            playlist = self._witness.playlist
            if playlist is None:
                await asyncio.sleep(retry_s)
                retry_s = min(2 * retry_s, _RETRY_MOST_S)
                continue
            retry_s = _RETRY_FIRST_S
            self.state = RenditionState.LIVE
            if playlist.is_ended:
                self.state = RenditionState.ENDED
                return
            await asyncio.sleep(self._pause_s(playlist))

    async def _ask(self) -> Exchange | None:
        """Request the playlist's next version; None if no answer came."""
        playlist = self._witness.playlist
        target_s = playlist.target_duration_s if playlist else 6
        url = self._next_url(playlist)
        self._meter.requests += 1
        try:
            exchange = await self._client.get(url, within_s=3 * target_s + _HOLD_EXTRA_S + 10)
        except RequestFailedError as exc:
            self._fail(error(Check.AVAILABLE, self.url, str(exc)))
            return None
        self._clock.observe(
            exchange.headers.get("date"),
            exchange.arrived_unix_s - (exchange.arrived_s - exchange.requested_s),
            exchange.arrived_unix_s,
        )
        if exchange.status != 200:
            self._refused(exchange, target_s)
        return exchange

    def _refused(self, exchange: Exchange, target_duration_s: int) -> None:
        for finding in check_refusal_delivery(exchange, target_duration_s):
            self._report(self.name, finding)
        if exchange.status in {404, 410}:
            self._meter.failures += 1
            self._on_gone()
            return
        if has_given_up(exchange, target_duration_s):
            return
        self._fail(
            warning(
                Check.AVAILABLE,
                exchange.url,
                f"expected status 200, got {exchange.status} after {exchange.held_s:.3f} s",
            )
        )

    async def _take(self, exchange: Exchange, group: asyncio.TaskGroup) -> None:
        before = self._witness.playlist
        for finding in self._witness.observe(exchange):
            self._report(self.name, finding)
        playlist = self._witness.playlist
        if playlist is None or playlist is before:
            return
        for finding in self._presentation.observe_playlist(
            self.url, playlist, exchange.requested_s, exchange.arrived_s
        ):
            self._report(self.name, finding)
        new_parts = parts_after(before, playlist) if before else []
        if new_parts:
            self._meter.take_parts(
                playlist,
                new_parts,
                exchange.arrived_s,
                exchange.arrived_unix_s + self._clock.offset_s,
            )
        if before is not None:
            self._meter.segments += max(0, playlist.next_msn - before.next_msn)
        if self._fetches_media:
            await self._media.take(before, playlist, group)

    def _next_url(self, playlist: MediaPlaylist | None) -> str:
        """Add the directives for the next part, in UTF-8 order as 6.2.5.2 asks of clients."""
        control = playlist.server_control if playlist else None
        if playlist is None or control is None or not control.can_block_reload:
            return self.url
        opened = playlist.open_segment
        query = f"_HLS_msn={opened.msn}"
        if playlist.part_target_us is not None:
            query += f"&_HLS_part={len(opened.parts)}"
        if self._witness.can_ask_delta(time.monotonic()):
            query += "&_HLS_skip=" + ("v2" if control.can_skip_dateranges else "YES")
        return self.url + ("&" if urlsplit(self.url).query else "?") + query

    def _pause_s(self, playlist: MediaPlaylist) -> float:
        """Give the time before the next request: none where the server holds it."""
        control = playlist.server_control
        if control is not None and control.can_block_reload and not self._is_unchanged():
            return 0.0
        # "MUST wait for at least the target duration before attempting to reload ... [or] one-half
        # the target duration if unchanged" (6.3.4).
        return playlist.target_duration_s / (2 if self._is_unchanged() else 1)

    def _is_unchanged(self) -> bool:
        before, now = self._witness.previous, self._witness.playlist
        return before is not None and now is not None and before.last_position == now.last_position

    def _fail(self, finding: Finding) -> None:
        self._meter.failures += 1
        self._report(self.name, finding)
