"""ServingCollector: what the HTTP side counts, given Prometheus names when somebody scrapes."""

from collections.abc import Iterable
from math import isinf

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from distribution.connection_table import ConnectionTable
from distribution.live.waiting import BlockedRequests
from distribution.response_counters import ResponseCounters
from packager.live import Publications


class ServingCollector(Collector):
    """Reads the numbers that the serving objects keep anyway; costs nothing between scrapes."""

    def __init__(
        self,
        publications: Publications,
        connections: ConnectionTable,
        blocked: BlockedRequests,
        counters: ResponseCounters,
    ) -> None:
        self._publications = publications
        self._connections = connections
        self._blocked = blocked
        self._counters = counters

    def collect(self) -> Iterable[Metric]:
        """Name everything."""
        yield from self._collect_responses()
        yield from self._collect_live()
        yield from self._collect_connections()

    def _collect_responses(self) -> Iterable[Metric]:
        responses = CounterMetricFamily(
            "rillcast_http_responses",
            "Responses by resource and status.",
            labels=["kind", "status"],
        )
        for kind, status, count in self._counters.responses():
            responses.add_metric([kind.value, str(status)], count)
        yield responses
        body_bytes = CounterMetricFamily(
            "rillcast_http_body_bytes", "Bytes of response bodies by resource.", labels=["kind"]
        )
        for kind, tally in self._counters.tallies.items():
            if tally.body_bytes:
                body_bytes.add_metric([kind.value], tally.body_bytes)
        yield body_bytes
        took = HistogramMetricFamily(
            "rillcast_http_response_seconds",
            "From a request's head to its response's, by resource; not of live media.",
            labels=["kind"],
        )
        for kind, times in self._counters.times.items():
            buckets = [
                ("+Inf" if isinf(bound_s) else str(bound_s), count)
                for bound_s, count in times.buckets()
            ]
            took.add_metric([kind.value], buckets, times.sum_s)
        yield took

    def _collect_live(self) -> Iterable[Metric]:
        publications = self._publications
        yield GaugeMetricFamily(
            "rillcast_live_publications",
            "Publications that are served, ended ones included.",
            value=len(publications),
        )
        yield GaugeMetricFamily(
            "rillcast_live_window_bytes",
            "Media held in memory.",
            value=sum(publication.window_bytes for publication in publications),
        )

    def _collect_connections(self) -> Iterable[Metric]:
        yield GaugeMetricFamily(
            "rillcast_http_connections", "Open connections.", value=len(self._connections)
        )
        yield CounterMetricFamily(
            "rillcast_http_connections_refused",
            "Connections refused by a limit.",
            value=self._connections.refused_count,
        )
        yield CounterMetricFamily(
            "rillcast_http_connections_cut",
            "Connections cut because their peer was too slow.",
            value=self._connections.cut_count,
        )
        yield CounterMetricFamily(
            "rillcast_http_requests_malformed",
            "Requests that could not be read as HTTP.",
            value=self._connections.malformed_count,
        )
        yield GaugeMetricFamily(
            "rillcast_http_blocked_requests",
            "Requests that wait for media: about one per rendition of each low-latency viewer.",
            value=len(self._blocked),
        )
        yield CounterMetricFamily(
            "rillcast_http_blocked_turned_away",
            "Requests refused because too many waited.",
            value=self._blocked.turned_away_count,
        )
        yield CounterMetricFamily(
            "rillcast_http_blocked_timed_out",
            "Requests that waited for media that did not come in time.",
            value=self._blocked.timed_out_count,
        )
