"""RenditionSpans: the segments of one rendition that an MPD lists or may list."""

from collections import deque
from dataclasses import dataclass, field
from itertools import islice

from ingest.media import Track
from packager.cadence import Cadence
from packager.dash.segment_span import SegmentSpan

# A segment is expected to last a little longer than those before: players ask for the next one by
# the end of the one they have, and must not find that one again (dash.js, Shaka).
_SLACK_MS = 50
_REMEMBERED_DURATIONS = 3  # a sound track's segments differ by a unit, now and then


@dataclass(slots=True)
class RenditionSpans:
    """The spans of one rendition, oldest first; `first_msn` is where it began."""

    first_msn: int | None = None
    tracks: dict[int, Track] = field(default_factory=dict)  # by init number
    spans: deque[SegmentSpan] = field(default_factory=deque)

    @property
    def oldest(self) -> SegmentSpan | None:
        """The first span, if there is one."""
        return self.spans[0] if self.spans else None

    @property
    def newest(self) -> SegmentSpan | None:
        """The last span, which may be growing."""
        return self.spans[-1] if self.spans else None

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

    def drop_before(self, msn: int) -> None:
        """Forget the segments before this one, and the tracks that only they had."""
        while self.spans and self.spans[0].msn < msn:
            self.spans.popleft()
        if self.spans:
            oldest = self.spans[0].init_number
            for number in [number for number in self.tracks if number < oldest]:
                del self.tracks[number]
