"""MediaWitness: init segments, parts and segments of one rendition, held against their rules."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from fractions import Fraction as Ratio

from conformance.check import Check
from conformance.checks.delivery import check_media_delivery
from conformance.checks.media import (
    MediaPosition,
    check_drift,
    check_fragments,
    check_init,
    check_part,
    check_segment,
    media_duration_us,
    position_after,
)
from conformance.checks.presentation import SegmentSpan
from conformance.checks.variants import SegmentWeight
from conformance.errors import Mp4Error
from conformance.exchange import Exchange
from conformance.finding import Finding, error
from conformance.mp4 import Fragment, InitSegment, InitTrack, read_fragments, read_init_segment
from conformance.playlist import Part, Segment

SEGMENTS_KEPT = 32  # bytes are not kept, only their sums
_INITS_KEPT = 16  # an encoder that changes with every segment needs a new one each time


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A part where a playlist lists it. `is_discontinuous` says that its segment is."""

    msn: int
    index: int
    part: Part
    map_uri: str | None
    is_discontinuous: bool
    has_independent_segments: bool


@dataclass(slots=True)
class _SegmentSum:
    """What the parts of one segment came to so far; `is_whole` is lost with the first gap."""

    is_whole: bool = True
    parts: int = 0
    size_bytes: int = 0
    duration_us: int = 0
    start_us: int | None = None
    end_us: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)


class MediaWitness:
    """Reads the media of one rendition in playlist order. Pure: bytes come with exchanges."""

    def __init__(self) -> None:
        self.track: InitTrack | None = None
        self.sample_us = 0
        self.spans: OrderedDict[int, SegmentSpan] = OrderedDict()
        self.weights: OrderedDict[int, SegmentWeight] = OrderedDict()
        self._inits: OrderedDict[str, InitSegment] = OrderedDict()
        self._sums: OrderedDict[int, _SegmentSum] = OrderedDict()
        self._next: tuple[int, int] | None = None
        self._position: MediaPosition | None = None
        self._run_start_us: int | None = None
        self._run_extinf_us = 0
        self._run_segments = 0
        self._pictures = 0
        self._picture_ticks = 0

    @property
    def frame_rate(self) -> Ratio | None:
        """Pictures a second by the samples' durations, or None without pictures."""
        if self.track is None or self.track.kind != "video" or not self._picture_ticks:
            return None
        return Ratio(self._pictures * self.track.timescale, self._picture_ticks)

    def knows_map(self, uri: str) -> bool:
        """Tell whether the init segment at this URI was read."""
        return uri in self._inits

    def observe_init(
        self, map_uri: str, exchange: Exchange, target_duration_s: int
    ) -> list[Finding]:
        """Take an init segment with status 200."""
        findings = list(check_media_delivery(exchange, target_duration_s))
        try:
            init = read_init_segment(exchange.body)
        except Mp4Error as exc:
            return [*findings, error(Check.INIT_SHAPE, exchange.url, str(exc))]
        findings += check_init(exchange.url, init)
        self._inits[map_uri] = init
        while len(self._inits) > _INITS_KEPT:
            self._inits.popitem(last=False)
        self.track = init.tracks[0]
        self._pictures = self._picture_ticks = 0  # another encoder, another frame rate
        return findings

    def skip(self, listed: ListedPart) -> None:
        """Take note that a part could not be had: what follows it is not held against it."""
        self._sum(listed.msn).is_whole = False
        self._position = None

    def observe_part(
        self, listed: ListedPart, exchange: Exchange, target_duration_s: int
    ) -> list[Finding]:
        """Take a part with status 200, in playlist order."""
        findings = list(check_media_delivery(exchange, target_duration_s))
        init = self._inits.get(listed.map_uri or "")
        if init is None:
            self.skip(listed)
            return findings
        self.track = track = init.tracks[0]
        fragments, broken = _read(exchange, init)
        if not fragments:
            self.skip(listed)
            return findings + broken
        follows = listed.index == 0 or self._next == (listed.msn, listed.index)
        starts_anew = listed.is_discontinuous and listed.index == 0
        before = self._position if follows and not starts_anew else None
        findings += check_fragments(exchange.url, fragments, track, before)
        findings += check_part(
            exchange.url,
            listed.part,
            fragments,
            track,
            starts_segment=listed.index == 0,
            has_independent_segments=listed.has_independent_segments,
        )
        self._add_part(listed, fragments, track, exchange.body)
        return findings

    def observe_closed(self, url: str, segment: Segment) -> list[Finding]:
        """Take note that a segment is complete, after its last part was observed."""
        summed = self._sums.get(segment.msn)
        if summed is None or not summed.is_whole or summed.parts != len(segment.parts):
            self._run_start_us = None
            if summed is None or summed.parts != len(segment.parts):
                self._position = None  # parts were missed: the next one follows nothing known
            return []
        self._keep(segment, summed)
        findings: list[Finding] = []
        if self._run_start_us is None or segment.is_discontinuous:
            self._run_start_us, self._run_extinf_us = summed.start_us, 0
            self._run_segments = 0
        self._run_extinf_us += segment.duration_us
        self._run_segments += 1
        if self._run_start_us is not None:
            findings += check_drift(
                url,
                self._run_extinf_us,
                summed.end_us - self._run_start_us,
                self.sample_us,
                self._run_segments,
            )
        return findings

    def observe_segment(
        self, segment: Segment, exchange: Exchange, target_duration_s: int
    ) -> list[Finding]:
        """Take a whole segment with status 200, and compare it with its parts if all were had."""
        findings = list(check_media_delivery(exchange, target_duration_s))
        init = self._inits.get(segment.map.uri) if segment.map else None
        if init is None:
            return findings
        track = init.tracks[0]
        fragments, broken = _read(exchange, init)
        if not fragments:
            return findings + broken
        findings += check_fragments(exchange.url, fragments, track, None)
        findings += check_segment(exchange.url, segment.duration_us, fragments, track)
        summed = self._sums.get(segment.msn)
        if summed is None:
            summed = self._sum(segment.msn)
            self._count(fragments, track, exchange.body, summed)
            self._keep(segment, summed)
        elif (
            summed.is_whole
            and summed.parts == len(segment.parts)
            and summed.digest.digest() != hashlib.sha256(exchange.body).digest()
        ):
            findings.append(
                error(
                    Check.PARTS_ARE_SEGMENT,
                    exchange.url,
                    f"MSN {segment.msn}: expected the bytes of its {summed.parts} parts "
                    f"({summed.size_bytes}), got {len(exchange.body)} others",
                )
            )
        return findings

    def _add_part(
        self, listed: ListedPart, fragments: tuple[Fragment, ...], track: InitTrack, body: bytes
    ) -> None:
        summed = self._sum(listed.msn)
        if listed.index != summed.parts:
            summed.is_whole = False
        self._count(fragments, track, body, summed)
        self._position = position_after(fragments)
        self._next = (listed.msn, listed.index + 1)

    def _count(
        self,
        fragments: tuple[Fragment, ...],
        track: InitTrack,
        body: bytes,
        summed: _SegmentSum,
    ) -> None:
        first, last = fragments[0].tracks[0], fragments[-1].tracks[0]
        summed.parts += 1
        summed.size_bytes += len(body)
        summed.digest.update(body)
        summed.duration_us += media_duration_us(fragments, track)
        if summed.start_us is None and first.decode_time is not None:
            summed.start_us = first.decode_time * 1_000_000 // track.timescale
        if last.end_time is not None:
            summed.end_us = last.end_time * 1_000_000 // track.timescale
        for fragment in fragments:
            samples = fragment.tracks[0].samples
            longest = max((sample.duration for sample in samples), default=0)
            self.sample_us = max(self.sample_us, longest * 1_000_000 // track.timescale)
            self._pictures += len(samples)
            self._picture_ticks += fragment.tracks[0].duration

    def _keep(self, segment: Segment, summed: _SegmentSum) -> None:
        if self.track is None or summed.start_us is None:
            return
        self.spans[segment.msn] = SegmentSpan(
            self.track.kind,
            summed.start_us,
            summed.end_us,
            self.sample_us,
            segment.program_date_time_us,
        )
        self.weights[segment.msn] = SegmentWeight(summed.size_bytes, summed.duration_us)
        while len(self.spans) > SEGMENTS_KEPT:
            self.spans.popitem(last=False)
        while len(self.weights) > 20 * SEGMENTS_KEPT:
            self.weights.popitem(last=False)

    def _sum(self, msn: int) -> _SegmentSum:
        summed = self._sums.get(msn)
        if summed is None:
            summed = self._sums[msn] = _SegmentSum()
            while len(self._sums) > SEGMENTS_KEPT:
                self._sums.popitem(last=False)
        return summed


def _read(exchange: Exchange, init: InitSegment) -> tuple[tuple[Fragment, ...], list[Finding]]:
    try:
        return read_fragments(exchange.body, init), []
    except Mp4Error as exc:
        return (), [error(Check.FRAGMENT_SHAPE, exchange.url, str(exc))]
