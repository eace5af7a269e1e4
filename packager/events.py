"""Facts that the packager tells whoever listens (notify, analytics, the log)."""

from collections.abc import Callable
from dataclasses import dataclass

from ingest.media import PublisherWarning


@dataclass(frozen=True, slots=True)
class BroadcastStarted:
    """A channel has its first complete segment: it can be watched from now on."""

    channel: str
    epoch: str
    started_unix_ms: int


@dataclass(frozen=True, slots=True)
class BroadcastInterrupted:
    """The publisher went away; the show goes on if one comes back within the grace time.

    `stopped` says that the encoder said goodbye.
    """

    channel: str
    epoch: str
    stopped: bool


@dataclass(frozen=True, slots=True)
class BroadcastResumed:
    """A publisher came back in time; players go on without a new address."""

    channel: str
    epoch: str


@dataclass(frozen=True, slots=True)
class BroadcastRecovered:
    """The server has started anew and found the show, which waits for its publisher.

    `away_s` is how long ago the publisher was lost.
    """

    channel: str
    epoch: str
    away_s: float


@dataclass(frozen=True, slots=True)
class BroadcastEnded:
    """Nobody came back: the playlists have ended."""

    channel: str
    epoch: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class BroadcastWarned:
    """The packager saw something that the streamer could mend."""

    channel: str
    warning: PublisherWarning


PackagerEvent = (
    BroadcastStarted
    | BroadcastInterrupted
    | BroadcastResumed
    | BroadcastRecovered
    | BroadcastEnded
    | BroadcastWarned
)
Emit = Callable[[PackagerEvent], None]
