"""The publishing API: where encoders connect, for the pages that tell streamers."""

from collections.abc import Callable

from aiohttp import web
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from distribution.cors import CorsPolicy
from distribution.response import json_answer


class PublishAddress(BaseModel):
    """Where encoders connect, on the host that serves the pages.

    `rtmp_port` is None where plain RTMP is for the server's own machine, and others come by TLS;
    `rtmps_port` is None where TLS is not served. `needs_key` is False on an open server, where
    the stream name is the channel's. `has_accounts`: people sign in here, and have channels and
    keys of their own.
    """

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    rtmp_port: int | None
    rtmps_port: int | None = None
    needs_key: bool = True
    has_accounts: bool = False


class PublishingApi:
    """Serves `/api/v1/publishing`."""

    def __init__(self, address: Callable[[], PublishAddress], cors: CorsPolicy) -> None:
        self._address = address
        self._cors = cors

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Serve it."""
        router.add_get("/api/v1/publishing", self._respond)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        cors_headers = self._cors.response_headers(request.headers.get("Origin"))
        return json_answer(self._address(), cors_headers)
