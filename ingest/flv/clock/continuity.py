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
    ALIGNED = "aligned"  # begins a track whose clock is another one than the other tracks'


_CONTINUES = Verdict.CONTINUES  # a global is read faster than a member, for every unit


class Continuity:
    """Watches the times of all tracks of a connection, and keeps them on one clock.

    A track that was silent may come back far from its own last time as long as it is near another
    track's. After a break each track begins anew; what still comes with times of the old clock
    (audio and video are interleaved, so they do not jump in the same message) is stale.

    A track that begins far from all others (two capture devices, each with its own clock) would
    never play beside them: its distance is taken out until the next break.
    """

    __slots__ = ("_last_ms", "_offsets_ms", "_old_last_ms")

    def __init__(self) -> None:
        self._last_ms: dict[str, int] = {}
        self._offsets_ms: dict[str, int] = {}  # of the aligned tracks alone
        self._old_last_ms: int | None = None

    def judge(self, track: str, time_ms: int) -> tuple[Verdict, int]:
        """Judge the next unit of a track, at its unwrapped time.

        Gives its time in ms on the clock that all tracks share as well.
        """
        place_ms = time_ms
        if self._offsets_ms:
            place_ms -= self._offsets_ms.get(track, 0)
        last_ms = self._last_ms.get(track)
        if last_ms is None:
            if self._is_stale(place_ms):
                return Verdict.STALE, place_ms
            if self._last_ms and not self._is_near_another(track, place_ms):
                return self._align(track, time_ms)
        elif not -MAX_STEP_BACK_MS <= place_ms - last_ms <= MAX_STEP_MS and (
            place_ms < last_ms or not self._is_near_another(track, place_ms)
        ):
            self._old_last_ms = max(self._last_ms.values())
            self._last_ms = {track: time_ms}
            self._offsets_ms.clear()
            return Verdict.BREAKS, time_ms
        self._last_ms[track] = place_ms
        return _CONTINUES, place_ms

    def _align(self, track: str, time_ms: int) -> tuple[Verdict, int]:
        """Let a track begin where the others' newest unit is.

        Tracks of the same far clock take the same offset: they stay in step with each other.
        """
        offset_ms = next(
            (
                offset_ms
                for offset_ms in self._offsets_ms.values()
                if self._is_near_another(track, time_ms - offset_ms)
            ),
            time_ms - max(self._last_ms.values()),
        )
        self._offsets_ms[track] = offset_ms
        self._last_ms[track] = time_ms - offset_ms
        return Verdict.ALIGNED, time_ms - offset_ms

    def _is_near_another(self, track: str, time_ms: int) -> bool:
        """Whether another track of this connection is near that time."""
        return any(
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
