"""Timeline: the window of one Rendition as an unchanging value, grown by one change at a time.

It knows what is listed, what has left the playlist but must still be served, and what comes next.
Holds no media bytes. Sources: rfc8216bis 6.2.1, 6.2.2 and 6.2.5.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple, assert_never

from packager.cadence import Cadence
from packager.hls.errors import TimelineError
from packager.hls.segment import US_PER_S, Part, Position, Segment, round_to_us
from packager.hls.tags import segment_start_tags
from packager.hls.window import WindowPolicy
from packager.segmenter.change import InitChanged, PartCut, SegmentClosed, SegmentOpened

TimelineChange = InitChanged | SegmentOpened | PartCut | SegmentClosed

# rfc8216bis 6.2.2: "EXT-X-PART tags SHOULD be removed from the Playlist after they are greater
# than three Target Durations from the end of the Playlist."
_PARTS_LISTED_TARGET_DURATIONS = 3


class InitSegment(NamedTuple):
    """An initialisation segment that fetchable or coming segments name."""

    number: int
    timescale: int


class RemovedSegment(NamedTuple):
    """A segment that left the playlist. It is served until the timeline reaches `until_us`."""

    segment: Segment
    until_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The window of one rendition.

    `removed` and `listed` hold complete segments, oldest first; `open` is the one that grows.
    `discontinuity_sequence` belongs to the first listed segment. `end_us` is the media cut so far,
    the rendition's own clock; `longest_us` is the longest that the playlist ever was.
    `is_independent` says that no segment so far began without a sync sample.
    """

    rendition: str
    cadence: Cadence
    policy: WindowPolicy
    inits: tuple[InitSegment, ...] = ()
    removed: tuple[RemovedSegment, ...] = ()
    listed: tuple[Segment, ...] = ()
    open: Segment | None = None
    next_part_number: int = 1
    discontinuity_sequence: int = 0
    end_us: int = 0
    longest_us: int = 0
    is_independent: bool = True
    is_ended: bool = False

    def append(self, change: TimelineChange) -> "Timeline":
        """Return the timeline after one change of its rendition.

        Raises TimelineError when the change does not follow from those before.
        """
        if self.is_ended:
            raise TimelineError(f"{self.rendition} has ended, got {type(change).__name__}")
        match change:
            case PartCut():
                return self._with_part(change)
            case SegmentClosed():
                return self._closed(change.msn)
            case SegmentOpened():
                return self._opened(change)
            case InitChanged():
                init = InitSegment(change.init_number, change.track.timescale)
                return replace(self, inits=(*self.inits, init))
            case _:
                assert_never(change)

    def after_discontinuities(self, count: int) -> "Timeline":
        """Return this timeline, still without segments, begun after discontinuities of siblings.

        rfc8216bis 6.2.4: matching content has matching Discontinuity Sequence Numbers; hls.js
        aligns renditions by them.
        """
        if self.last_msn is not None:
            raise TimelineError(f"{self.rendition} has begun at segment {self.media_sequence}")
        return replace(self, discontinuity_sequence=count)

    def end(self) -> "Timeline":
        """Return the timeline as it stays for ever: nothing open, nothing more to come."""
        closed = self
        if self.open is not None and self.open.parts:
            closed = self._closed(self.open.msn)
        return replace(closed, open=None, is_ended=True)

    @property
    def media_sequence(self) -> int:
        """EXT-X-MEDIA-SEQUENCE: the msn of the first segment listed, or 0 before there is one."""
        if self.listed:
            return self.listed[0].msn
        return self.open.msn if self.open is not None else 0

    @property
    def last_msn(self) -> int | None:
        """The msn of the newest segment, open or complete, or None before the first."""
        if self.open is not None:
            return self.open.msn
        return self.listed[-1].msn if self.listed else None

    @property
    def last_part(self) -> Position | None:
        """The position of the newest part, or None before the first."""
        if self.open is not None and self.open.parts:
            return self.open.last_position
        return self.listed[-1].last_position if self.listed else None

    @property
    def next_init_number(self) -> int | None:
        """The init that the next part will need as far as is known, or None before the first."""
        if self.open is not None:
            return self.open.init_number
        return self.inits[-1].number if self.inits else None

    @property
    def oldest_part_number(self) -> int:
        """The number of the oldest part that must still be served."""
        if self.removed:
            return self.removed[0].segment.first_part_number
        if self.listed:
            return self.listed[0].first_part_number
        return self.open.first_part_number if self.open is not None else self.next_part_number

    @property
    def parts_listed_from_us(self) -> int:
        """Segments that end before this moment are listed without their parts.

        All parts of a segment leave together: hls.js counts part indices from the first one
        listed.
        """
        target_us = self.cadence.target_duration_s * US_PER_S
        return self.end_us - _PARTS_LISTED_TARGET_DURATIONS * target_us

    @property
    def skippable_count(self) -> int:
        """How many of the first listed segments a Playlist Delta Update leaves out.

        rfc8216bis 6.2.5.1: those "further from the end of the last (Parent) Media Segment in the
        Playlist than the Skip Boundary". Counted from the last complete one, the safer reading.
        """
        if self.is_ended or not self.listed:
            return 0
        boundary_us = self.listed[-1].end_us - self.cadence.can_skip_until_s * US_PER_S
        # From the newest backwards: the number of those behind the boundary does not grow with
        # the window.
        count = len(self.listed)
        while count and self.listed[count - 1].end_us >= boundary_us:
            count -= 1
        return count

    def has_reached(self, position: Position) -> bool:
        """Whether the playlist contains this position or a later one, or will never change."""
        if self.is_ended:
            return True
        if position.part is None:
            return bool(self.listed) and self.listed[-1].msn >= position.msn
        last_part = self.last_part
        return last_part is not None and last_part >= position

    def find(self, msn: int) -> Segment | None:
        """Find a complete segment that must still be served."""
        if self.removed:
            offset = msn - self.removed[0].segment.msn
            if 0 <= offset < len(self.removed):
                return self.removed[offset].segment
        if self.listed:
            offset = msn - self.listed[0].msn
            if 0 <= offset < len(self.listed):
                return self.listed[offset]
        return None

    def _with_part(self, cut: PartCut) -> "Timeline":
        segment = self.open
        if segment is None or segment.msn != cut.msn:
            raise TimelineError(
                f"{self.rendition}: part of segment {cut.msn}, but open is {_msn_text(segment)}"
            )
        if cut.index != len(segment.parts) or cut.number != self.next_part_number:
            raise TimelineError(
                f"{self.rendition}: expected part {len(segment.parts)} of segment {cut.msn} with "
                f"number {self.next_part_number}, got {cut.index} with number {cut.number}"
            )
        start_us = round_to_us(cut.decode_time_ticks, segment.timescale)
        end_ticks = cut.decode_time_ticks + cut.duration_ticks
        duration_us = round_to_us(end_ticks, segment.timescale) - start_us
        is_first_media = not cut.is_gap and segment.is_gap
        end_us = self.end_us + duration_us
        first = self.listed[0] if self.listed else segment
        # Said in full: `replace` takes five times as long, and parts are what comes most often.
        return Timeline(
            rendition=self.rendition,
            cadence=self.cadence,
            policy=self.policy,
            inits=self.inits,
            removed=self.removed,
            listed=self.listed,
            open=segment.with_part(Part(cut.number, duration_us, cut.is_independent, cut.is_gap)),
            next_part_number=cut.number + 1,
            discontinuity_sequence=self.discontinuity_sequence,
            end_us=end_us,
            longest_us=max(self.longest_us, end_us - first.start_us),
            is_independent=self.is_independent and (cut.is_independent or not is_first_media),
        )

    def _opened(self, change: SegmentOpened) -> "Timeline":
        if self.open is not None:
            raise TimelineError(
                f"{self.rendition}: segment {change.msn} opened while {self.open.msn} is open"
            )
        if self.listed and change.msn != self.listed[-1].msn + 1:
            raise TimelineError(
                f"{self.rendition}: expected segment {self.listed[-1].msn + 1}, got {change.msn}"
            )
        for init in reversed(self.inits):
            if init.number == change.init_number:
                break
        else:
            raise TimelineError(f"{self.rendition}: unknown init {change.init_number}")
        segment = Segment(
            msn=change.msn,
            init_number=init.number,
            start_unix_ms=change.start_unix_ms,
            is_discontinuous=change.is_discontinuous,
            timescale=init.timescale,
            first_part_number=self.next_part_number,
            start_us=self.end_us,
            start_tags=segment_start_tags(
                change.start_unix_ms,
                init.number,
                is_discontinuous=change.is_discontinuous,
                has_new_map=not self.listed or self.listed[-1].init_number != init.number,
            ),
        )
        return replace(self, open=segment)

    def _closed(self, msn: int) -> "Timeline":
        segment = self.open
        if segment is None or segment.msn != msn or not segment.parts:
            raise TimelineError(
                f"{self.rendition}: expected an open segment {msn} with parts to close, "
                f"but open is {_msn_text(segment)}"
            )
        leaving = self._leaving_count()
        # rfc8216bis 6.2.2: a removed segment stays available for "the duration of the segment plus
        # the duration of the longest Playlist file [...] containing that segment".
        gone = 0
        while gone < len(self.removed) and self.removed[gone].until_us <= self.end_us:
            gone += 1
        old = self.listed[:leaving]
        removed = (
            *self.removed[gone:],
            *(
                RemovedSegment(each, self.end_us + each.duration_us + self.longest_us)
                for each in old
            ),
        )
        listed = (*self.listed[leaving:], segment.closed())
        oldest = removed[0].segment if removed else listed[0]
        return replace(
            self,
            inits=tuple(init for init in self.inits if init.number >= oldest.init_number),
            removed=removed,
            listed=listed,
            open=None,
            # rfc8216bis 6.2.2: removing an EXT-X-DISCONTINUITY "MUST increment" the sequence.
            discontinuity_sequence=self.discontinuity_sequence
            + sum(each.is_discontinuous for each in old),
        )

    def _leaving_count(self) -> int:
        """Count the oldest segments that the window no longer has to list with the open one."""
        least_us = self.policy.listed_target_durations * self.cadence.target_duration_s * US_PER_S
        listed = self.listed
        count = 0
        while (
            len(listed) + 1 - count > self.policy.listed_segments
            and self.end_us - listed[count].end_us >= least_us
        ):
            count += 1
        return count


def _msn_text(segment: Segment | None) -> str:
    return "none" if segment is None else f"{segment.msn} of {len(segment.parts)} parts"
