"""RecommendationsSide: recommendations put together for one server."""

from collections.abc import Sequence

from accounts.storage import Database
from analytics.api.recommendations import RecommendationsResource
from analytics.ports import Clock
from analytics.recommendations.ports import Catalogue
from analytics.recommendations.recommendations import Recommendations
from analytics.recommendations.settings import RecommendationsSettings
from analytics.recommendations.watch_history import WatchHistory


class RecommendationsSide:
    """Its resource, and the task that forgets in time."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: RecommendationsSettings,
        catalogue: Catalogue,
    ) -> None:
        history = WatchHistory(database, clock, settings)
        self.recommendations = Recommendations(history, catalogue)
        self.resources: Sequence[object] = (
            RecommendationsResource(self.recommendations, history, catalogue),
        )
