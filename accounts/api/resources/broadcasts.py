"""Broadcasts: /channels/{channel}/broadcasts and /broadcasts/{broadcast}."""

from typing import Any

from pydantic import Field

from accounts.api.model import ApiModel, Listing, PageQuery, UtcTime
from accounts.api.operation import ANYBODY, USER, Call, operation
from accounts.api.problem import CONFLICT
from accounts.api.resources.channel_problems import REFUSALS, asker_of, explained
from accounts.api.resources.cursors import read_cursor
from accounts.channels.broadcast import Broadcast
from accounts.channels.broadcasts import Broadcasts


class BroadcastCard(ApiModel):
    """One time that a channel was live, as lists show it."""

    id: str
    channel: str = Field(description="The channel's name.")
    title: str = Field(description="The last it had.")
    category: str | None
    language: str | None
    is_mature: bool
    started_at: UtcTime
    ended_at: UtcTime | None = Field(description="Null while it goes on.")
    is_interrupted: bool = Field(description="It waits for its publisher to come back.")
    duration_ms: int
    peak_viewers: int
    mean_viewers: float | None = Field(description="Null if nobody counted.")


class TitleView(ApiModel):
    """What a broadcast was called from a moment on."""

    at: UtcTime
    title: str
    category: str | None


class BroadcastView(BroadcastCard):
    """A broadcast with its history."""

    titles: tuple[TitleView, ...]
    technical: dict[str, Any] | None = Field(
        description="What was known of its media when it ended; for people."
    )


class BroadcastsResource:
    """Shows what was and is on air."""

    def __init__(self, broadcasts: Broadcasts) -> None:
        self._broadcasts = broadcasts

    @operation(
        "GET",
        "/channels/{channel}/broadcasts",
        tag="broadcasts",
        access=ANYBODY,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def list_broadcasts(
        self, call: Call, channel: str, query: PageQuery
    ) -> Listing[BroadcastCard]:
        """List a channel's broadcasts, the newest first, to who may watch it."""
        cursor = read_cursor(query, int, str)
        with explained():
            page = await self._broadcasts.of_channel(channel, asker_of(call), cursor, query.limit)
        return Listing[BroadcastCard].of(page, broadcast_card)

    @operation(
        "GET",
        "/broadcasts/{broadcast}",
        tag="broadcasts",
        access=ANYBODY,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def get_broadcast(self, call: Call, broadcast: str) -> BroadcastView:
        """Show a broadcast with its titles."""
        with explained():
            found, _ = await self._broadcasts.get(broadcast, asker_of(call))
        return BroadcastView(
            **dict(broadcast_card(found)),
            titles=tuple(
                TitleView(at=each.at_ms, title=each.title, category=each.category)
                for each in found.titles
            ),
            technical=None if found.technical is None else dict(found.technical),
        )

    @operation(
        "DELETE",
        "/broadcasts/{broadcast}",
        tag="broadcasts",
        access=USER,
        scope="channels:write",
        problems=(*REFUSALS, CONFLICT),
    )
    async def delete_broadcast(self, call: Call, broadcast: str) -> None:
        """Forget a broadcast that is over; its channel's owner may."""
        with explained():
            await self._broadcasts.delete(broadcast, asker_of(call))


def broadcast_card(broadcast: Broadcast) -> BroadcastCard:
    """Show a broadcast in a list."""
    return BroadcastCard(
        id=broadcast.id,
        channel=broadcast.channel,
        title=broadcast.title,
        category=broadcast.category,
        language=broadcast.language,
        is_mature=broadcast.is_mature,
        started_at=broadcast.started_at_ms,
        ended_at=broadcast.ended_at_ms,
        is_interrupted=broadcast.interrupted_at_ms is not None,
        duration_ms=broadcast.duration_ms,
        peak_viewers=broadcast.peak_viewers,
        mean_viewers=broadcast.mean_viewers,
    )
