"""Follower: what following tracks of pictures and of sound have in common: the places to cut."""

from collections import deque

from ingest.media import Track
from packager.segmenter.cut_list import Boundary, BoundaryKind
from packager.segmenter.due_cut import NEVER_DUE, step_past
from packager.segmenter.media_clock import MediaClock
from packager.segmenter.rendition_output import RenditionOutput

NEVER = 1 << 62
MAX_BOUNDARIES = 256  # not yet met; the oldest is then met with silence or a still picture


class Follower:
    """Keeps the boundaries that its rendition has yet to meet, the next one's at `_threshold`.

    A boundary is met at the unit that begins nearest to it: at most half a unit off.
    """

    def __init__(
        self,
        track: Track,
        output: RenditionOutput,
        clock: MediaClock,
        unit_ticks: int,
        first_dts: int,
    ) -> None:
        self.name = track.name
        self.timescale = track.timescale
        self.is_absent = False
        self.arrived = 0.0
        self.was_late = False
        self.track = track
        self._output = output
        self._clock = clock
        self._shift = clock.shift(self.timescale)
        self._unit = unit_ticks
        self._meets_ahead = 0  # how far before a boundary the sample begins that meets it
        self._half = unit_ticks // 2
        self._last_dts = first_dts + self._shift - 1
        self._longest_step = self.timescale
        self._boundaries: deque[Boundary] = deque()
        self._threshold = NEVER

    @property
    def newest_ticks(self) -> int:
        """The decode time of the newest sample."""
        return self._last_dts

    @property
    def due_ticks(self) -> int:
        """When the sample is due that meets the next boundary; never before there is one.

        A track that is absent does not meet any: nobody waits for it.
        """
        if self.is_absent or not self._boundaries:
            return NEVER_DUE
        return step_past(self._last_dts, self._threshold - self._meets_ahead - 1, self._unit)

    def _await(self, boundary: Boundary) -> None:
        """Put a boundary behind those that are to be met."""
        self._output.adopt(self.track)
        self._boundaries.append(boundary)
        if len(self._boundaries) == 1:
            self._threshold = boundary.ticks - self._half

    def _advance(self) -> None:
        """Go on to the boundary after the one that was met."""
        self._boundaries.popleft()
        self._threshold = self._boundaries[0].ticks - self._half if self._boundaries else NEVER

    def _open_segment_at(self, boundary: Boundary, start_ticks: int) -> None:
        """Begin a segment if the boundary is one's."""
        if boundary.kind is BoundaryKind.SEGMENT:
            self._output.open_segment(
                boundary.msn,
                self._clock.unix_ms(start_ticks, self.timescale),
                is_discontinuous=boundary.is_discontinuous,
            )
