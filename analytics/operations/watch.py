"""OperationsWatch: looks at the server every ten seconds, and at its event loop all the time."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Final

import structlog

from analytics.operations.error_ring import ErrorRing
from analytics.operations.lag import LagSummary, LoopLag
from analytics.operations.ports import Clock, OperationsProbe, OperationsState
from analytics.operations.publisher_rates import PublisherRates
from analytics.operations.samples import INTERVAL_S, Samples
from analytics.operations.state import DatabaseState, QueueState, StorageState

_log: structlog.stdlib.BoundLogger = structlog.get_logger("analytics.operations")

# What keeps the loop for longer than this is always seen. Twenty timers a second take 0.15 % of a
# core where nothing else wakes the loop, and less where something does.
LAG_INTERVAL_S: Final = 0.05
_STORAGE_EVERY: Final = 6  # samples: walking a data folder takes a thread some milliseconds


class OperationsWatch:
    """Owned by one event loop. Start and stop it once.

    `state` is asked at each sample and whenever somebody wants to know; `probe` asks the database
    and the disk, which may take a while.
    """

    def __init__(
        self,
        state: OperationsState,
        probe: OperationsProbe,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.state = state
        self.clock = clock
        self.started_ms = clock()
        self.lag = LoopLag()
        self.samples = Samples()
        self.rates = PublisherRates()
        self.errors = ErrorRing()
        self.storage: StorageState | None = None
        self.database: DatabaseState | None = None
        self._probe = probe
        self._monotonic = monotonic
        self._look_count = 0
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._schedule(asyncio.get_running_loop())
        self._task = asyncio.create_task(self._run(), name="operations")

    async def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def lag_now(self) -> LagSummary:
        """Sum up how late the loop was in the last minute."""
        return self.lag.summary(self._monotonic())

    async def look(self) -> None:
        """Ask what cannot be known without waiting."""
        self.database = await self._probe.ask_database()
        if self._look_count % _STORAGE_EVERY == 0:
            self.storage = await self._probe.measure_storage()
        self._look_count += 1

    def sample(self) -> None:
        """Take a sample."""
        now_s, now_ms = self._monotonic(), self.clock()
        self.rates.take(self.state.publishers(), now_ms)
        self.samples.take(
            now_s,
            now_ms,
            self.state.totals(),
            lag=self.lag.summary(now_s),
            fullest_queue=max(map(fullness, self.state.queues()), default=0.0),
            database_s=None if self.database is None else self.database.latency_s,
        )

    async def _run(self) -> None:
        self.samples.begin(self._monotonic(), self.state.totals())
        while True:
            try:
                await self.look()
                await asyncio.sleep(INTERVAL_S)
                self.sample()
            except Exception:  # noqa: BLE001 - nobody awaits this task: it would die unheard
                _log.exception("server not looked at")
                await asyncio.sleep(INTERVAL_S)

    def _schedule(self, loop: asyncio.AbstractEventLoop) -> None:
        began_s = self._monotonic()

        def note() -> None:
            now_s = self._monotonic()
            self.lag.note(now_s, now_s - began_s - LAG_INTERVAL_S)
            self._schedule(loop)

        self._timer = loop.call_later(LAG_INTERVAL_S, note)


def fullness(queue: QueueState) -> float:
    """Return how much of a queue's room is taken: 1.0 is all of it."""
    return queue.waiting / queue.capacity if queue.capacity else 0.0
