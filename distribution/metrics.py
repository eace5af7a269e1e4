"""/metrics: the numbers of this server, in the text format of Prometheus."""

from collections.abc import Sequence

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from distribution import caching
from distribution.response import FixedResponse


class MetricsPage:
    """Serves a registry of its own, so that two servers of one process do not mix."""

    def __init__(self, collectors: Sequence[Collector]) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        for collector in collectors:
            self._registry.register(collector)

    async def respond(self, _request: web.Request) -> web.StreamResponse:
        """Answer a scrape."""
        body = generate_latest(self._registry)
        return FixedResponse(
            200,
            b"Content-Type: %b\r\nCache-Control: %b\r\nX-Content-Type-Options: nosniff\r\n"
            % (CONTENT_TYPE_PLAIN_0_0_4.encode(), caching.NEVER),
            (body,),
            len(body),
        )
