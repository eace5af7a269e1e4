"""Presentation: what an MPD of a show says, kept up to date one change at a time.

Knows times and tracks; holds no media bytes and has no clock. Source: ISO/IEC 23009-1, 5.3.
"""

from collections.abc import Mapping

from packager.cadence import Cadence
from packager.dash.errors import PresentationError
from packager.dash.manifest import Manifest
from packager.dash.memory import PeriodMemory, PresentationMemory
from packager.dash.rendition_spans import RenditionSpans
from packager.dash.segment_span import SegmentSpan
from packager.dash.stretch import Stretch
from packager.segmenter.change import InitChanged, PartCut, SegmentClosed, SegmentOpened


class Presentation:
    """The segments of all renditions, in the periods that they belong to.

    A period begins where the media breaks or its set of tracks changes. `version` rises whenever
    the MPD would say something else.
    """

    def __init__(self) -> None:
        self.version = 0
        self._renditions: dict[str, RenditionSpans] = {}
        self._stretches: list[Stretch] = []
        self._longest_ms = 0
        self._published_unix_ms = 0
        self._dated_version = 0

    def add_init(self, change: InitChanged) -> None:
        """Take note of the track that segments with this initialisation segment hold."""
        rendition = self._renditions.setdefault(change.rendition, RenditionSpans())
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
        rendition.drop_before(first_listed_msn)
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
            Stretch(period.first_msn, period.anchor, period.early_ms, dict(period.bandwidths_bps))
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
        `goes_on` says that media comes now: then the segment after the open one is listed, too.
        """
        periods = []
        ends = [following.first_msn for following in self._stretches[1:]]
        for stretch, end_msn in zip(self._stretches, [*ends, None], strict=True):
            period = stretch.period(
                self._renditions,
                end_msn,
                cadence,
                peak_bps,
                has_next=goes_on and end_msn is None,
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

    def _rendition(self, name: str) -> RenditionSpans:
        rendition = self._renditions.get(name)
        if rendition is None:
            raise PresentationError(f"expected an init of rendition {name} first")
        return rendition

    def _begin_stretch(self, first_msn: int) -> None:
        if self._stretches and self._stretches[-1].first_msn >= first_msn:
            return  # another rendition came first
        if self._stretches:
            self._stretches[-1].end_before(first_msn)
        self._stretches.append(Stretch(first_msn))

    def _anchor(self, span: SegmentSpan) -> bool:
        """Date the stretch that this segment is of; tell whether it was not."""
        for stretch in reversed(self._stretches):
            if stretch.first_msn <= span.msn:
                return stretch.date_by(span)
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
