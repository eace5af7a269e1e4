"""What a server says of itself at one moment: plain values, in stated units."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["items", "bytes"]
Health = Literal["good", "advice", "warning", "problem"]
Level = Literal["warning", "error"]


@dataclass(frozen=True, slots=True)
class QueueState:
    """One bounded queue. `capacity` is in the same unit as `waiting`; `dropped` counts items.

    Where there are many of one kind (listeners), `waiting` is the longest and `capacity` that of
    each.
    """

    name: str
    waiting: int
    capacity: int
    dropped: int
    unit: Unit = "items"


@dataclass(frozen=True, slots=True)
class ConnectionCount:
    """How many connections of a kind are open."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What only grows, since the process began, and what there is now."""

    cpu_s: float
    in_bytes: int
    out_bytes: int
    memory_bytes: int
    publishers: int
    viewers: int
    shows: int
    connections: int


@dataclass(frozen=True, slots=True)
class LivePublisher:
    """One who is on air. The bytes are those since it began, of media in and of bodies out.

    `codecs`, `fps`, `width` and `height` are None or empty before the first headers.
    """

    channel: str
    publisher_id: int
    encoder: str
    since_ms: int
    in_bytes: int
    out_bytes: int
    viewers: int
    codecs: tuple[str, ...] = ()
    fps: float | None = None
    width: int | None = None
    height: int | None = None
    health: Health | None = None
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GarbageState:
    """What looking for garbage has taken since the process began."""

    collections: int
    pause_s: float
    longest_s: float


@dataclass(frozen=True, slots=True)
class ProcessState:
    """What the system lets the process have, and what it has of it. None where nobody knows."""

    cores: int
    open_files: int | None
    open_files_limit: int


@dataclass(frozen=True, slots=True)
class StorageState:
    """Space on the disk of the data folder, at a moment that is some time ago.

    `database_bytes` is None where the database cannot be asked.
    """

    at_ms: int
    database_bytes: int | None
    data_bytes: int
    free_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """The database as it answered last. `latency_s` is None while it is away."""

    kind: Literal["sqlite", "postgresql"]
    latency_s: float | None
    is_away: bool
    outages: int
