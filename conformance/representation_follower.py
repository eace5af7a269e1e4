"""RepresentationFollower: one Representation of an MPD, fetched as low-latency players do it."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from conformance.check import Check
from conformance.checks.delivery import check_cors, check_media_delivery, check_refusal_delivery
from conformance.errors import RequestFailedError
from conformance.exchange import Exchange, Progress
from conformance.finding import Finding, error, warning
from conformance.http_client import HttpClient
from conformance.manifest_watch import ManifestWatch, server_unix_us
from conformance.measurement import ServerClock
from conformance.mpd import MpdSegment, Period, Representation, init_url, segment_url
from conformance.mpd.timeline import following_segment, listed_segments
from conformance.rendition_meter import RenditionMeter
from conformance.report import RenditionMeasures, RenditionState
from conformance.representation_witness import FetchedSegment, RepresentationWitness

LATE_LEAST_S = 2.0  # a busy server may be this late, and longer segments as long as they last
_RETRY_S = 0.25
# No Content: a publisher was lost, and what comes next is none of this Period's.
_BROKEN_OFF = 204
_ANSWER_EXTRA_S = 10.0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a Representation stands in the newest MPD, after how many readings of it."""

    reads: int
    period: Period
    representation: Representation


class RepresentationFollower:
    """Gets every segment as soon as it may be asked for, and has it judged once the MPD settled.

    The times of a growing segment are a forecast. So a segment is held against the first MPD that
    was asked for after its last byte came. `report` takes findings; one task runs `run`, which
    returns when the Period is over.
    """

    def __init__(
        self,
        period_id: str,
        representation_id: str,
        *,
        name: str,
        manifest: ManifestWatch,
        client: HttpClient,
        clock: ServerClock,
        report: Callable[[str, Finding], None],
    ) -> None:
        self.name = name
        self.state = RenditionState.STARTING
        self._ids = (period_id, representation_id)
        self._manifest = manifest
        self._client = client
        self._clock = clock
        self._report = report
        self._meter = RenditionMeter()
        self._witness = RepresentationWitness()
        self._newest: MpdSegment | None = None
        self._url = ""

    async def run(self) -> None:
        """Follow until the Period or the show is over. Cancel it to stop earlier."""
        place = self._place()
        if place is None:
            return
        await self._fetch_init(place)
        segment = self._first(place)
        while True:
            if segment is None:
                segment = await self._await_listed()
                if segment is None:
                    break
            fetched = await self._fetch(segment)
            if fetched is not None:
                self._newest = fetched.segment
                segment = fetched.segment
                self._witness.take(fetched)
            segment = await self._after(segment)
            if segment is None:
                break
        self.state = (
            RenditionState.REPLACED if self._manifest.mpd.is_dynamic else RenditionState.ENDED
        )

    def conclude(self) -> None:
        """Judge what only the whole run shows."""
        self._tell(self._witness.conclude())

    def settle(self) -> None:
        """Judge the segments that came before the newest MPD was asked for."""
        place = self._place()
        if place is None:
            return
        mpd = self._manifest.mpd
        listed = listed_segments(mpd, place.period, place.representation, self._now_us())
        self._tell(
            self._witness.settle(
                mpd, place.period, place.representation, listed, self._manifest.requested_s
            )
        )

    def measures(self) -> RenditionMeasures:
        """Tell how it goes. The newest segment's number stands for the MSN."""
        meter, track = self._meter, self._witness.track
        playhead = meter.playhead
        return RenditionMeasures(
            name=self.name,
            url=self._url,
            kind=track.kind if track else "",
            codec=track.entry.codecs.preferred if track else "",
            state=self.state,
            msn=self._newest.number if self._newest else None,
            part=None,
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

    def _place(self) -> _Place | None:
        found = self._manifest.find(*self._ids)
        return None if found is None else _Place(self._manifest.reads, *found)

    def _listed(self, place: _Place) -> tuple[MpdSegment, ...]:
        return listed_segments(
            self._manifest.mpd, place.period, place.representation, self._now_us()
        )

    def _first(self, place: _Place) -> MpdSegment | None:
        """Choose the newest segment that may be asked for now."""
        mpd, now_us = self._manifest.mpd, self._now_us()
        template = place.representation.template
        listed = self._listed(place)
        available = [
            each
            for each in listed
            if (mpd.available_unix_us(place.period, template, each) or 0) <= now_us
        ]
        return available[-1] if available else next(iter(listed), None)

    async def _await_listed(self) -> MpdSegment | None:
        while (place := self._place()) is not None:
            if (segment := self._first(place)) is not None:
                return segment
            if not self._manifest.mpd.is_dynamic:
                return None
            await self._manifest.wait_for_news(place.reads)
        return None

    async def _after(self, last: MpdSegment) -> MpdSegment | None:
        """Find what follows a segment, waiting for the MPD to list it; None at the Period's end."""
        while (place := self._place()) is not None:
            segment = following_segment(self._listed(place), place.representation, last)
            if segment is not None:
                return segment
            periods = self._manifest.mpd.periods
            if not self._manifest.mpd.is_dynamic or place.period.id != periods[-1].id:
                return None
            await self._manifest.wait_for_news(place.reads)
        return None

    async def _fetch_init(self, place: _Place) -> None:
        self._url = init_url(place.representation)
        exchange = await self._get(self._url)
        if exchange is None:
            return
        if exchange.status != 200:
            self._fail(
                error(
                    Check.AVAILABLE,
                    self._url,
                    f"init segment: expected status 200, got {exchange.status}",
                )
            )
            return
        self._tell(check_media_delivery(exchange, 1))
        self._tell(self._witness.observe_init(self._url, exchange, place.representation))

    async def _fetch(self, segment: MpdSegment) -> FetchedSegment | None:
        """Ask for a segment at its time, and again while it is late; None if it never came."""
        place = self._place()
        if place is None:
            return None
        mpd, template = self._manifest.mpd, place.representation.template
        url = segment_url(place.representation, segment)
        duration_s = segment.duration / template.timescale
        available_us = mpd.available_unix_us(place.period, template, segment) or 0
        wait_us = available_us - self._now_us()
        if wait_us > 0:
            await asyncio.sleep(wait_us / 1_000_000)
        started_s = time.monotonic()
        refused: Exchange | None = None
        while time.monotonic() - started_s <= max(LATE_LEAST_S, duration_s):
            self._meter.requests += 1
            try:
                progress = await self._client.get_growing(
                    url, within_s=2 * duration_s + _ANSWER_EXTRA_S
                )
            except RequestFailedError as exc:
                self._fail(error(Check.AVAILABLE, url, str(exc)))
                return None
            exchange = progress.exchange
            if exchange.status == 200:
                self.state = RenditionState.LIVE
                if refused is not None:
                    self._tell([_late(url, refused, exchange)])
                return self._taken(segment, place, progress)
            if exchange.status == _BROKEN_OFF:
                await self._manifest.wait_for_news(self._manifest.reads)
                if not self._is_still_listed(segment):
                    return None
            refused = refused or exchange
            self.state = RenditionState.WAITING
            await asyncio.sleep(_RETRY_S)
        if refused is not None and self._is_still_listed(segment):
            self._tell(check_refusal_delivery(refused, 1))
            self._fail(
                error(
                    Check.SEGMENT_AVAILABLE,
                    url,
                    f"expected status 200 from its availability time on, got {refused.status} "
                    f"for {time.monotonic() - started_s:.1f} s",
                )
            )
        return None

    def _is_still_listed(self, segment: MpdSegment) -> bool:
        """Tell whether the newest MPD stands by a forecast of an earlier one."""
        place = self._place()
        return place is not None and any(
            each.number == segment.number for each in self._listed(place)
        )

    def _taken(self, segment: MpdSegment, place: _Place, progress: Progress) -> FetchedSegment:
        exchange = progress.exchange
        self._tell(
            check_media_delivery(exchange, 1) if progress.has_length else check_cors(exchange)
        )
        fetched, findings = self._witness.read(
            segment, place.representation, progress, self._clock.offset_s
        )
        self._tell(findings)
        self._meter.segments += 1
        self._meter.take_body(
            len(exchange.body), segment.duration / place.representation.template.timescale
        )
        hold_back_s = (self._manifest.mpd.suggested_delay_us or 0) / 1_000_000
        template = place.representation.template
        for arrived_s, end_time, duration_s in fetched.arrivals:
            end_us = self._manifest.mpd.media_unix_us(place.period, template, end_time)
            unix_s = exchange.arrived_unix_s - (exchange.arrived_s - arrived_s)
            self._meter.take_media(
                1,
                duration_s,
                arrived_s,
                latency_s=unix_s + self._clock.offset_s - end_us / 1_000_000,
                hold_back_s=hold_back_s,
            )
        return fetched

    async def _get(self, url: str) -> Exchange | None:
        self._meter.requests += 1
        try:
            return await self._client.get(url)
        except RequestFailedError as exc:
            self._fail(error(Check.AVAILABLE, url, str(exc)))
            return None

    def _now_us(self) -> int:
        return server_unix_us(self._clock.offset_s)

    def _fail(self, finding: Finding) -> None:
        self._meter.failures += 1
        self._tell([finding])

    def _tell(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self._report(self.name, finding)


def _late(url: str, refused: Exchange, exchange: Exchange) -> Finding:
    return warning(
        Check.SEGMENT_AVAILABLE,
        url,
        f"expected status 200 from its availability time on, got {refused.status} at first, and "
        f"200 only {exchange.requested_s - refused.requested_s:.2f} s later",
    )
