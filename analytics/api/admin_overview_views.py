"""What /admin/overview and /admin/publishers answer with."""

from typing import Literal

from pydantic import Field

from accounts.api.model import ApiModel, PageQuery, UtcTime
from analytics.operations.publisher_page import Sort
from analytics.operations.publisher_rates import PublisherFigures
from analytics.operations.samples import Sample
from analytics.operations.state import Health, Level, QueueState, Unit


class ProcessView(ApiModel):
    """The process. `cpuCores` is processor time by time over ten seconds: 1.0 is a whole core."""

    cpu_cores: float | None = Field(description="Null in the first ten seconds.")
    cores: int = Field(description="How many there are.")
    memory_bytes: int
    open_files: int | None
    open_files_limit: int


class LoopView(ApiModel):
    """How late the event loop did what was due, over the last minute."""

    p50_ms: float
    p99_ms: float
    max_ms: float


class GarbageView(ApiModel):
    """How long looking for garbage has held everybody up, since the start."""

    collections: int
    pause_ms: float
    longest_ms: float


class ConnectionView(ApiModel):
    """Open connections of one kind."""

    kind: str
    count: int


class QueueView(ApiModel):
    """A bounded queue; `dropped` counts items since the start."""

    name: str
    unit: Unit
    waiting: int
    capacity: int
    dropped: int


class StorageView(ApiModel):
    """Space, measured about once a minute."""

    at: UtcTime
    database_bytes: int | None
    data_bytes: int = Field(description="All files of the data folder.")
    free_bytes: int
    total_bytes: int


class DatabaseView(ApiModel):
    """The database, asked every ten seconds."""

    kind: Literal["sqlite", "postgresql"]
    latency_ms: float | None = Field(description="Null while it is away.")
    is_away: bool
    outages: int = Field(description="Since the start.")


class ErrorView(ApiModel):
    """What went wrong in the last hour: lines of the log of one kind, without their values."""

    kind: str
    level: Level
    count: int
    last_at: UtcTime


class ChannelViewers(ApiModel):
    """A channel and how many watch it."""

    channel: str
    viewers: int


class SampleView(ApiModel):
    """The ten seconds before `at`."""

    at: UtcTime
    cpu_cores: float
    memory_bytes: int
    lag_p99_ms: float
    lag_max_ms: float
    in_bps: int
    out_bps: int
    publishers: int
    viewers: int
    connections: int
    fullest_queue: float = Field(description="How full the fullest queue is, from 0 to 1.")
    database_ms: float | None


class OverviewView(ApiModel):
    """The server now, and over the last hour."""

    at: UtcTime
    version: str
    started_at: UtcTime
    uptime_s: int
    process: ProcessView
    loop: LoopView
    garbage: GarbageView
    publishers: int
    viewers: int
    shows: int
    in_bps: int = Field(description="Media from encoders, over ten seconds.")
    out_bps: int = Field(description="Bodies of responses, over ten seconds.")
    connections: tuple[ConnectionView, ...]
    queues: tuple[QueueView, ...]
    storage: StorageView | None
    database: DatabaseView | None
    errors: tuple[ErrorView, ...] = Field(description="Errors first, the most frequent first.")
    top_channels: tuple[ChannelViewers, ...]
    sample_interval_s: int
    samples: tuple[SampleView, ...] = Field(description="The last hour, the oldest first.")


class PublisherQuery(PageQuery):
    """Which page, in which order: the most, the newest, or the first of the alphabet first."""

    sort: Sort = "viewers"


class PublisherView(ApiModel):
    """One who is on air. Rates are of the last ten seconds."""

    channel: str
    encoder: str = Field(description="As it names itself.")
    since: UtcTime
    in_bps: int
    out_bps: int
    viewers: int
    codecs: tuple[str, ...]
    fps: float | None
    width: int | None
    height: int | None
    health: Health | None = Field(description="Null where nothing has been judged yet.")
    findings: tuple[str, ...] = Field(description="What is wrong, as codes.")


def queue_view(queue: QueueState) -> QueueView:
    """Show a queue."""
    return QueueView(
        name=queue.name,
        unit=queue.unit,
        waiting=queue.waiting,
        capacity=queue.capacity,
        dropped=queue.dropped,
    )


def sample_view(sample: Sample) -> SampleView:
    """Show a sample."""
    return SampleView(
        at=sample.at_ms,
        cpu_cores=round(sample.cpu_cores, 3),
        memory_bytes=sample.memory_bytes,
        lag_p99_ms=ms(sample.lag_p99_s),
        lag_max_ms=ms(sample.lag_max_s),
        in_bps=sample.in_bps,
        out_bps=sample.out_bps,
        publishers=sample.publishers,
        viewers=sample.viewers,
        connections=sample.connections,
        fullest_queue=round(sample.fullest_queue, 4),
        database_ms=None if sample.database_s is None else ms(sample.database_s),
    )


def publisher_view(figures: PublisherFigures) -> PublisherView:
    """Show a publisher with its rates."""
    publisher = figures.publisher
    return PublisherView(
        channel=publisher.channel,
        encoder=publisher.encoder,
        since=publisher.since_ms,
        in_bps=figures.in_bps,
        out_bps=figures.out_bps,
        viewers=publisher.viewers,
        codecs=publisher.codecs,
        fps=publisher.fps,
        width=publisher.width,
        height=publisher.height,
        health=publisher.health,
        findings=publisher.findings,
    )


def ms(seconds: float) -> float:
    """Show seconds as milliseconds."""
    return round(seconds * 1000, 3)
