"""QualityTally: the figures of the minutes that are not written down yet. Pure.

Kept by whole sets of labels, since that is one addition a beacon; split by one label at a time
when they are written. What is written of a minute is all that this process knows of it: written
again, it replaces what was there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from analytics.history.step import DAY_MS, MINUTE_MS
from analytics.quality.figures import Figures
from analytics.quality.labels import Dimension, LabelBounds, Labels
from analytics.viewers.agents import OTHER

WHOLE: Final = ""
"""The dimension, and its one value, of all playbacks of a channel."""

_MAX_SETS: Final = 500  # of labels, in one minute of one channel
_RECENT: Final = 4_096  # of a minute, found without a look at their bounds
_REST: Final = Labels(OTHER, OTHER, OTHER, OTHER)


class MinuteName(NamedTuple):
    """A minute of a channel. `turn` differs where a clock that was set back repeats it."""

    channel_id: str
    at_ms: int
    turn: int = 0


class MinuteRow(NamedTuple):
    """What is kept of the minute for one value of one label."""

    dimension: str
    value: str
    figures: Figures


@dataclass(slots=True)
class _Minute:
    by_labels: dict[Labels, Figures] = field(default_factory=dict)
    version: int = 0
    written_version: int = 0


class QualityTally:
    """Minutes in which somebody told something. At most `minute_limit`, the newest.

    `dropped_count`: minutes that could not be written for so long that they were forgotten.
    """

    def __init__(self, label_values: int, minute_limit: int) -> None:
        self._bounds = LabelBounds(label_values)
        self._minute_limit = minute_limit
        self._minutes: dict[MinuteName, _Minute] = {}
        self._recent: dict[tuple[str, Labels], tuple[_Minute, Figures]] = {}
        self._recent_ms = -MINUTE_MS  # the minute that these are of
        self._turn = 0
        self._forgotten_ms = -1  # the last minute of this turn that is written and forgotten
        self.dropped_count = 0

    def __len__(self) -> int:
        return len(self._minutes)

    def figures(self, channel_id: str, now_ms: int, labels: Labels) -> Figures:
        """Return the figures to add to, of the minute that `now_ms` lies in."""
        if 0 <= now_ms - self._recent_ms < MINUTE_MS:
            recent = self._recent.get((channel_id, labels))
            if recent is not None:
                recent[0].version += 1
                return recent[1]
        minute, found = self._find(channel_id, now_ms, labels)
        if self._recent_ms != now_ms - now_ms % MINUTE_MS or len(self._recent) >= _RECENT:
            self._recent.clear()
            self._recent_ms = now_ms - now_ms % MINUTE_MS
        self._recent[channel_id, labels] = minute, found
        return found

    def _find(self, channel_id: str, now_ms: int, labels: Labels) -> tuple[_Minute, Figures]:
        at_ms = now_ms - now_ms % MINUTE_MS
        if at_ms <= self._forgotten_ms:  # what is written of it may not be replaced
            self._turn += 1
            self._forgotten_ms = -1
        name = MinuteName(channel_id, at_ms, self._turn)
        minute = self._minutes.get(name)
        if minute is None:
            minute = self._open(name)
        minute.version += 1
        labels = self._bounds.bounded(channel_id, now_ms // DAY_MS, labels)
        found = minute.by_labels.get(labels)
        if found is None:
            if len(minute.by_labels) >= _MAX_SETS:
                labels = _REST
            found = minute.by_labels.setdefault(labels, Figures())
        return minute, found

    def changed(self) -> list[tuple[MinuteName, int]]:
        """Return minutes with something that is not written yet, and which version of them."""
        return [
            (name, minute.version)
            for name, minute in self._minutes.items()
            if minute.version != minute.written_version
        ]

    def rows(self, name: MinuteName) -> Iterator[MinuteRow]:
        """Split a minute: the whole, then each label's values; nothing if it was forgotten."""
        minute = self._minutes.get(name)
        if minute is None:
            return
        by_labels = minute.by_labels
        whole = Figures()
        split: dict[tuple[str, str], Figures] = {}
        for labels, figures in by_labels.items():
            whole.merge(figures)
            for dimension, value in zip(Dimension, labels, strict=True):
                part = split.get((dimension, value))
                if part is None:
                    part = split[dimension, value] = Figures()
                part.merge(figures)
        yield MinuteRow(WHOLE, WHOLE, whole)
        for (of, value), figures in split.items():
            yield MinuteRow(of, value, figures)

    def note_written(self, name: MinuteName, version: int) -> None:
        """Take note that a version of a minute is kept."""
        minute = self._minutes.get(name)
        if minute is not None:
            minute.written_version = version

    def forget_over(self, now_ms: int) -> None:
        """Forget what is over and written; nothing can come to it any more."""
        over = [
            name
            for name, minute in self._minutes.items()
            if name.at_ms + MINUTE_MS <= now_ms and minute.version == minute.written_version
        ]
        if over:
            self._recent.clear()
        for name in over:
            del self._minutes[name]
            if name.turn == self._turn:
                self._forgotten_ms = max(self._forgotten_ms, name.at_ms)

    def _open(self, name: MinuteName) -> _Minute:
        if len(self._minutes) >= self._minute_limit:
            del self._minutes[min(self._minutes, key=lambda each: each.at_ms)]
            self._recent.clear()
            self.dropped_count += 1
        minute = self._minutes[name] = _Minute()
        return minute
