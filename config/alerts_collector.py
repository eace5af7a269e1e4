"""AlertsCollector: what was stored for followers and sent elsewhere, for /metrics."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector


class AlertsCollector(Collector):
    """Reads the numbers that are kept anyway.

    `outcomes` are those of attempts, by what was attempted: `push`, `alert_mail`, `webhook`.
    """

    def __init__(
        self, stored_count: Callable[[], int], outcomes: Mapping[str, Counter[str]]
    ) -> None:
        self._stored_count = stored_count
        self._outcomes = outcomes

    def collect(self) -> Iterable[Metric]:
        """Name everything."""
        yield CounterMetricFamily(
            "rillcast_notifications_stored",
            "Notifications written for followers, by this process.",
            value=self._stored_count(),
        )
        for what, outcomes in self._outcomes.items():
            family = CounterMetricFamily(
                f"rillcast_{what}_attempts",
                f"Attempts at a {what.replace('_', ' ')}, by how they went.",
                labels=["outcome"],
            )
            for outcome, count in sorted(outcomes.items()):
                family.add_metric([outcome], count)
            yield family
