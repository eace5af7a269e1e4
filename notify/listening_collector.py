"""ListeningCollector: what is told and who listens, given Prometheus names when it is scraped."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from notify.audience import Audience
from notify.bus import Bus
from notify.limits import ConnectionLimits


class ListeningCollector(Collector):
    """Reads the numbers that the objects keep anyway."""

    def __init__(self, bus: Bus, audience: Audience, limits: ConnectionLimits) -> None:
        self._bus = bus
        self._audience = audience
        self._limits = limits

    def collect(self) -> Iterable[Metric]:
        """Name everything."""
        bus, limits = self._bus, self._limits
        for name, text, value in (
            ("listeners", "WebSockets and event streams open.", len(self._audience)),
            ("topic_keys", "Topics that somebody listens to.", bus.key_count),
        ):
            yield GaugeMetricFamily(f"rillcast_notify_{name}", text, value=value)
        for name, text, value in (
            ("events", "Events told.", bus.published_count),
            ("deliveries", "Events given to a listener's queue.", bus.delivered_count),
            ("dropped", "Events for which a listener's queue had no room.", bus.dropped_count),
            ("refused", "Connections that were one too many.", limits.refused_count),
        ):
            yield CounterMetricFamily(f"rillcast_notify_{name}", text, value=value)
