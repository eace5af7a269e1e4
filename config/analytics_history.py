"""HistorySide: viewers by time and by broadcast, put together."""

from collections.abc import Sequence

from accounts.storage import Database
from analytics.api.history import HistoryResource
from analytics.history.bounds import HistoryBounds
from analytics.history.keeper import HistoryKeeper
from analytics.history.reading import ViewerHistory
from analytics.ports import Clock, FiguresAccess
from analytics.viewers.settings import ViewersSettings
from config.channel_records import ChannelBroadcastRecords, RoomAudience


class HistorySide:
    """What one server has of it. Run `keeper` and close it."""

    def __init__(
        self, database: Database, clock: Clock, settings: ViewersSettings, access: FiguresAccess
    ) -> None:
        records, audience = ChannelBroadcastRecords(database), RoomAudience(database)
        self.keeper = HistoryKeeper(
            database,
            clock,
            HistoryBounds.of_days(settings.raw_days, settings.minute_days),
            records=records,
            audience=audience,
        )
        self.history = ViewerHistory(database, records, audience)
        self.resources: Sequence[object] = (HistoryResource(self.history, access, clock),)
