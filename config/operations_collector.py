"""OperationsCollector: what is watched of the process and the server, for /metrics."""

from collections.abc import Iterable
from math import isinf

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from analytics.operations.state import QueueState, StorageState
from analytics.operations.watch import OperationsWatch


class OperationsCollector(Collector):
    """Reads what the watch keeps anyway. No label but those of a fixed few values.

    `counts_viewers`: nobody else does, who would know better.
    """

    def __init__(self, watch: OperationsWatch, version: str) -> None:
        self._watch = watch
        self._version = version
        self.counts_viewers = True

    def collect(self) -> Iterable[Metric]:
        """Name everything."""
        yield InfoMetricFamily("rillcast_build", "This program.", value={"version": self._version})
        yield _gauge(
            "rillcast_start_time_seconds",
            "When the process began, in seconds since 1970.",
            self._watch.started_ms / 1000,
        )
        yield from self._collect_process()
        yield from self._collect_lag()
        yield from _of_queues(self._watch.state.queues())
        yield from self._collect_database()
        if self._watch.storage is not None:
            yield from _of_storage(self._watch.storage)
        errors = CounterMetricFamily(
            "rillcast_log_lines", "Lines of the log that say what is wrong.", labels=["level"]
        )
        for level, count in self._watch.errors.totals.items():
            errors.add_metric([level], count)
        yield errors

    def _collect_process(self) -> Iterable[Metric]:
        totals, (process, _) = self._watch.state.totals(), self._watch.state.process()
        yield _counter(
            "rillcast_process_cpu_seconds", "Processor time, of all threads.", totals.cpu_s
        )
        yield _gauge("rillcast_process_memory_bytes", "Memory in use.", totals.memory_bytes)
        yield _gauge(
            "rillcast_process_open_files_limit",
            "How many files, and so connections, the system allows.",
            process.open_files_limit,
        )
        if process.open_files is not None:
            yield _gauge("rillcast_process_open_files", "Open files.", process.open_files)
        if self.counts_viewers:
            yield _gauge("rillcast_viewers", "Viewers of all channels.", totals.viewers)
        yield _counter("rillcast_ingest_payload_bytes", "Media from publishers.", totals.in_bytes)

    def _collect_lag(self) -> Iterable[Metric]:
        lag = self._watch.lag
        buckets = [
            ("+Inf" if isinf(bound) else str(bound), count) for bound, count in lag.buckets()
        ]
        family = HistogramMetricFamily(
            "rillcast_event_loop_lag_seconds",
            "How late the event loop did what was due, twenty times a second.",
        )
        family.add_metric([], buckets, lag.sum_s)
        yield family

    def _collect_database(self) -> Iterable[Metric]:
        database = self._watch.database
        if database is None:
            return
        yield _gauge("rillcast_database_up", "1 while it answers.", int(not database.is_away))
        yield _counter("rillcast_database_outages", "Times that it went away.", database.outages)
        if database.latency_s is not None:
            yield _gauge(
                "rillcast_database_latency_seconds",
                "How long a small question took last.",
                database.latency_s,
            )


def _of_queues(queues: Iterable[QueueState]) -> Iterable[Metric]:
    labels = ["queue"]
    waiting = GaugeMetricFamily(
        "rillcast_queue_waiting", "What waits, by queue, in its unit.", labels=labels
    )
    capacity = GaugeMetricFamily(
        "rillcast_queue_capacity", "What may wait, in the same unit.", labels=labels
    )
    dropped = CounterMetricFamily(
        "rillcast_queue_dropped", "Items for which there was no room.", labels=labels
    )
    for queue in queues:
        waiting.add_metric([queue.name], queue.waiting)
        capacity.add_metric([queue.name], queue.capacity)
        dropped.add_metric([queue.name], queue.dropped)
    return waiting, capacity, dropped


def _of_storage(storage: StorageState) -> Iterable[Metric]:
    yield _gauge("rillcast_storage_free_bytes", "Free on the disk of the data.", storage.free_bytes)
    yield _gauge("rillcast_storage_total_bytes", "How large that disk is.", storage.total_bytes)
    yield _gauge("rillcast_storage_data_bytes", "Files of the data folder.", storage.data_bytes)
    if storage.database_bytes is not None:
        yield _gauge(
            "rillcast_storage_database_bytes", "How large the database is.", storage.database_bytes
        )


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(name, documentation, value=value)


def _counter(name: str, documentation: str, value: float) -> Metric:
    return CounterMetricFamily(name, documentation, value=value)
