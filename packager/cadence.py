"""Cadence: the durations that a Publication promises its players and never changes."""

from dataclasses import dataclass
from enum import Enum


class LatencyProfile(Enum):
    """How far behind live a channel's viewers are, chosen by its streamer."""

    LOW = "low"
    NORMAL = "normal"
    STEADY = "steady"

    @property
    def part_wish_ms(self) -> int:
        """The part duration aimed at, before it is fitted to whole frames."""
        return _PART_WISH_MS[self]


_PART_WISH_MS = {
    LatencyProfile.LOW: 200,
    LatencyProfile.NORMAL: 334,
    LatencyProfile.STEADY: 1000,
}


@dataclass(frozen=True, slots=True)
class Cadence:
    """TARGETDURATION and PART-TARGET of every playlist of one Publication, frozen for its life.

    A change of either is fatal to AVPlayer (CoreMedia -12642), so even an encoder that comes back
    with other settings is cut to the first cadence. `target_duration_s` is whole seconds, 1 or
    more; `part_target_ms` whole milliseconds, at most the target duration.
    """

    target_duration_s: int
    part_target_ms: int

    def __post_init__(self) -> None:
        """Refuse a cadence that no playlist may carry."""
        if self.target_duration_s < 1:
            raise ValueError(f"target_duration_s: expected 1 or more, got {self.target_duration_s}")
        if not 1 <= self.part_target_ms <= self.target_duration_s * 1000:
            raise ValueError(
                f"part_target_ms: expected 1 to {self.target_duration_s * 1000}, "
                f"got {self.part_target_ms}"
            )

    @property
    def part_hold_back_ms(self) -> int:
        """PART-HOLD-BACK: three part targets (Apple's authoring rules 14.3; the draft asks two)."""
        return 3 * self.part_target_ms

    @property
    def hold_back_s(self) -> int:
        """HOLD-BACK: three target durations (rfc8216bis 4.4.3.8)."""
        return 3 * self.target_duration_s

    @property
    def can_skip_until_s(self) -> int:
        """CAN-SKIP-UNTIL: six target durations, the least allowed (rfc8216bis 4.4.3.8)."""
        return 6 * self.target_duration_s
