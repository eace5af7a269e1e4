"""FiguresAccess: who may read a channel's figures, by what the channel side knows of the caller."""

from accounts.api.operation import Call
from accounts.api.resources.channel_problems import asker_of, explained
from accounts.channels.broadcasts import Broadcasts
from accounts.channels.context import ChannelsContext
from accounts.channels.sight import Sight, look_at_channel
from analytics.ports import BroadcastPlace, ChannelPlace


class ChannelFiguresAccess:
    """Looks at the channel for each call, as every operation on a channel does."""

    def __init__(self, context: ChannelsContext) -> None:
        self._context = context
        self._broadcasts = Broadcasts(context)

    async def readable_channel(self, call: Call, name: str) -> ChannelPlace:
        """Return a channel whose owner, moderator or administrator asks. Raises ProblemError."""
        with explained():
            return _place_of((await self._sight(call, name)).require_moderator())

    async def owned_channel(self, call: Call, name: str) -> ChannelPlace:
        """Return a channel whose owner or administrator asks. Raises ProblemError."""
        with explained():
            return _place_of((await self._sight(call, name)).require_owner())

    async def readable_broadcast(self, call: Call, broadcast_id: str) -> BroadcastPlace:
        """Return a broadcast of a channel that is readable. Raises ProblemError."""
        with explained():
            broadcast, sight = await self._broadcasts.get(broadcast_id, asker_of(call))
            return BroadcastPlace(
                broadcast.id,
                _place_of(sight.require_moderator()),
                broadcast.started_at_ms,
                broadcast.ended_at_ms,
            )

    async def _sight(self, call: Call, name: str) -> Sight:
        context = self._context
        return await look_at_channel(context.database, name, asker_of(call), context.clock())


def _place_of(sight: Sight) -> ChannelPlace:
    return ChannelPlace(sight.channel.id, sight.channel.name)
