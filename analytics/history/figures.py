"""Figures: what is told of a minute, an hour, a day or a broadcast. Values alone. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

RENDITIONS_MAX = 16
"""How many renditions are told apart; what else was played counts as OTHER."""

OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One step of a channel, as roll-ups keep it.

    `viewer_ms` sums up how long each viewer watched in it; `peak` is the most at one moment;
    `started` counts sessions that began in it, `unique` viewers that watched in it.
    `renditions` splits `viewer_ms`.
    """

    at_ms: int
    viewer_ms: int = 0
    peak: int = 0
    started: int = 0
    unique: int = 0
    messages: int = 0
    renditions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Following:
    """How many began to follow in a time, and how many stopped."""

    gained: int = 0
    lost: int = 0


def all_following(parts: Iterable[Following]) -> Following:
    """Add up who came and who went."""
    known = list(parts)
    return Following(sum(each.gained for each in known), sum(each.lost for each in known))


@dataclass(frozen=True, slots=True)
class Point:
    """A bucket as it is shown: with the mean, and with who began and stopped to follow."""

    bucket: Bucket
    mean: float
    following: Following


@dataclass(frozen=True, slots=True)
class TitleAt:
    """What a broadcast was called from a moment on."""

    at_ms: int
    broadcast_id: str
    title: str
    category: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastRecord:
    """A broadcast as it was written down: its last title, and when it was on air.

    `ended_ms` is None while it goes on; `seen_ms` is when it was last known to be on air.
    """

    broadcast_id: str
    channel_id: str
    title: str
    category: str | None
    started_ms: int
    ended_ms: int | None
    seen_ms: int

    @property
    def over_ms(self) -> int:
        """When it was over, as far as is known."""
        return max(self.started_ms, self.seen_ms if self.ended_ms is None else self.ended_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelViewers:
    """A channel's viewers over a range. `computed_until_ms`: None if nothing was counted yet."""

    points: Sequence[Point]
    totals: Bucket
    mean: float
    followers: int
    following: Following
    titles: Sequence[TitleAt]
    broadcasts: Sequence[BroadcastRecord]
    computed_until_ms: int | None
