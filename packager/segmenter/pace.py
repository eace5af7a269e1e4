"""Pace: the cadence in ticks of one leading track."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from packager.cadence import Cadence
from packager.segmenter.cadence_choice import part_least_s, part_limit_s
from packager.segmenter.rendition_output import SEGMENT_OVERHANG_MS

# Room for the units of a track that joins later: HE-AAC at 44.1 kHz.
_USUAL_UNIT_S = Fraction(50, 1000)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long parts and segments may get, in ticks of the leading track.

    `unit_ticks` is its nominal frame or audio unit. Between `part_least_ticks` and
    `part_limit_ticks` every rendition's part is as long as it must be. A segment ends at the first
    sync sample after `segment_target_ticks`, and by force before `segment_limit_ticks`; the first
    segment of a show with a long GOP ends at `first_segment_ticks`, so that the show can begin.
    """

    unit_ticks: int
    part_least_ticks: int
    part_limit_ticks: int
    segment_target_ticks: int
    segment_limit_ticks: int
    first_segment_ticks: int | None = None


def choose_pace(
    cadence: Cadence,
    timescale: int,
    unit_s: Fraction,
    follower_units_s: Sequence[Fraction],
    segment_target_ms: int,
    *,
    is_first_segment_cut_short: bool,
) -> Pace:
    """Fit the cadence to a leading track and its followers."""
    # A follower's segment may be longer than the leader's by half a unit at both ends.
    longest_unit_s = max([_USUAL_UNIT_S, *follower_units_s])
    overhang_s = max(Fraction(SEGMENT_OVERHANG_MS, 1000) - longest_unit_s, Fraction(0))
    limit_s = part_limit_s(cadence.part_target_ms, unit_s, follower_units_s)
    target_ticks = segment_target_ms * timescale // 1000
    return Pace(
        unit_ticks=max(1, round(unit_s * timescale)),
        part_least_ticks=int(
            min(part_least_s(cadence.part_target_ms, unit_s, follower_units_s), limit_s) * timescale
        ),
        part_limit_ticks=int(limit_s * timescale),
        segment_target_ticks=target_ticks,
        segment_limit_ticks=int((cadence.target_duration_s + overhang_s) * timescale),
        first_segment_ticks=target_ticks if is_first_segment_cut_short else None,
    )
