"""ViewersCollector: what is known of counting viewers, for /metrics."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from analytics.viewers.ledger import Ledger
from analytics.viewers.scribe import ViewerScribe


class ViewersCollector(Collector):
    """Reads the numbers that are kept anyway."""

    def __init__(self, ledger: Ledger, scribe: ViewerScribe) -> None:
        self._ledger = ledger
        self._scribe = scribe

    def collect(self) -> Iterable[Metric]:
        """Name everything."""
        ledger, scribe = self._ledger, self._scribe
        for name, text, value in (
            ("viewers", "Viewers of all channels.", ledger.viewer_count),
            ("viewer_sessions", "Sessions known, of viewers and who may become one.", len(ledger)),
            ("viewer_spells_waiting", "Rows that wait for the database.", len(scribe)),
        ):
            yield GaugeMetricFamily(f"rillcast_{name}", text, value=value)
        for name, text, value in (
            (
                "viewer_sessions_overflowed",
                "Requests of players that were not counted since there were too many sessions.",
                ledger.overflow_count,
            ),
            (
                "viewer_sessions_crowded",
                "Requests of players that were not counted since their address had too many.",
                ledger.crowded_count,
            ),
            ("viewer_robot_requests", "Requests for playlists by robots.", ledger.robot_count),
            ("viewer_spells_written", "Rows written.", scribe.written_count),
            ("viewer_spells_dropped", "Rows dropped for want of room.", scribe.dropped_count),
        ):
            yield CounterMetricFamily(f"rillcast_{name}", text, value=value)
