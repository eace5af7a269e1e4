"""Video decode and presentation times in 90 kHz ticks, strictly rising."""

from collections.abc import Sequence
from fractions import Fraction

from ingest.flv.clock.frame_grid import TICKS_PER_MS, FrameGrid

_NS_PER_TICK_NUMERATOR, _NS_PER_TICK_DENOMINATOR = 9, 100_000  # 90 kHz: 9 ticks are 100 us


class VideoClock:
    """Gives the units of one video track their times."""

    __slots__ = ("_grid", "_last")

    def __init__(self, claimed_rates: Sequence[Fraction]) -> None:
        self._grid = FrameGrid(claimed_rates)
        self._last: int | None = None

    @property
    def frame_rate_varies(self) -> bool:
        """Whether a good while of timestamps shows no constant frame rate."""
        return self._grid.varies

    def place(self, time_ms: int, composition_ms: int, offset_ns: int) -> tuple[int, int, bool]:
        """Give dts and pts of a unit, and whether its dts had to be moved to rise.

        `composition_ms` is the signed composition time of FLV, `offset_ns` the nanoseconds of
        Enhanced RTMP's TimestampOffsetNano, which belong to the presentation time alone.
        """
        on_grid = dts = self._grid.place(time_ms)
        last = self._last
        is_repaired = last is not None and dts <= last
        if last is not None and dts <= last:
            dts = last + 1
        self._last = dts
        if composition_ms == 0 and offset_ns == 0:
            return dts, on_grid, is_repaired
        wire = (time_ms + composition_ms) * TICKS_PER_MS
        wire += offset_ns * _NS_PER_TICK_NUMERATOR // _NS_PER_TICK_DENOMINATOR
        return dts, self._grid.nearest(wire), is_repaired
