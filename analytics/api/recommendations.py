"""Recommendations: /me/recommendations and what they are made of, /me/watch-history."""

from typing import Final

from pydantic import Field

from accounts.api.model import ApiModel, Listing, UtcTime
from accounts.api.operation import USER, Call, operation
from accounts.api.resources.channel_views import ChannelCard
from accounts.api.throttle import Throttle
from accounts.storage import Page
from analytics.recommendations.ports import Catalogue
from analytics.recommendations.ranking import Reason
from analytics.recommendations.recommendations import Recommendations, Recommended
from analytics.recommendations.watch_history import DAY_MS, WatchHistory

_LISTS: Final = Throttle("recommendations", burst=30, per_minute=30)
# A page says so once a minute, and when it is left.
_NOTES: Final = Throttle("watch-history", burst=20, per_minute=10)
_NOTE_MS: Final = 120_000


class RecommendationQuery(ApiModel):
    """How many."""

    limit: int = Field(12, ge=1, le=50)


class RecommendationView(ApiModel):
    """A channel that is live, and why it is recommended."""

    channel: ChannelCard
    reason: Reason = Field(
        description="What speaks most for it: the caller follows it, watched it lately, or watches "
        "and follows much of its category, with its tag or in its language; or many watch it."
    )
    subject: str | None = Field(description="The category, tag or language that is the reason.")
    is_followed: bool


class RecommendationsView(ApiModel):
    """What is live, best first."""

    is_wanted: bool = Field(description="False if the caller, or the server, wants none.")
    items: tuple[RecommendationView, ...]


class RecommendationWish(ApiModel):
    """Whether the caller wants recommendations. Switched off, what was watched is forgotten."""

    is_wanted: bool


class WatchNote(ApiModel):
    """What the caller watched since it said so last."""

    channel: str = Field(max_length=64)
    watched_ms: int = Field(ge=1, le=_NOTE_MS)


class WatchedView(ApiModel):
    """How long the caller watched a channel, in all that is remembered."""

    channel_id: str
    channel: str | None = Field(description="Its name; null if it is no more.")
    watched_ms: int
    last_day: UtcTime = Field(description="The day on which it was watched last.")


class RecommendationsResource:
    """Recommends, and shows and forgets what that is made of; to each account its own."""

    def __init__(
        self, recommendations: Recommendations, history: WatchHistory, catalogue: Catalogue
    ) -> None:
        self._recommendations = recommendations
        self._history = history
        self._catalogue = catalogue

    @operation(
        "GET",
        "/me/recommendations",
        tag="recommendations",
        access=USER,
        scope="follows:read",
        throttle=_LISTS,
    )
    async def list_recommendations(
        self, call: Call, query: RecommendationQuery
    ) -> RecommendationsView:
        """List what is live, what the caller may like best first."""
        found = await self._recommendations.of(call.account_id, query.limit)
        return RecommendationsView(
            is_wanted=found is not None, items=tuple(map(_view, found or ()))
        )

    @operation("GET", "/me/recommendations/settings", tag="recommendations", access=USER)
    async def read_recommendation_settings(self, call: Call) -> RecommendationWish:
        """Say whether the caller gets recommendations."""
        return RecommendationWish(is_wanted=await self._history.is_wanted(call.account_id))

    @operation("PUT", "/me/recommendations/settings", tag="recommendations", access=USER)
    async def put_recommendation_settings(
        self, call: Call, body: RecommendationWish
    ) -> RecommendationWish:
        """Switch recommendations on or off; off forgets what was watched.

        It takes no If-Match: there is one switch, and who switches it off is never refused.
        """
        await self._history.want(call.account_id, is_wanted=body.is_wanted)
        return RecommendationWish(is_wanted=await self._history.is_wanted(call.account_id))

    @operation("GET", "/me/watch-history", tag="recommendations", access=USER)
    async def list_watch_history(self, call: Call) -> Listing[WatchedView]:
        """List what the server remembers that the caller watched, the latest first."""
        found = await self._history.by_channel(call.account_id)
        names = await self._catalogue.names_of([each.channel_id for each in found])
        return Listing[WatchedView].of(
            Page(tuple(found), None),
            lambda each: WatchedView(
                channel_id=each.channel_id,
                channel=names.get(each.channel_id),
                watched_ms=each.watched_ms,
                last_day=each.last_day * DAY_MS,
            ),
        )

    @operation(
        "POST",
        "/me/watch-history",
        tag="recommendations",
        access=USER,
        account_throttle=_NOTES,
    )
    async def note_watching(self, call: Call, body: WatchNote) -> None:
        """Say what was watched since the last time; a page does, about once a minute.

        What is not live, or not for the caller, is not remembered, and nothing is if the caller
        wants no recommendations.
        """
        await self._recommendations.note(call.account_id, body.channel, body.watched_ms)

    @operation("DELETE", "/me/watch-history", tag="recommendations", access=USER)
    async def delete_watch_history(self, call: Call) -> None:
        """Forget all that the caller watched."""
        await self._history.forget(call.account_id)

    @operation("DELETE", "/me/watch-history/{channel_id}", tag="recommendations", access=USER)
    async def delete_watched_channel(self, call: Call, channel_id: str) -> None:
        """Forget that the caller watched a channel."""
        await self._history.forget(call.account_id, channel_id)


def _view(recommended: Recommended) -> RecommendationView:
    return RecommendationView(
        channel=recommended.card,
        reason=recommended.why.reason,
        subject=recommended.why.subject,
        is_followed=recommended.why.candidate.is_followed,
    )
