"""RepresentationWitness: init segment and segments of one Representation against their rules."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.check import Check
from conformance.checks.dash_media import (
    ProgressTally,
    TrueTimes,
    check_chunks,
    check_listed_times,
    check_reference_times,
    check_representation,
    true_times,
)
from conformance.checks.media import MediaPosition, check_fragments, check_init, position_after
from conformance.errors import Mp4Error
from conformance.exchange import Exchange, Progress
from conformance.finding import Finding, error, warning
from conformance.mp4 import Fragment, InitSegment, InitTrack, read_fragments, read_init_segment
from conformance.mpd import Mpd, MpdSegment, Period, Representation

_SETTLING = 16  # segments that an MPD did not confirm yet; beyond, the oldest is let go


@dataclass(frozen=True, slots=True)
class FetchedSegment:
    """A segment that came whole. `segment` has its true times where they could be read.

    `arrivals` gives for each CMAF chunk when it came (monotonic), where it ends on the media
    timeline in ticks of the MPD's timescale, and how many seconds it lasts.
    """

    listed: MpdSegment
    segment: MpdSegment
    progress: Progress
    fragments: tuple[Fragment, ...]
    true: TrueTimes | None
    arrivals: tuple[tuple[float, int, float], ...]
    arrived_unix_us: int


class RepresentationWitness:
    """Takes segments in their order. Pure: bytes and times come with the answers."""

    def __init__(self) -> None:
        self._init: InitSegment | None = None
        self._position: MediaPosition | None = None
        self._number: int | None = None
        self._fetched: deque[FetchedSegment] = deque()
        self._tally = ProgressTally()
        self._inband: set[bool] = set()
        self._is_reference_promised = False
        self._url = ""

    @property
    def track(self) -> InitTrack | None:
        """The track of the init segment, or None before it was read."""
        return self._init.tracks[0] if self._init is not None else None

    def observe_init(
        self, url: str, exchange: Exchange, representation: Representation
    ) -> list[Finding]:
        """Take the init segment with status 200."""
        try:
            init = read_init_segment(exchange.body)
        except Mp4Error as exc:
            return [error(Check.INIT_SHAPE, url, str(exc))]
        self._init = init
        self._is_reference_promised = any(each.is_inband for each in representation.reference_times)
        return [
            *check_init(url, init),
            *check_representation(url, representation, init.tracks[0]),
        ]

    def read(
        self,
        listed: MpdSegment,
        representation: Representation,
        progress: Progress,
        server_offset_s: float,
    ) -> tuple[FetchedSegment, list[Finding]]:
        """Read a segment's bytes; what is wrong with them alone is found at once."""
        exchange = progress.exchange
        arrived_us = int((exchange.arrived_unix_s + server_offset_s) * 1_000_000)
        track = self.track
        fragments: tuple[Fragment, ...] = ()
        findings: list[Finding] = []
        if track is not None and self._init is not None:
            try:
                fragments = read_fragments(exchange.body, self._init)
            except Mp4Error as exc:
                findings.append(error(Check.FRAGMENT_SHAPE, exchange.url, str(exc)))
        timescale = representation.template.timescale
        true = true_times(fragments, track, timescale) if fragments and track else None
        segment = listed
        if true is not None:
            segment = MpdSegment(listed.number, true.decode_start, true.duration)
        arrivals = tuple(_chunk_arrivals(progress, fragments, track, timescale)) if track else ()
        fetched = FetchedSegment(listed, segment, progress, fragments, true, arrivals, arrived_us)
        return fetched, findings

    def take(self, fetched: FetchedSegment) -> None:
        """Keep a segment until an MPD confirms it."""
        self._fetched.append(fetched)
        if len(self._fetched) > _SETTLING:
            self._fetched.popleft()

    def settle(
        self,
        mpd: Mpd,
        period: Period,
        representation: Representation,
        listed: tuple[MpdSegment, ...],
        asked_s: float,
    ) -> list[Finding]:
        """Judge what came before an MPD was asked for, at the monotonic time `asked_s`."""
        findings: list[Finding] = []
        while self._fetched and self._fetched[0].progress.exchange.arrived_s < asked_s:
            fetched = self._fetched.popleft()
            numbered = "$Number" in representation.template.media
            entry = next(
                (
                    each
                    for each in listed
                    if (
                        each.number == fetched.listed.number
                        if numbered
                        else abs(each.time - fetched.segment.time) * 2 < each.duration
                    )
                ),
                None,
            )
            if entry is None:
                # The forecast was wrong, as where the show broke: no player plays it.
                self._position = None
                continue
            findings += self._judge(mpd, period, representation, entry, fetched)
        return findings

    def conclude(self) -> Iterator[Finding]:
        """Judge what only several segments show."""
        yield from self._tally.conclude()
        if self._inband == {False}:
            find = error if self._is_reference_promised else warning
            yield find(Check.REFERENCE_TIME, self._url, "expected prft before fragments, got none")

    def _judge(
        self,
        mpd: Mpd,
        period: Period,
        representation: Representation,
        entry: MpdSegment,
        fetched: FetchedSegment,
    ) -> Iterator[Finding]:
        track, fragments, url = self.track, fetched.fragments, fetched.progress.exchange.url
        if track is None or not fragments or fetched.true is None:
            self._position = None
            return
        follows = self._number is not None and entry.number == self._number + 1
        before = self._position if follows else None
        yield from check_fragments(url, fragments, track, before)
        samples = fragments[0].tracks[0].samples
        if representation.start_with_sap in {1, 2} and not (samples and samples[0].is_sync):
            yield error(
                Check.SYNC,
                url,
                f"startWithSAP={representation.start_with_sap}: expected a sync sample first, "
                "got none",
            )
        self._position, self._number = position_after(fragments), entry.number
        template = representation.template
        yield from check_listed_times(url, entry, fetched.true, is_nominal=bool(template.duration))
        if mpd.is_dynamic:  # one that is over has no wall clock any more
            offset_us = template.presentation_time_offset * 1_000_000 // template.timescale
            start_us = mpd.availability_start_us + period.start_us
            yield from check_reference_times(url, fragments, track, start_us, offset_us)
        self._inband.add(any(each.producer_reference_time for each in fragments))
        self._url = url
        yield from check_chunks(fetched.progress, fragments)
        end_us = mpd.media_unix_us(period, template, fetched.segment.end_time)
        exchange = fetched.progress.exchange
        asked_us = fetched.arrived_unix_us - int(
            (exchange.arrived_s - exchange.requested_s) * 1_000_000
        )
        longest_us = (
            max(fragment.tracks[0].duration for fragment in fragments)
            * 1_000_000
            // track.timescale
        )
        self._tally.add(fetched.progress, fragments, end_us - asked_us - 2 * longest_us)


def _chunk_arrivals(
    progress: Progress, fragments: tuple[Fragment, ...], track: InitTrack, timescale: int
) -> Iterator[tuple[float, int, float]]:
    if progress.has_length:
        return
    for fragment in fragments:
        end = fragment.tracks[0].end_time
        arrived = next(
            (each.arrived_s for each in progress.arrivals if each.end_bytes >= fragment.data_end),
            None,
        )
        if end is not None and arrived is not None:
            duration_s = fragment.tracks[0].duration / track.timescale
            yield arrived, end * timescale // track.timescale, duration_s
