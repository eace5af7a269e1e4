"""Recommendations: what is live, in the order in which somebody may like it."""

import asyncio
from dataclasses import dataclass

import structlog

from accounts.api.resources.channel_views import ChannelCard
from accounts.storage import StorageError
from analytics.recommendations.ports import Catalogue
from analytics.recommendations.ranking import Recommendation, rank
from analytics.recommendations.taste import taste_of
from analytics.recommendations.watch_history import WatchHistory

_log: structlog.stdlib.BoundLogger = structlog.get_logger("analytics.recommendations")

_EXPIRES_EVERY_S = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Recommended:
    """A live channel as it is shown, and why it is."""

    card: ChannelCard
    why: Recommendation


class Recommendations:
    """Recommends, and forgets in time what people watched."""

    def __init__(self, history: WatchHistory, catalogue: Catalogue) -> None:
        self._history = history
        self._catalogue = catalogue

    async def of(self, account_id: str, limit: int) -> list[Recommended] | None:
        """Return the best `limit` of what is live for an account; None if it wants none."""
        if not await self._history.is_wanted(account_id):
            return None
        live = {
            each.candidate.channel_id: each for each in await self._catalogue.live_for(account_id)
        }
        if not live:
            return []
        watched = await self._history.of(account_id)
        followed = await self._catalogue.followed_by(account_id)
        known = {each.channel_id for each in watched}.union(followed)
        traits = await self._catalogue.traits_of(known)
        taste = taste_of(watched, followed, traits, self._history.today)
        ranked = rank([each.candidate for each in live.values()], taste, limit)
        return [Recommended(live[each.candidate.channel_id].card, each) for each in ranked]

    async def note(self, account_id: str, channel: str, watched_ms: int) -> None:
        """Remember that somebody watched a channel; not if it is not live, or not for them."""
        channel_id = await self._catalogue.watchable(channel, account_id)
        if channel_id is not None:
            await self._history.note(account_id, channel_id, watched_ms)

    async def run(self) -> None:
        """Forget what is too old, until cancelled."""
        while True:
            try:
                await self._history.expire()
            except StorageError as error:
                _log.warning("what was watched long ago is not forgotten yet", reason=str(error))
            await asyncio.sleep(_EXPIRES_EVERY_S)
