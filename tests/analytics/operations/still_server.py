"""A server that says of itself what a test wants it to say."""

from collections.abc import Sequence
from dataclasses import replace

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
from analytics.operations.watch import OperationsWatch

AT_MS = 1_800_000_000_000
TOTALS = Totals(
    cpu_s=1.0,
    in_bytes=0,
    out_bytes=0,
    memory_bytes=100_000_000,
    publishers=0,
    viewers=0,
    shows=0,
    connections=3,
)


class StillServer:
    """Implements OperationsState and OperationsProbe; its fields are what it answers."""

    def __init__(self) -> None:
        self.now_ms = AT_MS
        self.now_s = 0.0
        self.all = TOTALS
        self.on_air: list[LivePublisher] = []
        self.waiting: list[QueueState] = []
        self.database: DatabaseState | None = DatabaseState("sqlite", 0.001, False, 0)
        self.looks = 0

    def totals(self) -> Totals:
        return self.all

    def process(self) -> tuple[ProcessState, GarbageState]:
        return ProcessState(2, 40, 1024), GarbageState(3, 0.02, 0.009)

    def queues(self) -> Sequence[QueueState]:
        return self.waiting

    def connections(self) -> Sequence[ConnectionCount]:
        return (ConnectionCount("http", 3),)

    def publishers(self) -> Sequence[LivePublisher]:
        return self.on_air

    async def ask_database(self) -> DatabaseState | None:
        return self.database

    async def measure_storage(self) -> StorageState | None:
        self.looks += 1
        return StorageState(self.now_ms, 1_000, 2_000, 3_000, 4_000)

    def pass_time(self, seconds: float, **grown: int) -> None:
        """Let time pass, and what only grows grow."""
        self.now_ms += round(seconds * 1000)
        self.now_s += seconds
        more = {name: getattr(self.all, name) + count for name, count in grown.items()}
        self.all = replace(self.all, cpu_s=self.all.cpu_s + seconds / 2, **more)


def watch_of(server: StillServer) -> OperationsWatch:
    """Watch it by its own clocks."""
    return OperationsWatch(server, server, lambda: server.now_ms, lambda: server.now_s)


def still_watch() -> OperationsWatch:
    """Watch a server where nothing happens, by the clock that goes on."""
    server = StillServer()
    return OperationsWatch(server, server, lambda: server.now_ms)


def publisher(channel: str, publisher_id: int = 1, **figures: int) -> LivePublisher:
    """Be on air."""
    return LivePublisher(
        channel=channel,
        publisher_id=publisher_id,
        encoder="OBS",
        since_ms=figures.get("since_ms", AT_MS),
        in_bytes=figures.get("in_bytes", 0),
        out_bytes=figures.get("out_bytes", 0),
        viewers=figures.get("viewers", 0),
    )
