"""CutList: the boundaries that the leading track decides and all renditions keep to.

Parts and segments of all renditions begin at the same places of the media timeline (rfc8216bis
6.2.4: matching content has matching timestamps), so one track decides and the others follow.
"""

from enum import Enum
from typing import NamedTuple, Protocol

# Sound that is cut earlier than the pictures shortens what a player has to go on with.
_LONGEST_LEAD_MS = 50


class BoundaryKind(Enum):
    """What happens at a boundary."""

    PART = "part"  # a part ends; the segment may or may not go on
    SEGMENT = "segment"  # the open segment ends and the next begins
    END = "end"  # the open segment ends and nothing follows for now


class Boundary(NamedTuple):
    """A place in the timeline, in ticks of the track that keeps to it. `msn` begins there.

    `heard_ticks` lies before it: media up to there has come when the leader decides.
    """

    kind: BoundaryKind
    ticks: int
    heard_ticks: int
    msn: int = 0
    is_discontinuous: bool = False


class Follower(Protocol):
    """A rendition that is cut where the leader says."""

    timescale: int

    def keep_to(self, boundary: Boundary) -> None:
        """Cut there, now or as soon as the media before it is complete."""
        ...


class CutList:
    """Hands each boundary of the leader to every follower, in the follower's own ticks.

    Numbers the segments: `msn` is that of the newest one, 0 before the first. `unit_ticks` is the
    leader's frame or audio unit: as encoders send what decodes first first, followers have come as
    far as its last sample when that one comes.
    """

    def __init__(self, timescale: int, last_msn: int, unit_ticks: int) -> None:
        self.msn = last_msn
        self._timescale = timescale
        self._heard_before = min(unit_ticks, timescale * _LONGEST_LEAD_MS // 1000)
        self._followers: list[Follower] = []
        self._joining: list[tuple[Follower, Follower | None]] = []
        self._breaks_at_next_segment = False

    @property
    def is_segment_wanted(self) -> bool:
        """Whether a follower waits for a segment to begin with a changed configuration."""
        return self._breaks_at_next_segment

    def add(self, follower: Follower) -> None:
        """Let a follower take part from the next boundary on."""
        self._followers.append(follower)

    def add_at_next_segment(self, follower: Follower, replaced: Follower | None = None) -> None:
        """Let a follower take part when the next segment begins, instead of `replaced`.

        A replacement means a changed configuration: that segment is discontinuous.
        """
        if replaced is not None:
            self._breaks_at_next_segment = True
        self._joining.append((follower, replaced))

    def end_part(self, ticks: int) -> None:
        """Tell the followers that a part ends at `ticks` of the leader."""
        self._tell(BoundaryKind.PART, ticks, is_discontinuous=False)

    def begin_segment(self, ticks: int, *, is_discontinuous: bool) -> bool:
        """Begin the next segment in every follower; return whether it is discontinuous."""
        is_discontinuous = is_discontinuous or self._breaks_at_next_segment
        self._breaks_at_next_segment = False
        self.msn += 1
        for follower, replaced in self._joining:
            if replaced is not None:
                replaced.keep_to(self._boundary(replaced, BoundaryKind.END, ticks))
                self._followers.remove(replaced)
            self._followers.append(follower)
        self._joining.clear()
        self._tell(BoundaryKind.SEGMENT, ticks, is_discontinuous=is_discontinuous)
        return is_discontinuous

    def end(self, ticks: int) -> None:
        """Tell the followers that the open segment ends and nothing follows."""
        self._joining.clear()
        self._tell(BoundaryKind.END, ticks, is_discontinuous=False)

    def _tell(self, kind: BoundaryKind, ticks: int, *, is_discontinuous: bool) -> None:
        for follower in self._followers:
            follower.keep_to(
                self._boundary(follower, kind, ticks, is_discontinuous=is_discontinuous)
            )

    def _boundary(
        self,
        follower: Follower,
        kind: BoundaryKind,
        ticks: int,
        *,
        is_discontinuous: bool = False,
    ) -> Boundary:
        own_ticks = ticks * follower.timescale // self._timescale
        heard_ticks = (ticks - self._heard_before) * follower.timescale // self._timescale
        return Boundary(kind, own_ticks, heard_ticks, self.msn, is_discontinuous)
