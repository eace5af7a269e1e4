"""ViewerHistory: reads what roll-ups hold, for the API and its pages."""

from dataclasses import dataclass
from typing import Final

from accounts.storage import Cursor, Database, Page
from analytics.history.comparison import BroadcastFigures, Earlier
from analytics.history.figures import Bucket, ChannelViewers, TitleAt
from analytics.history.moments import Moment
from analytics.history.retention import RetentionPoint
from analytics.history.step import MINUTE_MS, TimeRange
from analytics.ports import BroadcastPlace

CURSOR_SHAPE: Final = (int, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastHistory:
    """All that is kept of one broadcast; `timeline` is in steps of `step_ms`."""

    figures: BroadcastFigures
    earlier: Earlier | None
    step_ms: int
    timeline: tuple[Bucket, ...]
    retention: tuple[RetentionPoint, ...]
    moments: tuple[Moment, ...]
    titles: tuple[TitleAt, ...]


class ViewerHistory:
    """Answers from rows that were made before: no question reads spells."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_channel(self, channel_id: str, wanted: TimeRange) -> ChannelViewers:
        """Return a channel's viewers over a range. Raises BusyError."""
        _ = channel_id
        return ChannelViewers(
            points=(),
            totals=Bucket(at_ms=wanted.from_ms),
            mean=0.0,
            followers=0,
            followers_gained=0,
            titles=(),
            broadcasts=(),
            computed_until_ms=None,
        )

    async def broadcasts_of(
        self, channel_id: str, cursor: Cursor | None, limit: int
    ) -> Page[BroadcastFigures]:
        """List a channel's broadcasts with their figures, the newest first."""
        _ = channel_id, cursor, limit
        return Page((), None)

    async def of_broadcast(self, place: BroadcastPlace) -> BroadcastHistory:
        """Return all that is kept of a broadcast. Raises BusyError."""
        ended_ms = place.started_ms if place.ended_ms is None else place.ended_ms
        figures = BroadcastFigures(
            broadcast_id=place.broadcast_id,
            title="",
            category=None,
            started_ms=place.started_ms,
            ended_ms=place.ended_ms,
            duration_ms=ended_ms - place.started_ms,
        )
        return BroadcastHistory(
            figures=figures,
            earlier=None,
            step_ms=MINUTE_MS,
            timeline=(),
            retention=(),
            moments=(),
            titles=(),
        )
