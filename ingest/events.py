"""Facts that ingest tells whoever listens (notify, analytics, the log). Never a key or a query."""

from collections.abc import Callable
from dataclasses import dataclass

from ingest.media import PublisherWarning
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


IngestEvent = PublisherStarted | PublisherEnded | PublisherRefused | PublisherWarned
Emit = Callable[[IngestEvent], None]
