"""Stall: a track that does not come while others do, and how long it is waited for."""

from collections.abc import Iterable
from typing import Protocol

from packager.segmenter.settings import SegmenterSettings


class Lane(Protocol):
    """A track of a run, seen by the clock."""

    name: str
    timescale: int
    arrived: float
    is_absent: bool
    was_late: bool

    @property
    def head_ticks(self) -> int:
        """Where the media that came ends."""
        ...


def head_ms(lane: Lane) -> int:
    """Where the lane's media ends, in milliseconds of the timeline."""
    return lane.head_ticks * 1000 // lane.timescale


class Patience:
    """How long one track may stay behind. Doubles when the track turns out to be merely late.

    A track is stalled when nothing of it came for that long and others are ahead by as much: after
    a stall of the whole network a burst brings all tracks, one a little before the other. A
    follower is also stalled when it stays further behind than the longest wait, though it comes.
    """

    def __init__(self, settings: SegmenterSettings) -> None:
        self.wait_ms = settings.stall_wait_ms
        self._longest_ms = settings.stall_wait_max_ms
        self._stalled_since: float | None = None
        self._stalled_at_ms = 0
        self._behind_since: float | None = None

    @property
    def is_stalled(self) -> bool:
        """Whether the track is stalled, as last judged."""
        return self._stalled_since is not None

    def judge(self, lane: Lane, others_head_ms: int, now: float, *, may_lag: bool) -> bool:
        """Say whether the lane is stalled now, given how far the others are.

        A lane that `may_lag` is not stalled as long as it comes at all.
        """
        silent_ms = (now - lane.arrived) * 1000
        behind_ms = others_head_ms - head_ms(lane)
        was_late, lane.was_late = lane.was_late, False
        if self.is_stalled:
            if was_late:
                self.wait_ms = min(2 * self.wait_ms, self._longest_ms)
            elif silent_ms < self.wait_ms / 2:
                self._stalled_since = None
        elif self._has_stopped(silent_ms, behind_ms) or (
            not may_lag and self._stays_behind(behind_ms, now)
        ):
            self._stalled_since = now
            self._stalled_at_ms = head_ms(lane)
        return self.is_stalled

    def _has_stopped(self, silent_ms: float, behind_ms: int) -> bool:
        return silent_ms >= self.wait_ms and behind_ms >= self.wait_ms

    def _stays_behind(self, behind_ms: int, now: float) -> bool:
        if behind_ms < self._longest_ms:
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = now
        return self._behind_since is not None and (now - self._behind_since) * 1000 >= self.wait_ms

    def fill_until_ms(self, others_head_ms: int, now: float) -> int:
        """Up to where a stalled lane may be filled: never faster than time goes by.

        Stays behind the others by as much as tracks are commonly interleaved apart, so that the
        track can go on without having been overtaken.
        """
        elapsed_ms = int((now - (self._stalled_since or now)) * 1000)
        live_ms = self._stalled_at_ms + self.wait_ms + elapsed_ms
        return min(others_head_ms, live_ms) - self.wait_ms // 3


def furthest_ms(lanes: Iterable[Lane]) -> int | None:
    """How far the lanes that send anything have come."""
    return max((head_ms(lane) for lane in lanes if not lane.is_absent), default=None)
