"""Listing: what one Period lists of one rendition, kept from version to version."""

from ingest.media import Track
from packager.cmaf import codec_string
from packager.dash.rendition_spans import RenditionSpans
from packager.dash.segment_span import SegmentSpan
from packager.dash.segment_timeline import ListedTimes, SegmentTime, SegmentTimeline


class Listing:
    """The segments of a rendition from `first_msn` on, up to where its Period ends.

    Takes up what became complete since it was last looked at, so that a version of the MPD costs as
    much as is new in it. `start_number` is the MSN of the oldest segment, `is_finished` says that
    no other will come.
    """

    def __init__(self, first_msn: int, init_number: int, track: Track) -> None:
        self.start_number = first_msn
        self.init_number = init_number
        self.track = track
        self.codecs = codec_string(track)
        self.is_finished = False
        self._timeline = SegmentTimeline()
        self._next_msn = first_msn
        self._growing: list[SegmentSpan] = []
        self._unsynced_msns: list[int] = []

    @property
    def starts_with_sync(self) -> bool:
        """Whether each segment that has begun starts with a sync sample."""
        return not self._unsynced_msns and all(span.starts_with_sync for span in self._growing)

    def has_taken(self, msn: int) -> bool:
        """Whether this segment, or a later one, is a complete one here."""
        return self._next_msn > msn

    def update(self, rendition: RenditionSpans, end_msn: int | None) -> None:
        """Take up what is new, as far as `end_msn`, and forget what is gone."""
        oldest, newest = rendition.oldest, rendition.newest
        if oldest is None or newest is None:
            return
        self._drop_before(oldest.msn)
        if self.is_finished:
            return
        fresh: list[SegmentSpan] = []
        for span in reversed(rendition.spans):
            if span.msn < self._next_msn:
                break
            if (end_msn is None or span.msn < end_msn) and span.start_ticks is not None:
                fresh.append(span)
        if fresh and self.start_number == self._next_msn:
            # Nothing of before is left: nobody may have looked for longer than the window lasts.
            self.start_number = self._next_msn = fresh[-1].msn
        self._growing.clear()
        for span in reversed(fresh):
            if span.is_complete:
                self._take(span)
            else:
                self._growing.append(span)
        self.is_finished = end_msn is not None and newest.msn >= end_msn and not self._growing

    def listed(self, *, has_next: bool) -> ListedTimes | None:
        """List all segments, and the one after them as if it were there, if there will be one."""
        forecast = [
            SegmentTime(span.start_ticks, span.listed_ticks)
            for span in self._growing
            if span.start_ticks is not None
        ]
        if has_next and forecast:
            next_ticks = self._growing[-1].expected_ticks
            forecast.append(SegmentTime(forecast[-1].end_ticks, next_ticks))
        return self._timeline.listed(forecast)

    def _take(self, span: SegmentSpan) -> None:
        if span.start_ticks is None:
            return
        self._timeline.append(SegmentTime(span.start_ticks, span.duration_ticks))
        self._next_msn = span.msn + 1
        if not span.starts_with_sync:
            self._unsynced_msns.append(span.msn)

    def _drop_before(self, msn: int) -> None:
        while self.start_number < min(msn, self._next_msn):
            self._timeline.drop_first()
            self.start_number += 1
        while self._unsynced_msns and self._unsynced_msns[0] < self.start_number:
            del self._unsynced_msns[0]
