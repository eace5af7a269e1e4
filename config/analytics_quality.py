"""QualitySide: playback quality, put together for one server."""

from collections.abc import Sequence

from accounts.storage import Database
from analytics.api.quality import QualityResource
from analytics.ports import Clock, FiguresAccess
from analytics.quality.reading import QualityHistory


class QualitySide:
    """What is told of playback: taken, kept and shown."""

    def __init__(self, database: Database, clock: Clock, access: FiguresAccess) -> None:
        self.resources: Sequence[object] = (
            QualityResource(QualityHistory(database), access, clock),
        )
