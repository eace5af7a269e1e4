"""HourRoll: one channel's spells of one hour, as minutes and as the hour. Pure.

A spell watches from `started_ms` on and no longer at `ended_ms`; one of no length was there, but
nobody saw it be one of several at once. How many watch at once is followed through every moment at
which it changes: a peak of a second counts. Spells of one session do not overlap.

Memory is bounded by who watched within the hour: each minute of all of them is one bit a viewer.
"""

from array import array
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from analytics.history.figures import OTHER, RENDITIONS_MAX, Bucket
from analytics.history.step import HOUR_MS, MINUTE_MS

SESSION_GAP_MS: Final = 600_000
"""A session that was away for longer begins again: players go on with an address of before."""


@dataclass(frozen=True, slots=True)
class Spell:
    """Somebody watched something without a break."""

    session: str
    viewer: str
    rendition: str
    started_ms: int
    ended_ms: int


class _Watched:
    """How long each minute was watched, of one rendition."""

    __slots__ = ("parts_ms", "turns")

    def __init__(self, minutes: int) -> None:
        self.parts_ms = [0] * minutes  # of minutes that were not watched whole
        self.turns = [0] * (minutes + 1)  # by how much more minutes are watched whole from here on

    def add(self, from_ms: int, to_ms: int) -> None:
        """Add a time, counted from the hour's beginning; it is not empty."""
        first, last = from_ms // MINUTE_MS, (to_ms - 1) // MINUTE_MS
        if first == last:
            self.parts_ms[first] += to_ms - from_ms
            return
        self.parts_ms[first] += (first + 1) * MINUTE_MS - from_ms
        self.parts_ms[last] += to_ms - last * MINUTE_MS
        self.turns[first + 1] += 1
        self.turns[last] -= 1

    def by_minute_ms(self) -> list[int]:
        """Return how long each minute was watched."""
        whole = accumulate(self.turns)
        return [part + count * MINUTE_MS for part, count in zip(self.parts_ms, whole, strict=False)]


class HourRoll:
    """Feed it all spells that reach into the hour, or ended up to SESSION_GAP_MS before it.

    `hour_ms` is when the hour begins; what happens from `until_ms` on is not looked at, so that an
    hour that goes on can be made up to its last whole minute. Of one session, spells come in their
    order; sessions may be mixed.
    """

    def __init__(self, hour_ms: int, until_ms: int) -> None:
        if hour_ms % HOUR_MS or until_ms % MINUTE_MS or not 0 < until_ms - hour_ms <= HOUR_MS:
            raise ValueError(
                f"expected whole minutes of one hour, got {until_ms - hour_ms} ms from {hour_ms}"
            )
        self._hour_ms = hour_ms
        self._length_ms = until_ms - hour_ms
        self._minutes = self._length_ms // MINUTE_MS
        self._watched: dict[str, _Watched] = {}
        self._minutes_of: dict[str, int] = {}  # a bit a minute, by viewer
        self._viewer_turns = [0] * (self._minutes + 1)
        self._started = [0] * self._minutes
        self._ended_of: dict[str, int] = {}  # by session
        self._starts = array("q")
        self._ends = array("q")

    def add(self, spell: Spell) -> None:
        """Take one spell."""
        start_ms, end_ms = spell.started_ms - self._hour_ms, spell.ended_ms - self._hour_ms
        ended_ms = self._ended_of.get(spell.session)
        if ended_ms is None or end_ms > ended_ms:
            self._ended_of[spell.session] = end_ms
        if start_ms >= self._length_ms or end_ms < 0 or (end_ms == 0 and start_ms < 0):
            return
        if start_ms >= 0 and (ended_ms is None or ended_ms < start_ms - SESSION_GAP_MS):
            self._started[start_ms // MINUTE_MS] += 1
        from_ms, to_ms = max(start_ms, 0), min(end_ms, self._length_ms)
        first, last = from_ms // MINUTE_MS, max(to_ms - 1, from_ms) // MINUTE_MS
        self._note_viewer(spell.viewer, first, last)
        if from_ms < to_ms:
            self._starts.append(from_ms)
            self._ends.append(to_ms)
            self._watched_of(spell.rendition).add(from_ms, to_ms)

    def minutes(self) -> list[Bucket]:
        """Return the minutes in which somebody watched, in their order."""
        watched = {name: each.by_minute_ms() for name, each in sorted(self._watched.items())}
        peaks = self._peaks()
        found = []
        for minute, unique in enumerate(list(accumulate(self._viewer_turns))[: self._minutes]):
            if not unique:
                continue
            renditions = {name: times[minute] for name, times in watched.items() if times[minute]}
            found.append(
                Bucket(
                    at_ms=self._hour_ms + minute * MINUTE_MS,
                    viewer_ms=sum(renditions.values()),
                    peak=peaks[minute],
                    started=self._started[minute],
                    unique=unique,
                    renditions=renditions,
                )
            )
        return found

    def hour(self) -> Bucket:
        """Return the whole hour, or as much of it as there is."""
        renditions = {
            name: sum(each.by_minute_ms()) for name, each in sorted(self._watched.items())
        }
        return Bucket(
            at_ms=self._hour_ms,
            viewer_ms=sum(renditions.values()),
            peak=max(self._peaks()),
            started=sum(self._started),
            unique=len(self._minutes_of),
            renditions=renditions,
        )

    def _note_viewer(self, viewer: str, first: int, last: int) -> None:
        known = self._minutes_of.get(viewer, 0)
        seen = ((1 << (last - first + 1)) - 1) << first
        self._minutes_of[viewer] = known | seen
        if not known:  # as nearly always
            self._viewer_turns[first] += 1
            self._viewer_turns[last + 1] -= 1
            return
        for minute in range(first, last + 1):
            if not known >> minute & 1:
                self._viewer_turns[minute] += 1
                self._viewer_turns[minute + 1] -= 1

    def _watched_of(self, rendition: str) -> _Watched:
        if rendition not in self._watched and len(self._watched) >= RENDITIONS_MAX:
            rendition = OTHER
        found = self._watched.get(rendition)
        if found is None:
            found = self._watched[rendition] = _Watched(self._minutes)
        return found

    def _peaks(self) -> list[int]:
        """Return the most at once in each minute."""
        starts, ends = sorted(self._starts), sorted(self._ends)
        began = ended = 0  # how many of them have been passed
        peaks = []
        for minute in range(self._minutes):
            minute_ms = minute * MINUTE_MS
            # Who leaves at a moment is gone before who comes at it is there.
            while ended < len(ends) and ends[ended] <= minute_ms:
                ended += 1
            while began < len(starts) and starts[began] <= minute_ms:
                began += 1
            peak = began - ended
            while began < len(starts) and starts[began] < minute_ms + MINUTE_MS:
                at_ms = starts[began]
                while ended < len(ends) and ends[ended] <= at_ms:
                    ended += 1
                began += 1
                peak = max(peak, began - ended)
            peaks.append(peak)
        return peaks
