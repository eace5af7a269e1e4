"""Presentation: what an MPD of a show says, kept up to date one change at a time.

Knows times and tracks; holds no media bytes and has no clock. Source: ISO/IEC 23009-1, 5.3.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice

from ingest.media import Track
from packager.cadence import Cadence
from packager.cmaf import codec_string
from packager.dash.errors import PresentationError
from packager.dash.manifest import Manifest, Period, Representation, SegmentTime
from packager.dash.memory import PeriodMemory, PresentationMemory
from packager.dash.segment_span import SegmentSpan
from packager.segmenter.change import InitChanged, PartCut, SegmentClosed, SegmentOpened

# A segment is expected to last a little longer than those before: players ask for the next one by
# the end of the one they have, and must not find that one again (dash.js, Shaka).
_SLACK_MS = 50
_REMEMBERED_DURATIONS = 3  # a sound track's segments differ by a unit, now and then


@dataclass(slots=True)
class _Stretch:
    """Segments without a break between them: what becomes one Period.

    `anchor` is one moment of the stretch: seconds of the media timeline and milliseconds since
    1970. It is known from the first part on. `early_ms` is how long before its end a segment may
    be asked for, once that was said; `bandwidths_bps` has the renditions that were named then, and
    no others are named later.
    """

    first_msn: int
    anchor: tuple[Fraction, int] | None = None
    early_ms: int | None = None
    bandwidths_bps: dict[str, int] = field(default_factory=dict)

    def is_closed_to(self, change: SegmentOpened) -> bool:
        """Whether a rendition comes too late: a Period keeps its set of them."""
        if change.msn > self.first_msn:
            return True
        return bool(self.bandwidths_bps) and change.rendition not in self.bandwidths_bps


@dataclass(slots=True)
class _Rendition:
    """The segments of one rendition that are listed or may be; `first_msn` is where it began."""

    first_msn: int | None = None
    tracks: dict[int, Track] = field(default_factory=dict)  # by init number
    spans: deque[SegmentSpan] = field(default_factory=deque)

    def expected_ms(self, cadence: Cadence) -> int:
        """Tell how long the next segment will be: as the newest were, and a little longer.

        A publisher who comes back mostly does so as it was; what it was sending when it was lost is
        shorter than the others.
        """
        recent_ms = [
            span.duration_ms
            for span in islice(reversed(self.spans), _REMEMBERED_DURATIONS)
            if span.is_complete
        ]
        return max(recent_ms, default=cadence.target_duration_s * 1000) + _SLACK_MS

    @property
    def newest(self) -> SegmentSpan | None:
        return self.spans[-1] if self.spans else None


class Presentation:
    """The segments of all renditions, in the periods that they belong to.

    A period begins where the media breaks or its set of tracks changes. `version` rises whenever
    the MPD would say something else.
    """

    def __init__(self) -> None:
        self.version = 0
        self._renditions: dict[str, _Rendition] = {}
        self._stretches: list[_Stretch] = []
        self._longest_ms = 0
        self._published_unix_ms = 0
        self._dated_version = 0

    def add_init(self, change: InitChanged) -> None:
        """Take note of the track that segments with this initialisation segment hold."""
        rendition = self._renditions.setdefault(change.rendition, _Rendition())
        rendition.tracks[change.init_number] = change.track

    def open_segment(self, change: SegmentOpened, cadence: Cadence) -> None:
        """Begin a segment, and a period with it where the media breaks."""
        rendition = self._rendition(change.rendition)
        track = rendition.tracks[change.init_number]
        before = rendition.newest
        if not self._stretches or change.is_discontinuous:
            self._begin_stretch(change.msn)
        if before is None and self._stretches[-1].is_closed_to(change):
            # This segment of the others is listed already.
            self._begin_stretch(change.msn + 1)
        if rendition.first_msn is None:
            rendition.first_msn = change.msn
        rendition.spans.append(
            SegmentSpan(
                change.msn,
                change.init_number,
                track.timescale,
                change.start_unix_ms,
                change.is_discontinuous,
                rendition.expected_ms(cadence) * track.timescale // 1000,
                # The media goes on where it ended: that is known before the first part.
                None if change.is_discontinuous or before is None else before.end_ticks,
            )
        )
        self.version += 1

    def add_part(self, cut: PartCut) -> None:
        """Let the open segment grow; cheap unless it begins or lasts as nobody expected."""
        span = self._rendition(cut.rendition).newest
        if span is None:
            raise PresentationError(f"{cut.rendition}: a part outside of any segment")
        is_first = span.end_ticks is None
        span.end_ticks = cut.decode_time_ticks + cut.duration_ticks
        if is_first:
            is_expected = span.start_ticks == cut.decode_time_ticks and cut.is_independent
            span.start_ticks = cut.decode_time_ticks
            span.starts_with_sync = cut.is_independent
            if self._anchor(span) or not is_expected:
                self.version += 1
        elif span.duration_ticks > span.expected_ticks:
            # As few corrections as can be: Shaka takes each one for another segment.
            span.expected_ticks = span.duration_ticks * 3 // 2
            self.version += 1

    def close_segment(self, change: SegmentClosed, first_listed_msn: int) -> None:
        """Complete the open segment, and forget those before the first that stays listed."""
        rendition = self._rendition(change.rendition)
        span = rendition.newest
        if span is None:
            raise PresentationError(f"{change.rendition}: no segment to close")
        span.is_complete = True
        self._longest_ms = max(self._longest_ms, span.duration_ms)
        spans = rendition.spans
        while spans and spans[0].msn < first_listed_msn:
            spans.popleft()
        for number in [number for number in rendition.tracks if number < spans[0].init_number]:
            del rendition.tracks[number]
        oldest_msn = min(
            (known.spans[0].msn for known in self._renditions.values() if known.spans), default=0
        )
        while len(self._stretches) > 1 and self._stretches[1].first_msn <= oldest_msn:
            del self._stretches[0]
        self.version += 1

    def remember(self) -> PresentationMemory:
        """Tell what the changes of the window do not."""
        return PresentationMemory(
            self._published_unix_ms,
            tuple(
                PeriodMemory(
                    stretch.first_msn,
                    stretch.anchor,
                    stretch.early_ms,
                    dict(stretch.bandwidths_bps),
                )
                for stretch in self._stretches
            ),
            {
                name: rendition.first_msn
                for name, rendition in self._renditions.items()
                if rendition.first_msn is not None
            },
        )

    def recall(self, memory: PresentationMemory) -> None:
        """Go on as another did, of which this has the changes of the window."""
        self._published_unix_ms = memory.published_unix_ms
        self._stretches = [
            _Stretch(period.first_msn, period.anchor, period.early_ms, dict(period.bandwidths_bps))
            for period in memory.periods
        ]
        for name, first_msn in memory.first_msns.items():
            self._rendition(name).first_msn = first_msn
        self.version += 1

    def publish_after(self, unix_ms: int) -> None:
        """Date every version from now on later than this."""
        self._published_unix_ms = max(self._published_unix_ms, unix_ms)
        self.version += 1

    def note_state(self) -> None:
        """Take note that the show goes on, is interrupted or has ended: the MPD says so."""
        self.version += 1

    def end(self) -> None:
        """Let every segment end with the media that it has."""
        for rendition in self._renditions.values():
            newest = rendition.newest
            if newest is not None and newest.end_ticks is None:
                rendition.spans.pop()
            elif newest is not None:
                newest.is_complete = True
        self.version += 1

    def manifest(
        self,
        cadence: Cadence,
        window_ms: int,
        peak_bps: Mapping[str, int],
        *,
        goes_on: bool,
        is_ended: bool,
    ) -> Manifest | None:
        """Say all of it as it is now, or None as long as there is nothing to say.

        `peak_bps` has the bit rate of every rendition; `window_ms` is the least that stays listed.
        `goes_on` says that media comes now: then the segment after
        the open one is listed, too.
        """
        periods = []
        for index, stretch in enumerate(self._stretches):
            following = self._stretches[index + 1 :]
            end_msn = following[0].first_msn if following else None
            period = self._period(
                stretch, end_msn, cadence, peak_bps, has_next=goes_on and not following
            )
            if period is not None:
                periods.append(period)
        if not periods:
            return None
        return Manifest(
            cadence=cadence,
            published_unix_ms=self._date(),
            window_ms=max(window_ms, self._listed_ms() // 1000 * 1000),
            longest_ms=max(
                self._longest_ms,
                cadence.part_target_ms + max(period.early_ms for period in periods),
            ),
            periods=tuple(periods),
            is_ended=is_ended,
        )

    def _rendition(self, name: str) -> _Rendition:
        rendition = self._renditions.get(name)
        if rendition is None:
            raise PresentationError(f"expected an init of rendition {name} first")
        return rendition

    def _begin_stretch(self, first_msn: int) -> None:
        if self._stretches and self._stretches[-1].first_msn >= first_msn:
            return  # another rendition came first
        self._stretches.append(_Stretch(first_msn))

    def _anchor(self, span: SegmentSpan) -> bool:
        """Date a stretch by the first of its segments that has media; tell whether it was not."""
        for stretch in reversed(self._stretches):
            if stretch.first_msn <= span.msn:
                if stretch.anchor is not None or span.start_ticks is None:
                    return False
                start_s = Fraction(span.start_ticks, span.timescale)
                stretch.anchor = (start_s, span.start_unix_ms)
                return True
        return False

    def _date(self) -> int:
        """Date this version by the newest media, and never as another: that means no change."""
        if self._dated_version != self.version:
            newest_ms = max(
                (
                    span.end_unix_ms
                    for rendition in self._renditions.values()
                    if (span := rendition.newest) is not None
                ),
                default=0,
            )
            self._dated_version = self.version
            self._published_unix_ms = max(newest_ms, self._published_unix_ms + 1)
        return self._published_unix_ms

    def _listed_ms(self) -> int:
        """Tell how long ago the oldest moment was that all renditions still list."""
        return min(
            (
                rendition.spans[-1].end_unix_ms - rendition.spans[0].start_unix_ms
                for rendition in self._renditions.values()
                if rendition.spans
            ),
            default=0,
        )

    def _period(
        self,
        stretch: _Stretch,
        end_msn: int | None,
        cadence: Cadence,
        peak_bps: Mapping[str, int],
        *,
        has_next: bool,
    ) -> Period | None:
        if stretch.anchor is None:
            return None
        start_s, start_unix_ms = stretch.anchor
        representations = []
        names = list(stretch.bandwidths_bps) or [
            name
            for name, rendition in self._renditions.items()
            if rendition.first_msn is not None and rendition.first_msn <= stretch.first_msn
        ]
        for name in names:
            rendition = self._renditions[name]
            spans = [
                span
                for span in rendition.spans
                if span.msn >= stretch.first_msn
                and (end_msn is None or span.msn < end_msn)
                and span.start_ticks is not None
            ]
            if not spans:
                return None  # players want all tracks of a period when it begins
            track = rendition.tracks[spans[0].init_number]
            representations.append(
                Representation(
                    name=name,
                    track=track,
                    codecs=codec_string(track),
                    bandwidth_bps=stretch.bandwidths_bps.get(name, peak_bps[name]),
                    init_number=spans[0].init_number,
                    presentation_offset_ticks=round(start_s * track.timescale),
                    start_number=spans[0].msn,
                    times=_times(spans, has_next=has_next),
                    starts_with_sync=all(span.starts_with_sync for span in spans),
                )
            )
        if not representations:
            return None
        stretch.bandwidths_bps = {each.name: each.bandwidth_bps for each in representations}
        if stretch.early_ms is None:
            # If the next segments are longer players come later than they could, if they are
            # shorter they are made to wait. Never 0, even if a part is a whole segment: players
            # look here for low latency.
            expected_ms = min(
                self._renditions[each.name].expected_ms(cadence) for each in representations
            )
            stretch.early_ms = max(expected_ms - cadence.part_target_ms, 1)
        return Period(
            period_id=f"p{stretch.first_msn}",
            start_unix_ms=start_unix_ms,
            early_ms=stretch.early_ms,
            representations=tuple(representations),
        )


def _times(spans: Sequence[SegmentSpan], *, has_next: bool) -> tuple[SegmentTime, ...]:
    """List segments, and the one after them as if it were there, if there will be one."""
    times = [
        SegmentTime(span.start_ticks, span.listed_ticks)
        for span in spans
        if span.start_ticks is not None
    ]
    newest = spans[-1]
    if has_next and not newest.is_complete:
        start_ticks, duration_ticks = times[-1]
        times.append(SegmentTime(start_ticks + duration_ticks, newest.expected_ticks))
    return tuple(times)
