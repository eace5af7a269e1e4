"""Histogram: how often values of each size came, in buckets that grow by a tenth. Pure.

A bucket holds values from one power of 1.1 to the next, so what is said of a value is at most
RELATIVE_ERROR of it off, be it 100 ms or 100 s. Two histograms are added bucket by bucket: what
is said of their sum is the same as if one had taken all values, in whatever order. At most
MAX_BUCKETS buckets exist (after DDSketch: Masson, Rim, Lee, VLDB 2019).
"""

from bisect import bisect_left
from itertools import accumulate
from math import ceil, log
from typing import Final

_GROWTH: Final = 1.1
_LOG_GROWTH: Final = log(_GROWTH)
RELATIVE_ERROR: Final = (_GROWTH - 1) / (_GROWTH + 1)  # 4.8 %
MAX_VALUE: Final = 10_000_000  # what is larger counts as this: 2.7 h in ms, 10 Gbit/s in kbit/s
_LAST: Final = ceil(log(MAX_VALUE) / _LOG_GROWTH)
MAX_BUCKETS: Final = _LAST + 1
# What each bucket's values count as.
_VALUES: Final = (
    1,
    *(round(2 * _GROWTH**bucket / (_GROWTH + 1)) for bucket in range(1, MAX_BUCKETS)),
)


class Histogram:
    """Counts of values of 0 and more. What is between 0 and 1 counts as at most 1."""

    __slots__ = ("counts",)

    def __init__(self, counts: dict[int, int] | None = None) -> None:
        self.counts = {} if counts is None else counts

    def __bool__(self) -> bool:
        """Whether it has any value."""
        return bool(self.counts)

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same."""
        return isinstance(other, Histogram) and self.counts == other.counts

    __hash__ = None  # type: ignore[assignment] # it changes

    def __repr__(self) -> str:
        """Show how much it holds."""
        return f"Histogram({self.count} values in {len(self.counts)} buckets)"

    @property
    def count(self) -> int:
        """How many values there are."""
        return sum(self.counts.values())

    def add(self, value: float) -> None:
        """Take one value; a negative one counts as 0."""
        bucket = 0 if value <= 1 else min(ceil(log(value) / _LOG_GROWTH), _LAST)
        self.counts[bucket] = self.counts.get(bucket, 0) + 1

    def merge(self, other: "Histogram") -> None:
        """Take all values of another one."""
        counts = self.counts
        for bucket, count in other.counts.items():
            counts[bucket] = counts.get(bucket, 0) + count

    def percentile(self, fraction: float) -> int | None:
        """Return about which value that fraction of all values does not exceed; None of nothing."""
        found = self.percentiles(fraction)
        return found[0] if found else None

    def percentiles(self, *fractions: float) -> list[int]:
        """Return about which values these fractions of all do not exceed; none of nothing.

        The value of that rank (nearest rank) is at most RELATIVE_ERROR off, and half a unit.
        """
        counts = self.counts
        if not counts:
            return []
        buckets = sorted(counts)
        seen = list(accumulate(map(counts.__getitem__, buckets)))
        ranks = (max(1, ceil(fraction * seen[-1])) for fraction in fractions)
        return [_VALUES[buckets[bisect_left(seen, rank)]] for rank in ranks]

    def listed(self) -> list[tuple[int, int]]:
        """Return about which values came, each with how often, the smallest first."""
        return [(_VALUES[bucket], count) for bucket, count in sorted(self.counts.items())]
