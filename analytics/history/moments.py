"""Moments: the best of a broadcast, found in how people wrote and came. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class MomentReason(StrEnum):
    """What stood out."""

    CHAT = "chat"
    VIEWERS = "viewers"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """From `media_time_ms` of the broadcast on, for `duration_ms`."""

    media_time_ms: int
    duration_ms: int
    score: float
    messages: int
    viewers_gained: int
    reason: MomentReason
