"""Telling a publisher's pauses and hiccups from real breaks of its clock."""

from enum import Enum

# A pause up to this long is a hole in the same times; longer, viewers are better off with a break.
MAX_STEP_MS = 10_000
# Encoders reorder or repeat a few units; farther back, the clock was set.
MAX_STEP_BACK_MS = 1_000


class Verdict(Enum):
    """What a unit's time says about the connection's clock."""

    CONTINUES = "continues"
    BREAKS = "breaks"
    STALE = "stale"  # left over from before the last break: no time of the new clock


_CONTINUES = Verdict.CONTINUES  # a global is read faster than a member, for every unit


class Continuity:
    """Watches the times of all tracks of a connection.

    A track that was silent may come back far from its own last time as long as it is near another
    track's. After a break each track begins anew; what still comes with times of the old clock
    (audio and video are interleaved, so they do not jump in the same message) is stale.
    """

    __slots__ = ("_last_ms", "_old_last_ms")

    def __init__(self) -> None:
        self._last_ms: dict[str, int] = {}
        self._old_last_ms: int | None = None

    def judge(self, track: str, time_ms: int) -> Verdict:
        """Judge the next unit of a track, at its unwrapped time."""
        last_ms = self._last_ms.get(track)
        if last_ms is None:
            if self._is_stale(time_ms):
                return Verdict.STALE
        elif not -MAX_STEP_BACK_MS <= time_ms - last_ms <= MAX_STEP_MS and self._is_break(
            track, time_ms, last_ms
        ):
            self._old_last_ms = max(self._last_ms.values())
            self._last_ms = {track: time_ms}
            return Verdict.BREAKS
        self._last_ms[track] = time_ms
        return _CONTINUES

    def _is_break(self, track: str, time_ms: int, last_ms: int) -> bool:
        """Whether no track of this connection is near that time."""
        if time_ms < last_ms:
            return True
        return not any(
            abs(time_ms - other_ms) <= MAX_STEP_MS
            for name, other_ms in self._last_ms.items()
            if name != track
        )

    def _is_stale(self, time_ms: int) -> bool:
        """Whether the first unit of a track since a break belongs before it.

        The bound above the old clock's last time keeps a clock that jumps back at once from
        being taken for a leftover for ever.
        """
        old_ms = self._old_last_ms
        if old_ms is None or time_ms > old_ms + MAX_STEP_BACK_MS:
            return False
        nearest_ms = min(abs(time_ms - new_ms) for new_ms in self._last_ms.values())
        return abs(time_ms - old_ms) < nearest_ms
