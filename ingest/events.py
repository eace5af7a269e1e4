"""Facts that ingest tells whoever listens (notify, analytics, the log). Never a key or a query."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.media import (
    Discontinuity,
    PublisherWarning,
    TrackEnded,
    TracksAnnounced,
    TrackStarted,
)
from ingest.ports import EndReason, RefusalCode


@dataclass(frozen=True, slots=True)
class PublisherStarted:
    """A publisher was let in and its media begins. `publisher_id` is unique within the process."""

    publisher_id: int
    channel: str
    encoder: str
    remote_host: str


@dataclass(frozen=True, slots=True)
class PublisherEnded:
    """A publisher's media ended; `sample_count` and `payload_bytes` sum up what came."""

    publisher_id: int
    channel: str
    reason: EndReason
    duration_s: float
    sample_count: int
    payload_bytes: int


@dataclass(frozen=True, slots=True)
class PublisherRefused:
    """An attempt to publish was turned away."""

    code: RefusalCode
    remote_host: str


@dataclass(frozen=True, slots=True)
class PublisherWarned:
    """Something that the streamer could mend was seen in the media."""

    publisher_id: int
    channel: str
    warning: PublisherWarning


SampleMeasure = tuple[str, int, int, bool, int]
"""Of one sample: track, dts and pts in ticks, whether it is a sync sample, bytes of payload."""


@dataclass(frozen=True, slots=True)
class MediaStretch:
    """What one read of a publisher's socket brought: `samples`, after `changes`.

    `read_at_s` is when, on a monotonic clock: each sample had come then, and the next had not.
    """

    read_at_s: float
    changes: tuple[TrackStarted | TrackEnded | TracksAnnounced | Discontinuity, ...]
    samples: Sequence[SampleMeasure]


@dataclass(frozen=True, slots=True)
class MediaMeasured:
    """What a publisher's media was like for about a second, in the order in which it came."""

    publisher_id: int
    channel: str
    stretches: Sequence[MediaStretch]


IngestEvent = PublisherStarted | PublisherEnded | PublisherRefused | PublisherWarned | MediaMeasured
Emit = Callable[[IngestEvent], None]
