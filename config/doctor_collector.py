"""DoctorCollector: how many publishers are examined, and what is found, for /metrics."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from analytics.doctor.desk import DoctorDesk


class DoctorCollector(Collector):
    """Reads the numbers that are kept anyway. Codes are those of the doctor's texts, no others."""

    def __init__(self, desk: DoctorDesk) -> None:
        self._desk = desk

    def collect(self) -> Iterable[Metric]:
        """Name everything."""
        examined, found = self._desk.counts()
        yield GaugeMetricFamily(
            "rillcast_ingest_examined_publishers",
            "Publishers whose media is measured.",
            value=examined,
        )
        family = GaugeMetricFamily(
            "rillcast_ingest_findings",
            "Publishers in whose media a finding holds now.",
            labels=["code", "severity"],
        )
        for (code, severity), count in sorted(found.items(), key=lambda item: item[0][0]):
            family.add_metric([code, severity.value], count)
        yield family
        yield CounterMetricFamily(
            "rillcast_ingest_reports_written",
            "Reports of broadcasts written down.",
            value=self._desk.written_count,
        )
        yield CounterMetricFamily(
            "rillcast_ingest_measurements_dropped",
            "Measurements that found no room in the queue.",
            value=self._desk.dropped_count,
        )
