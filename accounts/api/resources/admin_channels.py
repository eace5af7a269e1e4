"""Channels as administrators see them: /admin/channels; and cutting what is live."""

from pydantic import Field

from accounts.api.model import ApiModel, Listing, PageQuery, UtcTime
from accounts.api.operation import ADMIN, USER, Call, operation
from accounts.api.problem import NOT_FOUND
from accounts.api.resources.channel_problems import REFUSALS, asker_of, explained
from accounts.api.resources.channel_views import BanView, ChannelCard, channel_card
from accounts.api.resources.cursors import read_cursor
from accounts.channels.administration import Administration
from accounts.channels.channel import Channel
from accounts.channels.written_text import REASON_CHARACTERS
from accounts.search.terms import QUERY_CHARACTERS


class ChannelBanFields(ApiModel):
    """Why a channel is closed."""

    reason: str = Field("", max_length=REASON_CHARACTERS, description="Shown to its owner.")


class AdminChannelQuery(PageQuery):
    """Which channels."""

    q: str = Field("", max_length=QUERY_CHARACTERS, description="Words to search for.")
    banned: bool = Field(False, description="Those alone that are closed.")


class AdminChannelView(ChannelCard):
    """A channel as administrators see it in lists."""

    owner_id: str
    created_at: UtcTime
    ban: BanView | None


class AdminChannelsResource:
    """Closes channels, opens them again, and cuts what is live."""

    def __init__(self, administration: Administration) -> None:
        self._administration = administration

    @operation("GET", "/admin/channels", tag="administration", access=ADMIN, scope="admin")
    async def list_all_channels(
        self, call: Call, query: AdminChannelQuery
    ) -> Listing[AdminChannelView]:
        """List all channels, hidden and closed ones too, the newest first."""
        cursor = read_cursor(query, int, str)
        with explained():
            page = await self._administration.all_channels(
                asker_of(call), query.q, banned_only=query.banned, cursor=cursor, limit=query.limit
            )
        return Listing[AdminChannelView].of(page, _view)

    @operation(
        "PUT",
        "/admin/channels/{channel}/ban",
        tag="administration",
        access=ADMIN,
        scope="admin",
        problems=REFUSALS,
    )
    async def ban_channel(
        self, call: Call, channel: str, body: ChannelBanFields
    ) -> AdminChannelView:
        """Close a channel: what is live ends at once, nobody publishes to it or watches it."""
        with explained():
            banned = await self._administration.ban(channel, asker_of(call), body.reason)
        return _view(banned)

    @operation(
        "DELETE",
        "/admin/channels/{channel}/ban",
        tag="administration",
        access=ADMIN,
        scope="admin",
        problems=REFUSALS,
    )
    async def unban_channel(self, call: Call, channel: str) -> None:
        """Open a channel again."""
        with explained():
            await self._administration.unban(channel, asker_of(call))

    @operation(
        "POST",
        "/channels/{channel}/cut",
        tag="channels",
        access=USER,
        scope="channels:write",
        status=204,
        problems=REFUSALS,
    )
    async def cut_stream(self, call: Call, channel: str) -> None:
        """End what is live on a channel at once; its owner and administrators may.

        404 if it is off air. The encoder is disconnected; it may begin anew.
        """
        with explained():
            was_live = await self._administration.cut(channel, asker_of(call))
        if not was_live:
            raise NOT_FOUND.because("This channel is not live.")


def _view(channel: Channel) -> AdminChannelView:
    ban = None
    if channel.banned_at_ms is not None:
        ban = BanView(at=channel.banned_at_ms, reason=channel.ban_reason or "")
    return AdminChannelView(
        **dict(channel_card(channel)),
        owner_id=channel.owner_id,
        created_at=channel.created_at_ms,
        ban=ban,
    )
