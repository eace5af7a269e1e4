"""Leader: what leading tracks of pictures and of sound have in common: where segments end."""

from packager.segmenter.change import FragmentSample
from packager.segmenter.cut_list import CutList
from packager.segmenter.media_clock import MediaClock
from packager.segmenter.pace import Pace
from packager.segmenter.rendition_output import RenditionOutput


class Leader:
    """Cuts its own rendition and tells the cut list.

    A subclass gathers samples into a part that begins at `_start` and must end by `_part_end`.
    """

    def __init__(
        self,
        output: RenditionOutput,
        cuts: CutList,
        clock: MediaClock,
        pace: Pace,
        start_ticks: int,
    ) -> None:
        self.name = output.track.name
        self.track = output.track
        self.timescale = output.track.timescale
        self.is_absent = False
        self.arrived = 0.0
        self.was_late = False
        self._output = output
        self._cuts = cuts
        self._clock = clock
        self._pace = pace
        self._shift = clock.shift(self.timescale)
        self._first_segment_ticks = pace.first_segment_ticks
        self._is_segment_due = True
        self._is_discontinuous = False
        self._start = self._segment_start = start_ticks
        self._bound_part()

    def begin_discontinuous(self) -> None:
        """Put a discontinuity before the first segment: another publisher's media came before."""
        self._is_discontinuous = True

    def _wants_segment(self, ticks: int) -> bool:
        """Whether a sync sample at this place begins a segment."""
        return (
            self._is_segment_due
            or self._cuts.is_segment_wanted
            # Half a frame early counts: timestamps jitter.
            or ticks - self._segment_start + self._pace.unit_ticks // 2
            >= self._pace.segment_target_ticks
        )

    def _begin_segment(self) -> None:
        if self._output.is_open:
            self._output.close_segment()
            self._first_segment_ticks = None
        self._is_segment_due = False
        self._segment_start = self._start
        self._bound_part()
        is_discontinuous = self._cuts.begin_segment(
            self._start, is_discontinuous=self._is_discontinuous
        )
        self._is_discontinuous = False
        self._output.open_segment(
            self._cuts.msn,
            self._clock.unix_ms(self._start, self.timescale),
            is_discontinuous=is_discontinuous,
        )

    def _end_part(self, samples: list[FragmentSample], end_ticks: int) -> None:
        self._output.cut_part(self._start, samples, end_ticks)
        self._start = end_ticks
        self._bound_part()
        self._cuts.end_part(end_ticks)
        elapsed = end_ticks - self._segment_start
        left = self._pace.segment_limit_ticks - elapsed
        is_first_over = (
            self._first_segment_ticks is not None and elapsed >= self._first_segment_ticks
        )
        if is_first_over or left < self._pace.unit_ticks:
            self._is_segment_due = True

    def _bound_part(self) -> None:
        self._part_end = min(
            self._start + self._pace.part_limit_ticks,
            self._segment_start + self._pace.segment_limit_ticks,
        )
        self._earliest_end = min(self._start + self._pace.part_least_ticks, self._part_end)

    def _end_segment(self) -> None:
        if self._output.is_open:
            self._output.close_segment()
        self._cuts.end(self._start)
