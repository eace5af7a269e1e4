"""What analytics needs from the world. Adapters are named in `config` alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from accounts.api.operation import Call
from accounts.storage import Cursor
from analytics.history.figures import BroadcastRecord, Following, TitleAt

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


class BroadcastRecords(Protocol):
    """Reads what broadcasts there were, and what they were called. Raises StorageError."""

    async def on_air(self, from_ms: int, to_ms: int) -> Sequence[BroadcastRecord]:
        """Return all channels' broadcasts that were on air within a time."""
        ...

    async def of_channel(
        self, channel_id: str, from_ms: int, to_ms: int
    ) -> Sequence[BroadcastRecord]:
        """Return a channel's broadcasts that were on air within a time, the oldest first."""
        ...

    async def before(
        self, channel_id: str, cursor: Cursor | None, limit: int
    ) -> Sequence[BroadcastRecord]:
        """Return the newest of a channel that began before (start, id), and one more."""
        ...

    async def titles(self, channel_id: str, from_ms: int, to_ms: int) -> Sequence[TitleAt]:
        """Return what a channel's broadcasts on air within a time were called, the oldest first."""
        ...


class Audience(Protocol):
    """Counts what people did besides watching. Raises StorageError."""

    async def messages_by_minute(self, from_ms: int, to_ms: int) -> Mapping[str, Mapping[int, int]]:
        """Count what was written in rooms, by channel and minute (when it begins)."""
        ...

    async def messages_by_window(self, broadcast_id: str, window_ms: int) -> Mapping[int, int]:
        """Count what was written in a broadcast, by the number of the window since it began."""
        ...

    async def messages_by_second(self, broadcast_id: str, from_ms: int) -> Mapping[int, int]:
        """Count what was written in a broadcast from a place in it on, by second since 1970.

        `from_ms` is since it began.
        """
        ...

    async def following(
        self, channel_id: str, from_ms: int, to_ms: int, step_ms: int
    ) -> Mapping[int, Following]:
        """Count who began to follow and who stopped, by step (when it begins), where any did.

        Who has left is counted by whole minutes: by that in which `from_ms` is, too.
        """
        ...

    async def follower_count(self, channel_id: str) -> int:
        """Count who follows now."""
        ...
