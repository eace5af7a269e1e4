"""QualityHistory: how well a channel played, read from what is kept."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

from accounts.storage import Database
from analytics.history.step import Step, TimeRange
from analytics.quality.figures import Figures
from analytics.quality.labels import Dimension
from analytics.quality.merging import Merged, pieces
from analytics.quality.rows import READ_MARK, READS, ROLLED
from analytics.quality.tally import WHOLE

MAX_GROUPS: Final = 50
_STEPS_AT_ONCE: Final = 120  # of rows that are read by one statement
_ROWS_AT_ONCE: Final = 40  # that are added up before media may be served again: about 0.5 ms


@dataclass(slots=True)
class ReadQuality:
    """A range's figures: all together, by the moment that a step begins, and by a label's values.

    `values` has the most watched first.
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
        async for row in self._rows(channel_id, WHOLE, wanted, rolled_ms, wanted.step):
            at_ms = row.at_ms - row.at_ms % wanted.step.ms
            figures = read.steps.get(at_ms)
            if figures is None:
                figures = read.steps[at_ms] = Figures()
            figures.merge_kept(json.loads(row.figures))
        for figures in read.steps.values():
            read.total.merge(figures)
        if dimension is not None:
            merged = Merged()
            async for row in self._rows(channel_id, dimension, wanted, rolled_ms, Step.DAY):
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
    ) -> AsyncIterator[Any]:
        """Give rows that together are the range, none longer than `coarsest`."""
        for piece in pieces(wanted.from_ms, wanted.to_ms, rolled_ms, coarsest):
            slice_ms = _STEPS_AT_ONCE * piece.step.ms
            for from_ms in range(piece.from_ms, piece.to_ms, slice_ms):
                rows = await self._database.fetch(
                    READS[piece.step],
                    channel_id=channel_id,
                    of=dimension,
                    from_ms=from_ms,
                    to_ms=min(from_ms + slice_ms, piece.to_ms),
                )
                for number, row in enumerate(rows, start=1):
                    yield row
                    if number % _ROWS_AT_ONCE == 0:
                        await asyncio.sleep(0)
