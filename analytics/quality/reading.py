"""QualityHistory: how well a channel played, read from what is kept."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from accounts.storage import Database
from analytics.history.step import Step, TimeRange
from analytics.quality.figures import Figures
from analytics.quality.labels import Dimension
from analytics.quality.merging import Merged, pieces
from analytics.quality.packed import PackedSum
from analytics.quality.rows import READ_MARK, READS, ROLLED
from analytics.quality.tally import WHOLE

MAX_GROUPS: Final = 50
_STEPS_A_READ: Final = 120  # of rows that are read by one statement
# That are added up before media may be served again: about 0.5 ms each.
_ROWS_AT_ONCE: Final = 100
_STEPS_AT_ONCE: Final = 20


@dataclass(slots=True)
class ReadQuality:
    """A range's figures: all together, by the moment that a step begins, and by a label's values.

    `steps` has the oldest first, `values` the most watched first.
    """

    total: Figures = field(default_factory=Figures)
    steps: dict[int, Figures] = field(default_factory=dict)
    values: dict[str, Figures] = field(default_factory=dict)


class QualityHistory:
    """Reads days and hours where they are made, minutes where they are not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(
        self, channel_id: str, wanted: TimeRange, dimension: Dimension | None
    ) -> ReadQuality:
        """Return the figures of a range, and of a label's values if one is named.

        Raises BusyError.
        """
        marks = await self._database.fetch(READ_MARK, mark=ROLLED)
        rolled_ms = int(marks[0].at_ms) if marks else 0
        read = ReadQuality()
        steps: dict[int, PackedSum] = {}
        async for rows in self._rows(channel_id, WHOLE, wanted, rolled_ms, wanted.step):
            for row in rows:
                at_ms = row.at_ms - row.at_ms % wanted.step.ms
                found = steps.get(at_ms)
                if found is None:
                    found = steps[at_ms] = PackedSum()
                found.add(row.figures)
        total = PackedSum()
        for number, at_ms in enumerate(sorted(steps), start=1):
            total.merge(steps[at_ms])
            read.steps[at_ms] = steps[at_ms].figures()
            if number % _STEPS_AT_ONCE == 0:
                await asyncio.sleep(0)
        read.total = total.figures()
        if dimension is not None:
            merged = Merged()
            async for rows in self._rows(channel_id, dimension, wanted, rolled_ms, Step.DAY):
                for row in rows:
                    merged.add(dimension, row.value, row.figures)
            read.values = merged.of(dimension, MAX_GROUPS)
        return read

    async def _rows(
        self,
        channel_id: str,
        dimension: str,
        wanted: TimeRange,
        rolled_ms: int,
        coarsest: Step,
    ) -> AsyncIterator[Sequence[Any]]:
        """Give rows that together are the range, none longer than `coarsest`, some at a time."""
        for piece in pieces(wanted.from_ms, wanted.to_ms, rolled_ms, coarsest):
            slice_ms = _STEPS_A_READ * piece.step.ms
            for from_ms in range(piece.from_ms, piece.to_ms, slice_ms):
                rows = await self._database.fetch(
                    READS[piece.step],
                    channel_id=channel_id,
                    of=dimension,
                    from_ms=from_ms,
                    to_ms=min(from_ms + slice_ms, piece.to_ms),
                )
                for first in range(0, len(rows), _ROWS_AT_ONCE):
                    yield rows[first : first + _ROWS_AT_ONCE]
                    await asyncio.sleep(0)
