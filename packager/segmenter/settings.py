"""SegmenterSettings: how parts and segments are cut, and how long a missing track is waited for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmenterSettings:
    """What an operator may choose about cutting, besides each channel's latency profile.

    `segment_target_ms` is the shortest ordinary segment: it ends at the first key frame after it.
    `announced_wait_ms` and `unannounced_wait_ms` bound, in media time, how long the show's start
    waits for a track that the publisher's metadata named, or did not name.
    `stall_wait_ms` is how far the other tracks may run ahead of a silent one before its place is
    filled; it doubles up to `stall_wait_max_ms` for a track that turns out to be merely late.
    """

    segment_target_ms: int = 2000
    announced_wait_ms: int = 2000
    unannounced_wait_ms: int = 1000
    stall_wait_ms: int = 1500
    stall_wait_max_ms: int = 6000
    max_renditions: int = 16

    def __post_init__(self) -> None:
        """Refuse values that no cadence can be made of."""
        if not 1000 <= self.segment_target_ms <= 10_000:
            raise ValueError(
                f"segment_target_ms: expected 1000 to 10000, got {self.segment_target_ms}"
            )
        for name in ("announced_wait_ms", "unannounced_wait_ms"):
            if not 0 <= getattr(self, name) <= 10_000:
                raise ValueError(f"{name}: expected 0 to 10000, got {getattr(self, name)}")
        if not 200 <= self.stall_wait_ms <= self.stall_wait_max_ms <= 60_000:
            raise ValueError(
                "stall_wait_ms, stall_wait_max_ms: expected 200 or more, rising, at most 60000, "
                f"got {self.stall_wait_ms} and {self.stall_wait_max_ms}"
            )
        if not 1 <= self.max_renditions <= 256:
            raise ValueError(f"max_renditions: expected 1 to 256, got {self.max_renditions}")
