"""Broadcast: one time that a channel was live, as it is kept. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class TitleChange:
    """What a broadcast was called from a moment on."""

    at_ms: int
    title: str
    category: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """One broadcast; `ended_at_ms` is None while it goes on.

    `interrupted_at_ms` is set while it waits for its publisher to come back. `viewer_ms` sums up
    how long each viewer was counted, `counted_ms` for how long there was a count. `technical` is
    what was known of the media when it ended: for people, not for programs to rely on.
    """

    id: str
    channel_id: str
    channel: str
    epoch: str
    title: str
    category: str | None
    language: str | None
    is_mature: bool
    started_at_ms: int
    interrupted_at_ms: int | None
    alive_at_ms: int
    ended_at_ms: int | None
    peak_viewers: int
    viewer_ms: int
    counted_ms: int
    technical: Mapping[str, Any] | None = None
    titles: tuple[TitleChange, ...] = field(default=())

    @property
    def mean_viewers(self) -> float | None:
        """How many watched on average, to a tenth; None if nobody counted."""
        return round(self.viewer_ms / self.counted_ms, 1) if self.counted_ms else None

    @property
    def duration_ms(self) -> int:
        """How long it has been, or was, on air."""
        end_ms = self.ended_at_ms or self.alive_at_ms
        return max(end_ms - self.started_at_ms, 0)
