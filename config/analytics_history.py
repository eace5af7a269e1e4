"""HistorySide: viewers by time and by broadcast, put together."""

from collections.abc import Sequence

from accounts.storage import Database
from analytics.api.history import HistoryResource
from analytics.history.reading import ViewerHistory
from analytics.ports import Clock, FiguresAccess


class HistorySide:
    """What one server has of it."""

    def __init__(self, database: Database, clock: Clock, access: FiguresAccess) -> None:
        self.history = ViewerHistory(database)
        self.resources: Sequence[object] = (HistoryResource(self.history, access, clock),)
