"""AudioUnits: one track's coded units laid end to end, silence where none came.

Where the publisher's times leave the chain by more than half a unit, whole silent units fill the
hole, or overlapping units are dropped. So decode times are exactly continuous, every unit is as
long as it sounds, and sound is never off by more than half a unit, which nobody can hear.
"""

from ingest.media import Sample, Track
from packager.segmenter.change import FragmentSample
from packager.segmenter.silence import silent_unit

MAX_UNITS = 4096  # waiting to be cut; 87 s of 48 kHz AAC. More are dropped, and become silence.


class AudioUnits:
    """The units that wait to be cut, from `start_ticks` to `end_ticks` of the timeline.

    A unit of more than `longest_ticks`, which no part can hold, has no place.
    """

    def __init__(self, track: Track, unit_ticks: int, longest_ticks: int) -> None:
        self.start_ticks = 0
        self.end_ticks = 0
        self.unit_ticks = min(unit_ticks, longest_ticks)
        self._longest = longest_ticks
        self._silence = silent_unit(track, self.unit_ticks)
        self._units: list[FragmentSample] = []

    def __len__(self) -> int:
        return len(self._units)

    def begin(self, ticks: int) -> None:
        """Begin the chain at this place."""
        self.start_ticks = self.end_ticks = ticks

    def delay(self, ticks: int) -> None:
        """Move the whole chain."""
        self.start_ticks += ticks
        self.end_ticks += ticks

    def append(self, sample: Sample, dts: int) -> bool:
        """Lay a unit that is due at `dts` at the end; says whether it had a place."""
        gap = dts - self.end_ticks
        unit = self.unit_ticks
        if not -unit <= 2 * gap < unit:
            missing = (2 * gap + unit) // (2 * unit)
            if missing < 0 or len(self._units) + missing > MAX_UNITS:
                return False
            self.append_silence(dts - self._silence.duration_ticks // 2)
        duration = sample.duration or unit
        if duration > self._longest or len(self._units) >= MAX_UNITS:
            return False
        self._units.append(FragmentSample(duration, 0, True, sample.payload))
        self.end_ticks += duration
        return True

    @property
    def has_silence(self) -> bool:
        """Whether silence can be heard; else it can only be a gap."""
        return bool(self._silence.payload)

    def append_silence(self, until_ticks: int) -> None:
        """Append silent units until the chain ends at `until_ticks` or later."""
        duration, payload = self._silence.duration_ticks, self._silence.payload
        while self.end_ticks < until_ticks:
            self._units.append(FragmentSample(duration, 0, True, payload))
            self.end_ticks += duration

    def take(self, until_ticks: int, latest_end_ticks: int) -> list[FragmentSample]:
        """Remove the units that begin before `until_ticks` and end by `latest_end_ticks`.

        Moves `start_ticks` behind them.
        """
        units = self._units
        at = self.start_ticks
        count = 0
        for unit in units:
            end = at + unit.duration_ticks
            if at >= until_ticks or end > latest_end_ticks:
                break
            at = end
            count += 1
        taken = units[:count]
        del units[:count]
        self.start_ticks = at
        return taken
