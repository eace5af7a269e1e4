"""PresentationMemory: what an MPD said of media that is gone, for a process that goes on with it.

A Presentation can be made anew of the changes of its window; how its periods began may lie before
them.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class PeriodMemory:
    """How a period began: its first segment, and one moment of it once there is media.

    `anchor` is that moment in seconds of the media timeline and in milliseconds since 1970.
    `early_ms` and the bit rates are what the MPD has said of it, if it has.
    """

    first_msn: int
    anchor: tuple[Fraction, int] | None
    early_ms: int | None
    bandwidths_bps: dict[str, int]


@dataclass(frozen=True, slots=True)
class PresentationMemory:
    """All that a Presentation knows besides the segments of its window.

    `first_msns` is where each rendition began.
    """

    published_unix_ms: int
    periods: tuple[PeriodMemory, ...]
    first_msns: dict[str, int]
