"""Merged figures by label's value, of rows as they are kept; and which rows make a range. Pure."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from analytics.history.step import DAY_MS, HOUR_MS, Step
from analytics.quality.figures import Figures
from analytics.quality.packed import PackedSum
from analytics.viewers.agents import OTHER


class Piece(NamedTuple):
    """Rows of one step, from one moment to before another."""

    step: Step
    from_ms: int
    to_ms: int


def pieces(from_ms: int, to_ms: int, rolled_ms: int, coarsest: Step) -> Iterator[Piece]:
    """Cut a range of whole minutes into the longest steps that there are, in their order.

    Hours that begin before `rolled_ms`, and days that end by then, are made; later ones are minutes
    and hours still.
    """
    length_ms, finer = _COARSE.get(coarsest, (0, Step.MINUTE))
    if not length_ms:
        if from_ms < to_ms:
            yield Piece(Step.MINUTE, from_ms, to_ms)
        return
    first = -(-from_ms // length_ms) * length_ms
    last = min(to_ms, rolled_ms) // length_ms * length_ms
    if first >= last:
        yield from pieces(from_ms, to_ms, rolled_ms, finer)
        return
    yield from pieces(from_ms, first, rolled_ms, finer)
    yield Piece(coarsest, first, last)
    yield from pieces(last, to_ms, rolled_ms, finer)


_COARSE: Final = {Step.DAY: (DAY_MS, Step.HOUR), Step.HOUR: (HOUR_MS, Step.MINUTE)}


class Merged:
    """Adds up rows: by dimension and value."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], PackedSum] = {}

    def add(self, dimension: str, value: str, packed: bytes) -> None:
        """Take one row."""
        found = self._found.get((dimension, value))
        if found is None:
            found = self._found[dimension, value] = PackedSum()
        found.add(packed)

    def of(self, dimension: str, limit: int) -> dict[str, Figures]:
        """Return a dimension's values, the most watched first: `limit`, and "other" for the rest.

        The same rows give the same values, in whatever order they came.
        """
        values = {
            value: found.figures()
            for (each, value), found in self._found.items()
            if each == dimension
        }
        ranked = sorted(values, key=lambda value: (-_weight(values[value]), value))
        kept = {value: values[value] for value in ranked if value != OTHER}
        rest = values.get(OTHER, Figures())
        for value in list(kept)[limit:]:
            rest.merge(kept.pop(value))
        if rest != Figures():
            kept[OTHER] = rest
        return kept

    def dimensions(self) -> list[str]:
        """Return which dimensions there are."""
        return sorted({dimension for dimension, _ in self._found})


def _weight(figures: Figures) -> int:
    return figures.watched_ms + figures.requests + figures.reports
