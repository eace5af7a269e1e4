"""JournalCollector: how well shows are kept on disk, for /metrics."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from packager.journal import LiveFolder


class JournalCollector(Collector):
    """Names what a LiveFolder counts."""

    def __init__(self, folder: LiveFolder) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        """Name the sums."""
        folder = self._folder
        yield GaugeMetricFamily(
            "rillcast_journal_queued_bytes",
            "Media that waits to be written to disk.",
            value=folder.queued_bytes,
        )
        yield CounterMetricFamily(
            "rillcast_journal_dropped_parts",
            "Parts that were not kept because the disk is too slow.",
            value=folder.dropped_count,
        )
        yield CounterMetricFamily(
            "rillcast_journal_failures",
            "Times that the disk began to refuse what there was to keep of a show.",
            value=folder.failure_count,
        )
        yield GaugeMetricFamily(
            "rillcast_journal_refused_shows",
            "Shows that are not kept now, or not their media, because the disk refuses to.",
            value=folder.refused_count,
        )
