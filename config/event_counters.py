"""EventCounters: what happened to publishers and shows, for /metrics."""

from collections import Counter
from collections.abc import Callable, Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ingest.events import (
    IngestEvent,
    PublisherEnded,
    PublisherRefused,
    PublisherStarted,
    PublisherWarned,
)
from packager.events import BroadcastEnded, BroadcastStarted, BroadcastWarned, PackagerEvent


class EventCounters(Collector):
    """Counts events as they come; names the sums when somebody scrapes."""

    def __init__(self, connection_count: Callable[[], int]) -> None:
        self._connection_count = connection_count
        self._publishers = 0
        self._started = 0
        self._samples = self._payload_bytes = 0
        self._ended: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._warned: Counter[str] = Counter()
        self._shows_started = self._shows_ended = 0

    @property
    def publisher_count(self) -> int:
        """Count the publishers on air."""
        return self._publishers

    @property
    def ended_payload_bytes(self) -> int:
        """Count the bytes of media of publishers that have left."""
        return self._payload_bytes

    def note_ingest(self, event: IngestEvent) -> None:
        """Count what happened to a publisher."""
        match event:
            case PublisherStarted():
                self._started += 1
                self._publishers += 1
            case PublisherEnded():
                self._publishers -= 1
                self._ended[event.reason.value] += 1
                self._samples += event.sample_count
                self._payload_bytes += event.payload_bytes
            case PublisherRefused():
                self._refused[event.code.value] += 1
            case PublisherWarned():
                self._warned[event.warning.code.value] += 1

    def note_packager(self, event: PackagerEvent) -> None:
        """Count what happened to a show."""
        match event:
            case BroadcastStarted():
                self._shows_started += 1
            case BroadcastEnded():
                self._shows_ended += 1
            case BroadcastWarned():
                self._warned[event.warning.code.value] += 1
            case _:
                pass  # interruptions show as ended publishers

    def collect(self) -> Iterable[Metric]:
        """Name the sums."""
        yield _gauge("rillcast_publishers", "Publishers on air.", self._publishers)
        yield _gauge(
            "rillcast_rtmp_connections", "RTMP connections open.", self._connection_count()
        )
        yield _counter("rillcast_publishers_started", "Publishers let in.", self._started)
        yield _labelled("rillcast_publishers_ended", "Publishers that left.", "reason", self._ended)
        yield _labelled(
            "rillcast_publishers_refused", "Attempts turned away.", "code", self._refused
        )
        yield _labelled(
            "rillcast_publisher_warnings", "Flaws seen in publishers' media.", "code", self._warned
        )
        yield _counter(
            "rillcast_ended_publisher_samples", "Samples of publishers that left.", self._samples
        )
        yield _counter(
            "rillcast_ended_publisher_bytes",
            "Bytes of samples of publishers that left.",
            self._payload_bytes,
        )
        yield _counter("rillcast_shows_started", "Shows that went live.", self._shows_started)
        yield _counter("rillcast_shows_ended", "Shows that ended.", self._shows_ended)


def _gauge(name: str, documentation: str, value: int) -> Metric:
    return GaugeMetricFamily(name, documentation, value=value)


def _counter(name: str, documentation: str, value: int) -> Metric:
    return CounterMetricFamily(name, documentation, value=value)


def _labelled(name: str, documentation: str, label: str, values: Counter[str]) -> Metric:
    family = CounterMetricFamily(name, documentation, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([value], count)
    return family
