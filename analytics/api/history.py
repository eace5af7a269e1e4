"""History: who watched a channel and its broadcasts, in figures. For those who run it."""

from typing import Final

from accounts.api.model import Listing, PageQuery
from accounts.api.operation import USER, Call, RawBody, operation
from accounts.api.problem import NOT_FOUND
from accounts.api.resources.channel_problems import REFUSALS
from accounts.api.resources.cursors import read_cursor
from analytics.api.history_views import (
    BroadcastAnalyticsView,
    BroadcastFiguresView,
    ChannelViewersView,
    broadcast_analytics_view,
    broadcast_figures_view,
    channel_viewers_view,
)
from analytics.api.time_range import RangeQuery
from analytics.history.csv_text import csv_lines
from analytics.history.reading import CURSOR_SHAPE, ViewerHistory
from analytics.ports import Clock, FiguresAccess

CSV: Final = "text/csv"


class HistoryResource:
    """Shows a channel's owner, its moderators and administrators what was counted."""

    def __init__(self, history: ViewerHistory, access: FiguresAccess, clock: Clock) -> None:
        self._history = history
        self._access = access
        self._clock = clock

    @operation(
        "GET",
        "/channels/{channel}/analytics/viewers",
        tag="analytics",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def get_channel_viewers(
        self, call: Call, channel: str, query: RangeQuery
    ) -> ChannelViewersView:
        """Show a channel's viewers, chat and followers over a time."""
        place = await self._access.readable_channel(call, channel)
        wanted = query.range_at(self._clock())
        return channel_viewers_view(
            await self._history.of_channel(place.channel_id, wanted), wanted
        )

    @operation(
        "GET",
        "/channels/{channel}/analytics/viewers.csv",
        tag="analytics",
        access=USER,
        scope="channels:read",
        raw_answer=(CSV,),
        problems=REFUSALS,
    )
    async def get_channel_viewers_csv(self, call: Call, channel: str, query: RangeQuery) -> RawBody:
        """Save a channel's viewers over a time as a table for spreadsheets.

        One line for each point, as in `/analytics/viewers`, in UTF-8. Texts that a spreadsheet
        would take for a formula begin with an apostrophe.
        """
        place = await self._access.readable_channel(call, channel)
        wanted = query.range_at(self._clock())
        viewers = await self._history.of_channel(place.channel_id, wanted)
        name = f"{place.name}-viewers-by-{wanted.step}.csv"
        return RawBody(
            "".join(csv_lines(viewers, wanted.step.ms)).encode(),
            CSV,
            {
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    @operation(
        "GET",
        "/channels/{channel}/analytics/broadcasts",
        tag="analytics",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def list_broadcast_figures(
        self, call: Call, channel: str, query: PageQuery
    ) -> Listing[BroadcastFiguresView]:
        """Compare a channel's broadcasts, the newest first."""
        place = await self._access.readable_channel(call, channel)
        cursor = read_cursor(query, *CURSOR_SHAPE)
        page = await self._history.broadcasts_of(place.channel_id, cursor, query.limit)
        return Listing[BroadcastFiguresView].of(page, broadcast_figures_view)

    @operation(
        "GET",
        "/broadcasts/{broadcast}/analytics",
        tag="analytics",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def get_broadcast_analytics(self, call: Call, broadcast: str) -> BroadcastAnalyticsView:
        """Show a broadcast's viewers, who stayed, and its best moments."""
        place = await self._access.readable_broadcast(call, broadcast)
        found = await self._history.of_broadcast(place)
        if found is None:
            raise NOT_FOUND.because("There is no such broadcast.")
        return broadcast_analytics_view(found)
