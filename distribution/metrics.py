"""/metrics in Prometheus text: plain integers per response, named only when somebody scrapes."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import Enum

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from distribution import caching
from distribution.response import FixedResponse


class ResourceKind(Enum):
    """What a viewer asked for, as far as counting goes."""

    MULTIVARIANT = "multivariant"
    PLAYLIST = "playlist"
    INIT = "init"
    PART = "part"
    SEGMENT = "segment"
    OTHER_LIVE = "other-live"
    API = "api"
    PAGE = "page"


class ResponseCounters:
    """How many responses of each kind and status were handed to their connections, and how large.

    `body_bytes` counts bodies as begun: a reader who leaves early has not got all of them.
    """

    def __init__(self) -> None:
        self.responses: Counter[tuple[ResourceKind, int]] = Counter()
        self.body_bytes: Counter[ResourceKind] = Counter()

    def count(self, kind: ResourceKind, status: int, body_bytes: int) -> None:
        """Note one response."""
        self.responses[kind, status] += 1
        self.body_bytes[kind] += body_bytes


class ResponseCollector(Collector):
    """Reads ResponseCounters when somebody scrapes."""

    def __init__(self, counters: ResponseCounters) -> None:
        self._counters = counters

    def collect(self) -> Iterable[Metric]:
        """Name what was counted."""
        responses = CounterMetricFamily(
            "rillcast_http_responses",
            "Responses by resource and status.",
            labels=["kind", "status"],
        )
        for (kind, status), count in sorted(
            self._counters.responses.items(), key=lambda item: (item[0][0].value, item[0][1])
        ):
            responses.add_metric([kind.value, str(status)], count)
        yield responses
        body_bytes = CounterMetricFamily(
            "rillcast_http_body_bytes", "Bytes of response bodies by resource.", labels=["kind"]
        )
        for kind, count in self._counters.body_bytes.items():
            body_bytes.add_metric([kind.value], count)
        yield body_bytes


class ReadingCollector(Collector):
    """One number that somebody else keeps, read when somebody scrapes."""

    def __init__(
        self,
        family: type[CounterMetricFamily] | type[GaugeMetricFamily],
        name: str,
        documentation: str,
        read: Callable[[], int],
    ) -> None:
        self._family = family
        self._name = name
        self._documentation = documentation
        self._read = read

    def collect(self) -> Iterable[Metric]:
        """Read the number."""
        yield self._family(self._name, self._documentation, value=self._read())


class MetricsPage:
    """Serves its own registry: what this server counts, and what it was given besides."""

    def __init__(self, collectors: Sequence[Collector]) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        for collector in collectors:
            self._registry.register(collector)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Answer a scrape."""
        body = generate_latest(self._registry)
        return FixedResponse(
            200,
            b"Content-Type: %b\r\nCache-Control: %b\r\nX-Content-Type-Options: nosniff\r\n"
            % (CONTENT_TYPE_PLAIN_0_0_4.encode(), caching.NEVER),
            () if request.method == "HEAD" else (body,),
            len(body),
        )
