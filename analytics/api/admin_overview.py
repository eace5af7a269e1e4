"""The server as administrators see it: /admin/overview and /admin/publishers."""

from accounts.api.model import Listing
from accounts.api.operation import ADMIN, operation
from accounts.api.resources.cursors import read_cursor
from accounts.storage.cursor import page_of
from analytics.api.admin_overview_views import (
    ChannelViewers,
    ConnectionView,
    DatabaseView,
    ErrorView,
    GarbageView,
    LoopView,
    OverviewView,
    ProcessView,
    PublisherQuery,
    PublisherView,
    StorageView,
    ms,
    publisher_view,
    queue_view,
    sample_view,
)
from analytics.operations.publisher_page import key_of, page_after
from analytics.operations.samples import INTERVAL_S
from analytics.operations.watch import OperationsWatch

_TOP_CHANNELS = 10


class AdminOverviewResource:
    """Answers from what is kept in memory: the database may be away."""

    def __init__(self, watch: OperationsWatch, version: str) -> None:
        self._watch = watch
        self._version = version

    @operation("GET", "/admin/overview", tag="administration", access=ADMIN, scope="admin")
    async def read_overview(self) -> OverviewView:
        """Read how the server is: load, queues, storage, errors, and the last hour."""
        watch, state = self._watch, self._watch.state
        now_ms, totals, newest = watch.clock(), state.totals(), watch.samples.newest
        process, garbage = state.process()
        lag = watch.lag_now()
        watched = sorted(state.publishers(), key=lambda each: (-each.viewers, each.channel))
        return OverviewView(
            at=now_ms,
            version=self._version,
            started_at=watch.started_ms,
            uptime_s=max(now_ms - watch.started_ms, 0) // 1000,
            process=ProcessView(
                cpu_cores=None if newest is None else round(newest.cpu_cores, 3),
                cores=process.cores,
                memory_bytes=totals.memory_bytes,
                open_files=process.open_files,
                open_files_limit=process.open_files_limit,
            ),
            loop=LoopView(p50_ms=ms(lag.p50_s), p99_ms=ms(lag.p99_s), max_ms=ms(lag.max_s)),
            garbage=GarbageView(
                collections=garbage.collections,
                pause_ms=ms(garbage.pause_s),
                longest_ms=ms(garbage.longest_s),
            ),
            publishers=totals.publishers,
            viewers=totals.viewers,
            shows=totals.shows,
            in_bps=0 if newest is None else newest.in_bps,
            out_bps=0 if newest is None else newest.out_bps,
            connections=tuple(
                ConnectionView(kind=each.kind, count=each.count) for each in state.connections()
            ),
            queues=tuple(map(queue_view, state.queues())),
            storage=self._storage_view(),
            database=self._database_view(),
            errors=tuple(
                ErrorView(
                    kind=each.kind, level=each.level, count=each.count, last_at=each.last_at_ms
                )
                for each in watch.errors.counts(now_ms)
            ),
            top_channels=tuple(
                ChannelViewers(channel=each.channel, viewers=each.viewers)
                for each in watched[:_TOP_CHANNELS]
            ),
            sample_interval_s=round(INTERVAL_S),
            samples=tuple(map(sample_view, watch.samples.all())),
        )

    @operation("GET", "/admin/publishers", tag="administration", access=ADMIN, scope="admin")
    async def list_publishers(self, query: PublisherQuery) -> Listing[PublisherView]:
        """List all who are on air on this server.

        A cursor goes on in the order in which it was given. Figures change meanwhile: somebody
        may be on two pages, or on none.
        """
        cursor = read_cursor(query, int, str)
        after = None if cursor is None else (int(cursor.key[0]), str(cursor.key[1]))
        now_ms, rates = self._watch.clock(), self._watch.rates
        found = [rates.of(each, now_ms) for each in self._watch.state.publishers()]
        rows = page_after(found, query.sort, after, query.limit)
        page = page_of(rows, query.limit, lambda each: each, lambda each: key_of(each, query.sort))
        return Listing[PublisherView].of(page, publisher_view)

    def _storage_view(self) -> StorageView | None:
        storage = self._watch.storage
        if storage is None:
            return None
        return StorageView(
            at=storage.at_ms,
            database_bytes=storage.database_bytes,
            data_bytes=storage.data_bytes,
            free_bytes=storage.free_bytes,
            total_bytes=storage.total_bytes,
        )

    def _database_view(self) -> DatabaseView | None:
        database = self._watch.database
        if database is None:
            return None
        return DatabaseView(
            kind=database.kind,
            latency_ms=None if database.latency_s is None else ms(database.latency_s),
            is_away=database.is_away,
            outages=database.outages,
        )
