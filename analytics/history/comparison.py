"""Comparison: a broadcast in figures, and the mean of those before it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

EARLIER_MAX = 10
"""How many broadcasts a broadcast is compared with: about two or three weeks of most channels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastFigures:
    """A broadcast in figures. `is_final`: nobody who watched it is still to be counted.

    `counted_ms` is how much of it viewers were counted for: all of it, once it is over.
    """

    broadcast_id: str
    title: str
    category: str | None
    started_ms: int
    ended_ms: int | None
    duration_ms: int
    counted_ms: int = 0
    peak: int = 0
    viewer_ms: int = 0
    unique: int = 0
    sessions: int = 0
    messages: int = 0
    followers_gained: int = 0
    followers_lost: int = 0
    renditions: Mapping[str, int] = field(default_factory=dict)
    is_final: bool = False

    @property
    def mean(self) -> float:
        """Viewers at once, on average."""
        return round(self.viewer_ms / self.counted_ms, 2) if self.counted_ms else 0.0

    @property
    def ms_per_viewer(self) -> int:
        """How long one viewer watched on average; 0 if nobody did."""
        return self.viewer_ms // self.unique if self.unique else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The means of some earlier broadcasts."""

    count: int
    peak: float
    mean: float
    viewer_ms: float
    unique: float
    ms_per_viewer: float
    messages: float
    followers_gained: float
    followers_lost: float
    duration_ms: float


def mean_of(broadcasts: Sequence[BroadcastFigures]) -> Earlier | None:
    """Return what broadcasts had on average; None for none."""
    if not broadcasts:
        return None

    def mean(name: str) -> float:
        return round(fmean(getattr(each, name) for each in broadcasts), 2)

    return Earlier(
        count=len(broadcasts),
        peak=mean("peak"),
        mean=mean("mean"),
        viewer_ms=mean("viewer_ms"),
        unique=mean("unique"),
        ms_per_viewer=mean("ms_per_viewer"),
        messages=mean("messages"),
        followers_gained=mean("followers_gained"),
        followers_lost=mean("followers_lost"),
        duration_ms=mean("duration_ms"),
    )
