"""SegmentTimeline: the `S` elements of one Representation (ISO/IEC 23009-1, 5.3.9.6).

Grows at its end and loses its beginning; each costs as much as what is new, however much it lists.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class SegmentTime(NamedTuple):
    """Where one segment lies, in ticks of its Representation."""

    start_ticks: int
    duration_ticks: int

    @property
    def end_ticks(self) -> int:
        """Where it ends."""
        return self.start_ticks + self.duration_ticks


class ListedTimes(NamedTuple):
    """Segments in order, at least one, as an MPD lists them: `elements` are their `S` elements."""

    first: SegmentTime
    newest: SegmentTime
    elements: str


@dataclass(slots=True)
class _Run:
    """Segments of the same duration in a row: one `S` element.

    `is_sequel` says that it begins where the one before ends, so that its start need not be said.
    """

    start_ticks: int
    duration_ticks: int
    count: int
    is_sequel: bool

    @property
    def end_ticks(self) -> int:
        return self.start_ticks + self.count * self.duration_ticks

    def take(self, time: SegmentTime) -> bool:
        """Grow by this segment, if it is one more of the same."""
        if time != (self.end_ticks, self.duration_ticks):
            return False
        self.count += 1
        return True

    def element(self) -> str:
        start = "" if self.is_sequel else f' t="{self.start_ticks}"'
        repeat = f' r="{self.count - 1}"' if self.count > 1 else ""
        return f'<S{start} d="{self.duration_ticks}"{repeat}/>'


class SegmentTimeline:
    """The segments whose times are certain; whoever has it written says what is forecast."""

    __slots__ = ("_elements", "_runs")

    def __init__(self) -> None:
        self._runs: deque[_Run] = deque()
        self._elements: deque[str] = deque()  # of each run, so that only what changed is written

    def append(self, time: SegmentTime) -> None:
        """Take the next segment."""
        runs = self._runs
        if runs and runs[-1].take(time):
            self._elements[-1] = runs[-1].element()
            return
        runs.append(_next_run(runs[-1] if runs else None, time))
        self._elements.append(runs[-1].element())

    def drop_first(self) -> None:
        """Forget the oldest segment."""
        run = self._runs[0]
        run.start_ticks += run.duration_ticks
        run.count -= 1
        if not run.count:
            self._runs.popleft()
            self._elements.popleft()
        if self._runs:
            self._runs[0].is_sequel = False
            self._elements[0] = self._runs[0].element()

    def listed(self, forecast: Iterable[SegmentTime] = ()) -> ListedTimes | None:
        """Write all of it, and what comes after as it is expected now; None if that is nothing."""
        runs = [self._runs[-1]] if self._runs else []
        certain_count = len(runs)
        for time in forecast:
            if len(runs) == certain_count or not runs[-1].take(time):
                runs.append(_next_run(runs[-1] if runs else None, time))
        if not runs:
            return None
        first, newest = self._runs[0] if self._runs else runs[0], runs[-1]
        return ListedTimes(
            SegmentTime(first.start_ticks, first.duration_ticks),
            SegmentTime(newest.end_ticks - newest.duration_ticks, newest.duration_ticks),
            "\n".join((*self._elements, *(run.element() for run in runs[certain_count:]))),
        )


def list_times(times: Iterable[SegmentTime]) -> ListedTimes:
    """List these segments, at least one."""
    timeline = SegmentTimeline()
    for time in times:
        timeline.append(time)
    listed = timeline.listed()
    if listed is None:
        raise ValueError("expected a segment or more, got none")
    return listed


def _next_run(before: _Run | None, time: SegmentTime) -> _Run:
    is_sequel = before is not None and before.end_ticks == time.start_ticks
    return _Run(time.start_ticks, time.duration_ticks, 1, is_sequel)
