"""Moderators and whom they ban: /channels/{channel}/moderators and /channels/{channel}/bans."""

from pydantic import AwareDatetime, Field

from accounts.api.model import ApiModel, Listing, PageQuery, UtcTime
from accounts.api.operation import USER, Call, operation
from accounts.api.resources.channel_problems import (
    REFUSALS,
    WRITE_REFUSALS,
    asker_of,
    explained,
)
from accounts.api.resources.channel_views import (
    ChannelCard,
    PersonView,
    channel_card,
    person_view,
)
from accounts.api.resources.cursors import read_cursor
from accounts.channels.moderators import Moderator, Moderators
from accounts.channels.viewer_bans import ViewerBan, ViewerBans
from accounts.channels.written_text import REASON_CHARACTERS
from accounts.storage import Page


class ModeratorView(ApiModel):
    """Somebody who looks after a channel's viewers."""

    person: PersonView
    since: UtcTime


class ViewerBanFields(ApiModel):
    """Why somebody may not watch, and until when."""

    reason: str = Field("", max_length=REASON_CHARACTERS)
    ends_at: AwareDatetime | None = Field(None, description="Null: until it is lifted.")


class ViewerBanView(ApiModel):
    """Somebody who may not watch or follow a channel."""

    person: PersonView
    reason: str
    since: UtcTime
    ends_at: UtcTime | None


class ModeratorsResource:
    """Names moderators, and lets them ban."""

    def __init__(self, moderators: Moderators, bans: ViewerBans) -> None:
        self._moderators = moderators
        self._bans = bans

    @operation(
        "GET",
        "/channels/{channel}/moderators",
        tag="moderation",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def list_moderators(self, call: Call, channel: str) -> Listing[ModeratorView]:
        """List a channel's moderators, to them and to its owner."""
        with explained():
            found = await self._moderators.of_channel(channel, asker_of(call))
        return Listing[ModeratorView].of(Page(found, None), _moderator_view)

    @operation(
        "PUT",
        "/channels/{channel}/moderators/{account}",
        tag="moderation",
        access=USER,
        scope="channels:write",
        problems=WRITE_REFUSALS,
    )
    async def put_moderator(self, call: Call, channel: str, account: str) -> None:
        """Make an account a moderator; the owner may."""
        with explained():
            await self._moderators.put(channel, asker_of(call), account)

    @operation(
        "DELETE",
        "/channels/{channel}/moderators/{account}",
        tag="moderation",
        access=USER,
        scope="channels:write",
        problems=REFUSALS,
    )
    async def delete_moderator(self, call: Call, channel: str, account: str) -> None:
        """Dismiss a moderator; the owner may, and moderators themselves."""
        with explained():
            await self._moderators.remove(channel, asker_of(call), account)

    @operation("GET", "/me/moderating", tag="moderation", access=USER, scope="channels:read")
    async def list_moderated_channels(self, call: Call) -> Listing[ChannelCard]:
        """List the channels that the caller moderates."""
        found = await self._moderators.moderated_by(call.account_id)
        return Listing[ChannelCard].of(Page(found, None), channel_card)

    @operation(
        "GET",
        "/channels/{channel}/bans",
        tag="moderation",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def list_viewer_bans(
        self, call: Call, channel: str, query: PageQuery
    ) -> Listing[ViewerBanView]:
        """List who is banned from a channel, the newest first; for its owner and moderators."""
        cursor = read_cursor(query, int, str)
        with explained():
            page = await self._bans.of_channel(channel, asker_of(call), cursor, query.limit)
        return Listing[ViewerBanView].of(page, _ban_view)

    @operation(
        "PUT",
        "/channels/{channel}/bans/{account}",
        tag="moderation",
        access=USER,
        scope="channels:write",
        problems=WRITE_REFUSALS,
    )
    async def put_viewer_ban(
        self, call: Call, channel: str, account: str, body: ViewerBanFields
    ) -> ViewerBanView:
        """Ban an account from a channel: it follows no more, and all leave to watch ends at once.

        Moderators may, but not each other.
        """
        ends_at_ms = None if body.ends_at is None else round(body.ends_at.timestamp() * 1000)
        with explained():
            ban = await self._bans.put(channel, asker_of(call), account, body.reason, ends_at_ms)
        return _ban_view(ban)

    @operation(
        "DELETE",
        "/channels/{channel}/bans/{account}",
        tag="moderation",
        access=USER,
        scope="channels:write",
        problems=REFUSALS,
    )
    async def delete_viewer_ban(self, call: Call, channel: str, account: str) -> None:
        """Lift a ban."""
        with explained():
            await self._bans.remove(channel, asker_of(call), account)


def _moderator_view(moderator: Moderator) -> ModeratorView:
    return ModeratorView(person=person_view(moderator.person), since=moderator.since_ms)


def _ban_view(ban: ViewerBan) -> ViewerBanView:
    return ViewerBanView(
        person=person_view(ban.person),
        reason=ban.reason,
        since=ban.since_ms,
        ends_at=ban.ends_at_ms,
    )
