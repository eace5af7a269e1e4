"""What analytics needs from the world. Adapters are named in `config` alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from accounts.api.operation import Call

Clock = Callable[[], int]
"""Reads the wall clock, in milliseconds since 1970 (UTC)."""


@dataclass(frozen=True, slots=True)
class ChannelPlace:
    """A channel, by the id that rows hold and by the name that people see."""

    channel_id: str
    name: str


@dataclass(frozen=True, slots=True)
class BroadcastPlace:
    """A broadcast and its channel. Times are in milliseconds since 1970; None: it goes on."""

    broadcast_id: str
    channel: ChannelPlace
    started_ms: int
    ended_ms: int | None


class FiguresAccess(Protocol):
    """Says who may read a channel's figures, and who may change what belongs to them.

    All raise ProblemError: "not found" for what the caller may not know of, "forbidden" else.
    """

    async def readable_channel(self, call: Call, name: str) -> ChannelPlace:
        """Return a channel whose owner, moderator or administrator asks."""
        ...

    async def owned_channel(self, call: Call, name: str) -> ChannelPlace:
        """Return a channel whose owner or administrator asks."""
        ...

    async def readable_broadcast(self, call: Call, broadcast_id: str) -> BroadcastPlace:
        """Return a broadcast of a channel whose owner, moderator or administrator asks."""
        ...


class LiveIds(Protocol):
    """Knows the ids of what is live in this process."""

    def channel_id(self, channel: str) -> str | None:
        """Return the id of a channel that is, or was lately, on air here."""
        ...

    def broadcast_id(self, channel: str) -> str | None:
        """Return the id of the broadcast that the channel has now, if any."""
        ...
