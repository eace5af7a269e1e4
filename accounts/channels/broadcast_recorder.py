"""BroadcastRecorder: writes down each time that a channel is live, while it is.

Told facts as they happen, from a loop that must not wait for a database: they queue, in order. A
broadcast is the live output of one epoch, so that a publisher who comes back in time goes on with
it. Whatever crashes, an open broadcast is either gone on with or closed: it says several times a
minute that it is alive, and ends then when nobody says so any more.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final

import structlog
from sqlalchemy import bindparam, case, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.broadcast_rows import (
    OpenBroadcast,
    close_broadcast,
    find_open,
    open_broadcast,
)
from accounts.channels.context import ChannelsContext
from accounts.channels.live_fact import (
    LiveEnded,
    LiveFact,
    LiveInterrupted,
    LiveResumed,
    LiveStarted,
)
from accounts.channels.tables import broadcasts, channels
from accounts.channels.viewer_count import ViewerCount
from accounts.events import AccountsEvent, BroadcastEnded, BroadcastStarted
from accounts.storage import StorageError, tell_trouble

_log: structlog.stdlib.BoundLogger = structlog.get_logger("accounts.channels")

ALIVE_INTERVAL_S: Final = 10.0
# Other servers' broadcasts are closed when they have missed several of these.
STALE_MS: Final = 60_000
QUEUE_CAPACITY: Final = 10_000
_RETRY_S: Final = 1.0

_ALIVE: Final = (
    update(broadcasts)
    .where(broadcasts.c.id == bindparam("key"), broadcasts.c.ended_at_ms.is_(None))
    .values(
        alive_at_ms=bindparam("now"),
        peak_viewers=case(
            (broadcasts.c.peak_viewers < bindparam("peak"), bindparam("peak")),
            else_=broadcasts.c.peak_viewers,
        ),
        viewer_ms=broadcasts.c.viewer_ms + bindparam("viewer"),
        counted_ms=broadcasts.c.counted_ms + bindparam("counted"),
    )
)
_WATCHED: Final = (
    update(channels)
    .where(channels.c.id == bindparam("key"), channels.c.live_since_ms.is_not(None))
    .values(last_live_ms=bindparam("now"), viewer_count=bindparam("viewers"))
)


class BroadcastRecorder:
    """Owns the open broadcasts of the channels that are live in this process.

    `note` and `note_viewers` never wait; `run` does the writing. What finds no room in the queue
    is dropped and counted: its broadcast is closed as one that nobody speaks for any more.
    """

    def __init__(self, context: ChannelsContext) -> None:
        self._context = context
        self._facts: asyncio.Queue[LiveFact] = asyncio.Queue(QUEUE_CAPACITY)
        self._open: dict[str, OpenBroadcast] = {}  # by channel name
        self._counts: dict[str, ViewerCount] = {}
        self._in_hand: LiveFact | None = None
        self.dropped_count = 0

    def __len__(self) -> int:
        """Count the facts that wait to be written."""
        return self._facts.qsize()

    def note(self, fact: LiveFact) -> None:
        """Take a fact, to be written soon."""
        try:
            self._facts.put_nowait(fact)
        except asyncio.QueueFull:
            self.dropped_count += 1
            if self.dropped_count == 1:
                _log.error("broadcasts not written down: the database is too slow")

    def note_viewers(self, channel: str, viewers: int) -> None:
        """Take how many watch a channel now; asked of whoever counts, every few seconds."""
        if channel in self._open:
            count = self._counts.setdefault(channel, ViewerCount())
            count.note(viewers, self._context.clock())

    def broadcast_id(self, channel: str) -> str | None:
        """Return the id of the broadcast that a channel of this process has now, if any."""
        broadcast = self._open.get(channel)
        return None if broadcast is None else broadcast.id

    async def recover(self, live: Mapping[str, str], *, is_alone: bool) -> None:
        """Go on with the open broadcasts of `live`, the epoch by channel, and close the others.

        `is_alone`: no other server keeps broadcasts in this database. Otherwise those are left
        alone that somebody spoke for a short while ago.
        """
        now_ms = self._context.clock()

        async def work(connection: AsyncConnection) -> list[OpenBroadcast]:
            going_on = []
            for broadcast in await find_open(connection):
                if live.get(broadcast.channel) == broadcast.epoch:
                    going_on.append(broadcast)
                elif is_alone or now_ms - broadcast.alive_at_ms >= STALE_MS:
                    await close_broadcast(
                        connection, self._context.search, broadcast, broadcast.alive_at_ms, None
                    )
            return going_on

        for broadcast in await self._context.database.write(work):
            self._open[broadcast.channel] = broadcast

    async def run(self) -> None:
        """Write until cancelled."""
        loop = asyncio.get_running_loop()
        alive_at = loop.time() + ALIVE_INTERVAL_S
        while True:
            try:
                async with asyncio.timeout_at(alive_at):
                    fact = await self._facts.get()
            except TimeoutError:
                await self._until_done(self.say_alive)
                alive_at = loop.time() + ALIVE_INTERVAL_S
            else:
                self._in_hand = fact
                await self._until_done(partial(self.write, fact))
                self._in_hand = None

    async def write(self, fact: LiveFact) -> None:
        """Write one fact and tell what became of it. Raises StorageError."""
        match fact:
            case LiveStarted():
                await self._start(fact)
            case LiveInterrupted():
                await self._set_interrupted(fact.channel, fact.epoch, fact.at_ms)
            case LiveResumed():
                await self._set_interrupted(fact.channel, fact.epoch, None)
            case LiveEnded():
                await self._end(fact)

    async def drain(self) -> None:
        """Write all that has been noted, once `run` is no more. Raises StorageError.

        What `run` was about to write is written again: that changes nothing if it is there.
        """
        if self._in_hand is not None:
            await self.write(self._in_hand)
            self._in_hand = None
        while not self._facts.empty():
            await self.write(self._facts.get_nowait())
        await self.say_alive()

    async def say_alive(self) -> None:
        """Write that the open broadcasts go on, who watches, and close those left behind."""
        now_ms = self._context.clock()
        rows, channel_rows = [], []
        for channel, broadcast in self._open.items():
            count = self._counts.get(channel, ViewerCount())
            peak, viewer_ms, counted_ms = count.take(now_ms)
            rows.append(
                {
                    "key": broadcast.id,
                    "now": now_ms,
                    "peak": peak,
                    "viewer": viewer_ms,
                    "counted": counted_ms,
                }
            )
            channel_rows.append(
                {"key": broadcast.channel_id, "now": now_ms, "viewers": count.viewers or 0}
            )

        async def work(connection: AsyncConnection) -> None:
            if rows:
                await connection.execute(_ALIVE, rows)
                await connection.execute(_WATCHED, channel_rows)
            for broadcast in await find_open(connection, alive_before_ms=now_ms - STALE_MS):
                if self._open.get(broadcast.channel, broadcast).id == broadcast.id:
                    await close_broadcast(
                        connection, self._context.search, broadcast, broadcast.alive_at_ms, None
                    )

        await self._context.database.write(work)

    async def _start(self, fact: LiveStarted) -> None:
        search = self._context.search

        async def work(connection: AsyncConnection) -> tuple[OpenBroadcast, str, bool] | None:
            return await open_broadcast(connection, search, fact.channel, fact.epoch, fact.at_ms)

        started = await self._context.database.write(work)
        if started is None:
            return  # the channel has been deleted meanwhile
        broadcast, title, is_new = started
        self._open[fact.channel] = broadcast
        self._counts.pop(fact.channel, None)
        if is_new:
            self._tell(
                BroadcastStarted(
                    at_ms=fact.at_ms,
                    channel_id=broadcast.channel_id,
                    channel=fact.channel,
                    broadcast_id=broadcast.id,
                    title=title,
                )
            )

    async def _set_interrupted(self, channel: str, epoch: str, at_ms: int | None) -> None:
        broadcast = self._open.get(channel)
        if broadcast is None or broadcast.epoch != epoch:
            return

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                update(broadcasts)
                .where(broadcasts.c.id == broadcast.id)
                .values(interrupted_at_ms=at_ms)
            )

        await self._context.database.write(work)

    async def _end(self, fact: LiveEnded) -> None:
        broadcast = self._open.get(fact.channel)
        if broadcast is None or broadcast.epoch != fact.epoch:
            return
        if fact.channel in self._counts:
            await self.say_alive()
        search = self._context.search

        async def work(connection: AsyncConnection) -> bool:
            return await close_broadcast(connection, search, broadcast, fact.at_ms, fact.technical)

        is_closed = await self._context.database.write(work)
        self._open.pop(fact.channel, None)
        self._counts.pop(fact.channel, None)
        if is_closed:
            self._tell(
                BroadcastEnded(
                    at_ms=fact.at_ms,
                    channel_id=broadcast.channel_id,
                    channel=fact.channel,
                    broadcast_id=broadcast.id,
                )
            )

    async def _until_done(self, write: Callable[[], Awaitable[None]]) -> None:
        """Try until the database takes it: the facts behind wait in their order."""
        while True:
            try:
                await write()
            except StorageError as error:
                tell_trouble(_log, "broadcast not written down yet", error)
                await asyncio.sleep(_RETRY_S)
            except Exception:  # noqa: BLE001 - one fact's fault must not keep back all others
                _log.exception("broadcast not written down")
                return
            else:
                return

    def _tell(self, event: AccountsEvent) -> None:
        self._context.emit(event)
