"""What analytics needs from the world. Adapters are named in `config` alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from accounts.api.operation import Call
from analytics.operations.state import (
    ConnectionCount,
    DatabaseState,
    GarbageState,
    LivePublisher,
    ProcessState,
    QueueState,
    StorageState,
    Totals,
)

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


class OperationsState(Protocol):
    """What the server knows of itself at any moment. Nothing here waits, and all of it is cheap."""

    def totals(self) -> Totals:
        """Return what grows, and what there is now."""
        ...

    def process(self) -> tuple[ProcessState, GarbageState]:
        """Return what the process may have, and what garbage has cost it."""
        ...

    def queues(self) -> Sequence[QueueState]:
        """Return every bounded queue, and what was dropped for want of room."""
        ...

    def connections(self) -> Sequence[ConnectionCount]:
        """Count open connections by kind."""
        ...

    def publishers(self) -> Sequence[LivePublisher]:
        """Return all who are on air in this process."""
        ...


class OperationsProbe(Protocol):
    """Asks what cannot be known without waiting. Raises nothing."""

    async def ask_database(self) -> DatabaseState | None:
        """Time a small question; None where there is no database."""
        ...

    async def measure_storage(self) -> StorageState | None:
        """Measure the data folder and its disk; None where the disk does not answer."""
        ...
