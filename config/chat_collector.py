"""ChatCollector: what is said in rooms, given Prometheus names when it is scraped."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from accounts.chat.scribe import Scribe


class ChatCollector(Collector):
    """Reads the numbers that the scribe keeps anyway."""

    def __init__(self, scribe: Scribe) -> None:
        self._scribe = scribe

    def collect(self) -> Iterable[Metric]:
        """Name everything."""
        scribe = self._scribe
        text = "Messages that wait to be written."
        yield GaugeMetricFamily("rillcast_chat_waiting", text, value=len(scribe))
        for name, text, value in (
            ("messages", "Messages written.", scribe.written_count),
            ("batches", "Transactions that wrote them.", scribe.batch_count),
            ("refused", "Messages for which there was no room to wait.", scribe.refused_count),
        ):
            yield CounterMetricFamily(f"rillcast_chat_{name}", text, value=value)
