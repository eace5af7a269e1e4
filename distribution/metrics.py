"""/metrics: the numbers of this server, in the text format of Prometheus."""

from collections.abc import Sequence

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from distribution import caching
from distribution.metrics_leave import MetricsLeave
from distribution.response import FixedResponse, plain_text


class MetricsPage:
    """Serves a registry of its own, so that two servers of one process do not mix."""

    def __init__(self, collectors: Sequence[Collector], leave: MetricsLeave) -> None:
        self._leave = leave
        self._registry = CollectorRegistry(auto_describe=False)
        for collector in collectors:
            self._registry.register(collector)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Answer a scrape, if it is the operator's."""
        if not self._leave.is_given(request.remote, request.headers):
            return plain_text(
                403,
                "metrics are for this machine; see http.metrics_addresses and http.metrics_token",
                cache_control=caching.NEVER,
            )
        body = generate_latest(self._registry)
        return FixedResponse(
            200,
            b"Content-Type: %b\r\nCache-Control: %b\r\nX-Content-Type-Options: nosniff\r\n"
            % (CONTENT_TYPE_PLAIN_0_0_4.encode(), caching.NEVER),
            (body,),
            len(body),
        )
