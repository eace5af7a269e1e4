"""Random histories of one rendition: every timeline that it goes through."""

from hypothesis import strategies as st

from packager.cadence import Cadence
from packager.hls import Timeline, TimelineChange, WindowPolicy
from tests.packager.hls.cutter import TimelineCutter

CADENCE = Cadence(target_duration_s=2, part_target_ms=334)
PART_TARGET_TICKS = 334 * 90  # of a video track


@st.composite
def histories(draw: st.DrawFn, max_segments: int = 40) -> list[Timeline]:
    """Draw a history: timelines[n] is what the n-th change made; the last may be the end."""
    policy = WindowPolicy(draw(st.integers(6, 12)), draw(st.integers(3, 9)))
    cutter = RecordingCutter(policy, first_msn=draw(st.integers(1, 100)))
    lengths = draw(st.lists(st.integers(1, 6) | st.just(6), min_size=1, max_size=max_segments))
    for length in lengths:
        if draw(st.integers(0, 9)) == 0:
            cutter.use_init()
        cutter.open(is_discontinuous=draw(st.integers(0, 5)) == 0)
        is_gap_segment = draw(st.integers(0, 9)) == 0
        for _ in range(length):
            cutter.part(
                draw(st.just(30_000) | st.integers(1, PART_TARGET_TICKS)),
                is_gap=is_gap_segment or draw(st.integers(0, 19)) == 0,
            )
        cutter.close()
    if draw(st.booleans()):
        cutter.open()
        for _ in range(draw(st.integers(0, 6))):
            cutter.part(30_000)
    if draw(st.booleans()):
        cutter.history.append(cutter.timeline.end())
    return cutter.history


class RecordingCutter(TimelineCutter):
    """A cutter that keeps every timeline that it made."""

    def __init__(self, policy: WindowPolicy, *, first_msn: int) -> None:
        self.history: list[Timeline] = []
        super().__init__(CADENCE, policy, first_msn=first_msn)

    def _append(self, change: TimelineChange) -> None:
        super()._append(change)
        self.history.append(self.timeline)
