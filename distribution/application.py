"""Application: all that answers viewers, put together, without a socket."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from aiohttp import web
from prometheus_client.registry import Collector

from distribution.beacon_api import BeaconApi
from distribution.clock import ClockApi
from distribution.connection_table import ConnectionTable
from distribution.cors import CorsPolicy
from distribution.dispatcher import Dispatcher, RoutedResponder
from distribution.health import HealthPages
from distribution.live.responder import LiveResponder
from distribution.live.turns import Turns
from distribution.live.waiting import BlockedRequests
from distribution.live_status import LiveStatusApi
from distribution.metrics import MetricsPage
from distribution.metrics_leave import MetricsLeave
from distribution.ports import Audience, EverybodyMayWatch, PlayerListener, ViewerAuthorizer
from distribution.publishing_api import PublishAddress, PublishingApi
from distribution.response_counters import ResponseCounters
from distribution.serving_collector import ServingCollector
from distribution.settings import HttpSettings
from distribution.web_pages import WebPages
from packager.live import Publications

PAGES_FOLDER: Final = Path(__file__).parent / "pages"  # where the web build puts its files


class Application:
    """The parts of the HTTP side that live as long as it serves.

    `live` answers requests for live media, `routes` everything else; whoever starts the server may
    add more to them before. `publish_address` says where encoders connect, if anybody knows; it is
    asked at each request, for ports may be known only once the server runs. `collectors` are what
    others count, to be shown at /metrics beside our own. `has_accounts`: whether people have pages
    of their own. `listener` hears what players tell of how they play, `audience` counts viewers.
    """

    def __init__(
        self,
        publications: Publications,
        settings: HttpSettings,
        *,
        publish_address: Callable[[], PublishAddress] | None = None,
        pages_folder: Path = PAGES_FOLDER,
        collectors: Sequence[Collector] = (),
        viewers: ViewerAuthorizer | None = None,
        has_accounts: bool = False,
        listener: PlayerListener | None = None,
        audience: Audience | None = None,
    ) -> None:
        self.listener = listener
        self._viewers = viewers or EverybodyMayWatch()
        self.settings = settings
        self.connections = ConnectionTable(settings)
        self.routes = web.Application()
        self._publications = publications
        self._cors = CorsPolicy(settings.allowed_origins)
        self.counters = ResponseCounters()
        self.blocked = BlockedRequests(settings.blocked_limit, Turns())
        self.live = LiveResponder(
            publications,
            self.blocked,
            self._cors,
            self.counters,
            self._viewers,
            listener=listener,
            audience=audience,
        )
        self._pages = WebPages(pages_folder, has_accounts=has_accounts)
        self._add_routes(publish_address, collectors)

    def dispatcher(self, routed: RoutedResponder) -> Dispatcher:
        """Make what answers requests that are not for live media; `routed` knows the `routes`."""
        return Dispatcher(
            routed, self._cors, self.counters, self._is_draining, self._pages.respond_nothing
        )

    def begin_draining(self) -> None:
        """Say at /ready, and to who asks for a playlist, that this server is about to stop."""
        self.live.is_draining = True

    def wake_all(self) -> None:
        """Let nobody wait any longer."""
        self.blocked.stop()
        self.live.turns.finish()

    def _is_draining(self) -> bool:
        return self.live.is_draining

    def _add_routes(
        self,
        publish_address: Callable[[], PublishAddress] | None,
        collectors: Sequence[Collector],
    ) -> None:
        router = self.routes.router
        HealthPages(self._is_draining).add_routes(router)
        LiveStatusApi(self._publications, self._cors, self._viewers).add_routes(router)
        ClockApi(self._cors).add_routes(router)
        if self.listener is not None:
            BeaconApi(self.listener).add_routes(router)
        if publish_address is not None:
            PublishingApi(publish_address, self._cors).add_routes(router)
        own = ServingCollector(self._publications, self.connections, self.blocked, self.counters)
        router.add_get(
            "/metrics", MetricsPage([own, *collectors], MetricsLeave(self.settings)).respond
        )
        self._pages.add_routes(router)
