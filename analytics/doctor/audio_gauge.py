"""AudioGauge: rate and gaps of one sound track. Pure."""

from collections import deque
from collections.abc import Sequence
from operator import sub
from typing import Final

_BITRATE_SECONDS: Final = 4
_RATE_SECONDS: Final = 10
_RECENT_SECONDS: Final = 30


class AudioGauge:
    """Takes samples in order; times are ticks of `timescale`. As VideoGauge, it can go on.

    `samples_per_frame`: how long a unit lasts, 0 where that varies; then no gap is seen.
    """

    def __init__(
        self, timescale: int, samples_per_frame: int, earlier: "AudioGauge | None" = None
    ) -> None:
        self.timescale = timescale
        self.byte_count: int = 0 if earlier is None else earlier.byte_count
        self.gap_count: int = 0 if earlier is None else earlier.gap_count
        self.gap_s: float = 0.0 if earlier is None else earlier.gap_s
        self.media_s: float = 0.0 if earlier is None else earlier.media_s
        self.first_pts: int | None = None
        self.last_dts: int | None = None
        self.frame_ticks = samples_per_frame
        self._marks: deque[tuple[int, int]] = deque(maxlen=_RATE_SECONDS + 1)
        self._gaps: deque[int] = deque(maxlen=_RECENT_SECONDS)  # ticks missing, by second

    def note(self, dts: Sequence[int], sizes: Sequence[int]) -> None:
        """Take the samples of about a second; at least one."""
        if self.last_dts is None:
            self.first_pts = dts[0]
            self._marks.append((dts[0], self.byte_count + sizes[0]))
            steps = list(map(sub, dts[1:], dts))
        else:
            steps = list(map(sub, dts, (self.last_dts, *dts)))
        self.byte_count += sum(sizes)
        self.last_dts = dts[-1]
        self._marks.append((dts[-1], self.byte_count))
        if not steps:
            return
        self.media_s += max(sum(steps), 0) / self.timescale
        missing = 0
        usual = self.frame_ticks
        if usual and max(steps) * 2 > usual * 3:
            gaps = [step - usual for step in steps if step * 2 > usual * 3]
            missing = sum(gaps)
            self.gap_count += len(gaps)
            self.gap_s += missing / self.timescale
        self._gaps.append(missing)

    @property
    def bitrate_bps(self) -> int:
        """Bits a second over the last seconds of media."""
        return self._bits_since(max(len(self._marks) - 1 - _BITRATE_SECONDS, 0))

    @property
    def recent_bitrate_bps(self) -> int:
        """Bits a second over the last ten seconds or so."""
        return self._bits_since(0)

    @property
    def mean_bitrate_bps(self) -> int:
        """Bits a second since the beginning."""
        return round(self.byte_count * 8 / self.media_s) if self.media_s > 0 else 0

    @property
    def recent_gap_s(self) -> float:
        """Sound that was missing in the last half minute."""
        return sum(self._gaps) / self.timescale

    def _bits_since(self, place: int) -> int:
        if len(self._marks) < 2:
            return 0
        before, bytes_before = self._marks[place]
        after, bytes_after = self._marks[-1]
        if after <= before:
            return 0
        return round((bytes_after - bytes_before) * 8 * self.timescale / (after - before))
