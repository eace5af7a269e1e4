"""What operations need from the server. Light: a server without accounts loads it, too."""

from collections.abc import Callable, Sequence
from typing import Protocol

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
