"""Packed figures: as rows keep them, and added up without being unpacked one by one. Pure.

Five lists of whole numbers: the sums with the errors, then each histogram's buckets from the first
to the last that has any. Each is

    first (1 byte) | how many (1 byte) | width (1 byte) | all lowest bytes | all next bytes | ...

`first` is the first bucket, 0 for sums. Numbers are `width` bytes wide, the lowest byte first, and
lie apart byte by byte: most are below 256, so that a bucket takes a byte. Spread out again to 8
bytes each, a histogram is one large int, and adding two of these adds all buckets at once.
"""

from collections.abc import Sequence
from operator import add, attrgetter
from struct import Struct
from typing import Any, Final

from analytics.quality.beacon import ERROR_CODES
from analytics.quality.figures import COUNTS, HISTOGRAMS, Figures
from analytics.quality.histogram import MAX_BUCKETS, Histogram

_LANE_BYTES: Final = 8
_LANE_BITS: Final = 8 * _LANE_BYTES
# More than there is to count in a row; and what a year's rows make of it fits a lane.
_LARGEST: Final = 2**56 - 1
_LANES: Final = tuple(Struct(f"<{count}Q") for count in range(MAX_BUCKETS + 1))
_EMPTY: Final = bytes(3)
_NO_COUNTS: Final = (0,) * (len(COUNTS) + len(ERROR_CODES))
_counts_of: Final = attrgetter(*COUNTS)
_histograms_of: Final = attrgetter(*HISTOGRAMS)


def pack(figures: Figures) -> bytes:
    """Write figures as a row keeps them. Errors are those of ERROR_CODES."""
    errors = figures.errors
    told = [errors.get(code, 0) for code in ERROR_CODES]
    parts = [_packed(0, [*_counts_of(figures), *told])]
    for histogram in _histograms_of(figures):
        counts: dict[int, int] = histogram.counts
        if not counts:
            parts.append(_EMPTY)
            continue
        first = min(counts)
        buckets = [0] * (max(counts) - first + 1)
        for bucket, count in counts.items():
            buckets[bucket - first] = count
        parts.append(_packed(first, buckets))
    return b"".join(parts)


def unpack(packed: bytes) -> Figures:
    """Return what `pack` was given."""
    found = PackedSum()
    found.add(packed)
    return found.figures()


class PackedSum:
    """The sum of packed figures. Sums have no bound; a bucket's count has to stay below 2**64."""

    __slots__ = ("_buckets", "_counts")

    def __init__(self) -> None:
        self._counts: Sequence[int] = _NO_COUNTS
        self._buckets = [0] * len(HISTOGRAMS)

    def add(self, packed: bytes) -> None:
        """Add what `pack` has returned."""
        count, width = packed[1], packed[2]
        end = 3 + count * width
        if count:
            counts = _LANES[count].unpack(_spread(packed, 3, count, width))
            self._counts = [*map(add, self._counts, counts), *self._counts[count:]]
        sums = self._buckets
        for place in range(len(sums)):
            first, count, width = packed[end : end + 3]
            begin = end + 3
            end = begin + count * width
            if count:
                lanes = int.from_bytes(_spread(packed, begin, count, width), "little")
                sums[place] += lanes << first * _LANE_BITS

    def merge(self, other: "PackedSum") -> None:
        """Add another sum."""
        self._counts = [*map(add, self._counts, other._counts)]  # noqa: SLF001 - of this class
        self._buckets = [*map(add, self._buckets, other._buckets)]  # noqa: SLF001

    def figures(self) -> Figures:
        """Return the sum as figures, of which nothing changes this."""
        counts = self._counts
        members: dict[str, Any] = dict(zip(COUNTS, counts, strict=False))
        members.update(zip(HISTOGRAMS, map(_histogram, self._buckets), strict=True))
        figures = Figures(**members)
        for code, count in zip(ERROR_CODES, counts[len(COUNTS) :], strict=True):
            if count:
                figures.errors[code] = count
        return figures


def _packed(first: int, numbers: list[int]) -> bytes:
    """Write numbers, without the zeros at their end."""
    while numbers and not numbers[-1]:
        numbers.pop()
    if not numbers:
        return _EMPTY
    largest = max(numbers)
    if largest > _LARGEST:
        largest = _LARGEST
        numbers = [min(number, _LARGEST) for number in numbers]
    width = (largest.bit_length() + 7) // 8
    lanes = _LANES[len(numbers)].pack(*numbers)
    planes = [lanes[plane::_LANE_BYTES] for plane in range(width)]
    return b"".join((bytes((first, len(numbers), width)), *planes))


def _spread(packed: bytes, begin: int, count: int, width: int) -> bytearray:
    """Return numbers as lanes of 8 bytes."""
    lanes = bytearray(count * _LANE_BYTES)
    for plane in range(width):
        lanes[plane::_LANE_BYTES] = packed[begin : begin + count]
        begin += count
    return lanes


def _histogram(buckets: int) -> Histogram:
    if not buckets:
        return Histogram()
    first = ((buckets & -buckets).bit_length() - 1) // _LANE_BITS
    buckets >>= first * _LANE_BITS
    count = -(-buckets.bit_length() // _LANE_BITS)
    lanes = _LANES[count].unpack(buckets.to_bytes(count * _LANE_BYTES, "little"))
    return Histogram({bucket: number for bucket, number in enumerate(lanes, first) if number})
