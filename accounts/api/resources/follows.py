"""Follows: /channels/{channel}/follow, /channels/{channel}/followers, /me/following."""

from pydantic import Field

from accounts.api.model import ApiModel, Listing, PageQuery, UtcTime
from accounts.api.operation import USER, Call, operation
from accounts.api.problem import NOT_FOUND
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
from accounts.channels.follows import Follow, FollowedChannel, Follower, Follows, Level


class FollowFields(ApiModel):
    """How much of a channel somebody wants to hear of."""

    notifications: Level = Level.LIVE


class FollowView(ApiModel):
    """The caller follows a channel."""

    notifications: Level
    since: UtcTime


class FollowedChannelView(FollowView):
    """A channel that the caller follows."""

    channel: ChannelCard


class FollowerView(ApiModel):
    """Somebody who follows a channel."""

    person: PersonView
    since: UtcTime


class FollowingQuery(PageQuery):
    """Which of the channels followed."""

    live: bool = Field(False, description="Those alone that are live now.")


class FollowsResource:
    """Follows and unfollows."""

    def __init__(self, follows: Follows) -> None:
        self._follows = follows

    @operation(
        "GET",
        "/channels/{channel}/follow",
        tag="follows",
        access=USER,
        scope="follows:read",
        problems=REFUSALS,
    )
    async def get_follow(self, call: Call, channel: str) -> FollowView:
        """Show how the caller follows a channel; 404 if not at all."""
        with explained():
            follow = await self._follows.get(channel, asker_of(call))
        if follow is None:
            raise NOT_FOUND.because("You do not follow this channel.")
        return _view(follow)

    @operation(
        "PUT",
        "/channels/{channel}/follow",
        tag="follows",
        access=USER,
        scope="follows:write",
        problems=WRITE_REFUSALS,
    )
    async def put_follow(self, call: Call, channel: str, body: FollowFields) -> FollowView:
        """Follow a channel, or want to hear of more or less of it.

        What is sent is all that there is, and may be sent again: so it takes no If-Match, and who
        follows on one device is not refused since another did.
        """
        with explained():
            follow, _ = await self._follows.put(channel, asker_of(call), body.notifications)
        return _view(follow)

    @operation(
        "DELETE",
        "/channels/{channel}/follow",
        tag="follows",
        access=USER,
        scope="follows:write",
        problems=REFUSALS,
    )
    async def delete_follow(self, call: Call, channel: str) -> None:
        """Unfollow a channel. Leave to watch that came with following ends."""
        with explained():
            await self._follows.remove(channel, asker_of(call))

    @operation(
        "GET",
        "/channels/{channel}/followers",
        tag="follows",
        access=USER,
        scope="channels:read",
        problems=REFUSALS,
    )
    async def list_followers(
        self, call: Call, channel: str, query: PageQuery
    ) -> Listing[FollowerView]:
        """List who follows a channel, the newest first; for its owner and moderators."""
        cursor = read_cursor(query, int, str)
        with explained():
            page = await self._follows.followers(channel, asker_of(call), cursor, query.limit)
        return Listing[FollowerView].of(page, _follower_view)

    @operation("GET", "/me/following", tag="follows", access=USER, scope="follows:read")
    async def list_following(
        self, call: Call, query: FollowingQuery
    ) -> Listing[FollowedChannelView]:
        """List the channels that the caller follows, the newest follow first."""
        cursor = read_cursor(query, int, str)
        page = await self._follows.following(
            asker_of(call), cursor, query.limit, live_only=query.live
        )
        return Listing[FollowedChannelView].of(page, _followed_view)


def _view(follow: Follow) -> FollowView:
    return FollowView(notifications=follow.level, since=follow.since_ms)


def _follower_view(follower: Follower) -> FollowerView:
    return FollowerView(person=person_view(follower.person), since=follower.since_ms)


def _followed_view(followed: FollowedChannel) -> FollowedChannelView:
    return FollowedChannelView(
        notifications=followed.follow.level,
        since=followed.follow.since_ms,
        channel=channel_card(followed.channel),
    )
