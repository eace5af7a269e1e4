"""GopShape: what the last groups of pictures are like together. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

_LEAST_TO_COMPARE: Final = 5
_LEAST_S: Final = 0.5  # shorter groups have no bitrate of their own: a keyframe is most of it


@dataclass(frozen=True, slots=True)
class GopShape:
    """Lengths in seconds, rates in bits a second; None where there are too few groups.

    `spread_s` leaves the tenth at each end out. `peak_ratio` is the peak over the middle.
    """

    count: int = 0
    middle_s: float | None = None
    shortest_s: float | None = None
    longest_s: float | None = None
    spread_s: float = 0.0
    peak_bps: int | None = None
    peak_ratio: float = 1.0


NO_GOPS: Final = GopShape()


def gop_shape(gops: Collection[tuple[int, int]], timescale: int) -> GopShape:
    """Look at groups, each its length in ticks and its bytes."""
    if not gops:
        return NO_GOPS
    lengths = sorted(ticks / timescale for ticks, _ in gops)
    tenth = len(lengths) // 10
    rates = sorted(
        size * 8 * timescale / ticks for ticks, size in gops if ticks >= timescale * _LEAST_S
    )
    usual_bps = rates[len(rates) // 2] if len(rates) >= _LEAST_TO_COMPARE else 0
    return GopShape(
        count=len(lengths),
        middle_s=lengths[len(lengths) // 2],
        shortest_s=lengths[0],
        longest_s=lengths[-1],
        spread_s=lengths[-1 - tenth] - lengths[tenth],
        peak_bps=round(rates[-1]) if rates else None,
        peak_ratio=rates[-1] / usual_bps if usual_bps > 0 else 1.0,
    )
