"""ResumePoint: where a show stands, as its changes tell; a new Segmenter can go on there."""

from dataclasses import dataclass, field
from fractions import Fraction

from ingest.media import Track
from packager.cadence import Cadence
from packager.segmenter.change import (
    CadenceChosen,
    Change,
    InitChanged,
    PartCut,
    SegmentClosed,
    SegmentOpened,
    WarningRaised,
)
from packager.segmenter.errors import ResumeError


@dataclass(slots=True)
class SegmentStart:
    """A segment of any rendition: when its PROGRAM-DATE-TIME is, and where its media begins.

    `start_s` is on the Publication's timeline.
    """

    start_unix_ms: int
    is_discontinuous: bool
    start_s: Fraction


@dataclass(slots=True)
class RenditionPoint:
    """Where one rendition stands.

    `msn` and `part_count` are those of its newest segment, `start_ticks` is where that begins.
    """

    track: Track
    init_number: int
    next_part_number: int = 1
    msn: int = 0
    part_count: int = 0
    start_ticks: int = 0
    start_unix_ms: int = 0
    end_ticks: int = 0
    is_open: bool = False


@dataclass(slots=True)
class ResumePoint:
    """Follows the changes of a show, in their order, from any complete stretch of them.

    Bounded by the number of renditions and of segments that the followed changes hold.
    """

    cadence: Cadence | None = None
    renditions: dict[str, RenditionPoint] = field(default_factory=dict)
    starts: dict[int, SegmentStart] = field(default_factory=dict)

    @property
    def last_msn(self) -> int:
        """The newest media sequence number of any rendition, 0 before the first."""
        return max((point.msn for point in self.renditions.values()), default=0)

    @property
    def end_unix_ms(self) -> int:
        """When the newest media was, by PROGRAM-DATE-TIME."""
        return max(
            (
                point.start_unix_ms
                + (point.end_ticks - point.start_ticks) * 1000 // point.track.timescale
                for point in self.renditions.values()
                if point.msn
            ),
            default=0,
        )

    def note(self, change: Change) -> None:
        """Take the next change. Raises ResumeError if it belongs to no known rendition."""
        match change:
            case CadenceChosen(cadence):
                self.cadence = cadence
            case InitChanged():
                self._note_init(change)
            case SegmentOpened():
                point = self._point(change.rendition)
                point.msn, point.part_count, point.is_open = change.msn, 0, True
                point.start_ticks, point.start_unix_ms = point.end_ticks, change.start_unix_ms
                self.starts.setdefault(
                    change.msn,
                    SegmentStart(
                        change.start_unix_ms,
                        change.is_discontinuous,
                        Fraction(point.end_ticks, point.track.timescale),
                    ),
                )
            case PartCut():
                self._note_part(change)
            case SegmentClosed():
                self._point(change.rendition).is_open = False
            case WarningRaised():
                pass

    def _note_init(self, change: InitChanged) -> None:
        track = change.track
        point = self.renditions.get(change.rendition)
        if point is None:
            self.renditions[change.rendition] = RenditionPoint(track, change.init_number)
            return
        before = point.track.timescale
        if track.timescale != before:
            point.start_ticks = -(-point.start_ticks * track.timescale // before)
            point.end_ticks = -(-point.end_ticks * track.timescale // before)
        point.track, point.init_number = track, change.init_number

    def _note_part(self, change: PartCut) -> None:
        point = self._point(change.rendition)
        if not point.part_count:
            point.start_ticks = change.decode_time_ticks
            start = self.starts.get(change.msn)
            start_s = Fraction(change.decode_time_ticks, point.track.timescale)
            if start is not None and start.start_s < start_s:
                start.start_s = start_s
        point.part_count += 1
        point.next_part_number = change.number + 1
        point.end_ticks = change.decode_time_ticks + change.duration_ticks

    def _point(self, rendition: str) -> RenditionPoint:
        point = self.renditions.get(rendition)
        if point is None:
            raise ResumeError(f"expected an init of rendition {rendition} first")
        return point
