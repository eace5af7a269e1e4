"""ViewerServer: makes the connections of an application's viewers, and ends them."""

from collections.abc import Callable

from aiohttp import web

from distribution.connection import ViewerConnection
from distribution.connection_table import ConnectionTable
from distribution.dispatcher import Dispatcher
from distribution.live.responder import LiveResponder
from distribution.ports import PlayerListener
from distribution.settings import HttpSettings


class ViewerServer(web.Server):
    """Makes a ViewerConnection of every accepted socket.

    `live` answers requests for live media, `dispatcher` those that aiohttp reads. `listener`
    hears what players tell.
    """

    def __init__(
        self,
        live: LiveResponder,
        dispatcher: Dispatcher,
        make_request: Callable[..., web.BaseRequest],
        table: ConnectionTable,
        settings: HttpSettings,
        *,
        listener: PlayerListener | None = None,
    ) -> None:
        super().__init__(
            dispatcher.respond,
            request_factory=make_request,
            # A viewer who leaves ends what was being waited for on his behalf.
            handler_cancellation=True,
        )
        self._live = live
        self._table = table
        self._settings = settings
        self._listener = listener

    async def finish(self) -> None:
        """Close idle connections now and each other one after its response."""
        self.pre_shutdown()
        await self.shutdown(timeout=None)

    def __call__(self) -> ViewerConnection:
        """Make the protocol of a new connection."""
        return ViewerConnection(
            self, self._live, self._table, self._settings, self._loop, listener=self._listener
        )
