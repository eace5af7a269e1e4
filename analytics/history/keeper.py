"""HistoryKeeper: keeps roll-ups as spells are, off the media's way.

Once a minute it makes the minutes and hours anew that spells were written about since, an hour of a
channel at a time; broadcasts that were on air then; and every ten minutes their days. Each of these
is made of spells alone, whatever was there before, so that a process that dies in between, or two
that do the same, leave nothing wrong behind: what was not noted as done is done again.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import Database, StorageError, new_id, tell_trouble
from analytics.history.bounds import HistoryBounds
from analytics.history.broadcast_rows import roll_broadcast
from analytics.history.bucket_rows import (
    buckets_within,
    days_since,
    put_buckets,
    rolled_channels,
    summed,
    with_messages,
)
from analytics.history.figures import Bucket
from analytics.history.horizon import Horizon, horizon, rolled_after
from analytics.history.progress import (
    computed_until_ms,
    days_due_since_ms,
    give_turn_back,
    note_days_done,
    note_rolled,
    read_marks,
    take_turn,
)
from analytics.history.rollup import HourRoll
from analytics.history.spell_rows import (
    count_unique,
    oldest_start_ms,
    roll_hour,
    touched_channels,
)
from analytics.history.step import DAY_MS, HOUR_MS, MINUTE_MS, Step
from analytics.history.upkeep import delete_old
from analytics.ports import Audience, BroadcastRecords, Clock

_log: structlog.stdlib.BoundLogger = structlog.get_logger("analytics.history")

SETTLE_S: Final = 8.0
"""How long after a minute it is rolled up: until then servers have written of it, each 5 s."""

DAYS_INTERVAL_MS: Final = 10 * MINUTE_MS
OPEN_BROADCAST_INTERVAL_MS: Final = 5 * MINUTE_MS
UPKEEP_INTERVAL_MS: Final = 30 * MINUTE_MS


class HistoryKeeper:
    """Runs in each server that counts viewers; one of them at a time has the turn."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bounds: HistoryBounds,
        *,
        records: BroadcastRecords,
        audience: Audience,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bounds = bounds
        self._records = records
        self._audience = audience
        self._server = new_id("his")
        self._days_at_ms = 0
        self._upkeep_at_ms = 0
        self._broadcasts_at_ms: dict[str, int] = {}  # those that go on
        self.hours_rolled = 0  # channels' hours, since the start

    async def run(self) -> None:
        """Look each minute until cancelled."""
        while True:
            try:
                await self.look()
            except StorageError as error:
                tell_trouble(_log, "viewers not rolled up yet", error)
            except Exception:  # noqa: BLE001 - the next minute must not be lost for this one
                _log.exception("viewers not rolled up")
            await asyncio.sleep(60.0 - (self._clock() / 1000 - SETTLE_S) % 60.0)

    async def close(self) -> None:
        """Let another server go on, once `run` is no more."""
        try:
            await give_turn_back(self._database, self._server)
        except StorageError as error:
            _log.warning("the turn to roll viewers up not given back", reason=str(error))

    async def look(self) -> None:
        """Do what is due, if it is this server's turn. Raises StorageError."""
        if not await take_turn(self._database, self._server, self._clock()):
            return
        marks, rolled = await read_marks(self._database)
        oldest_ms = None
        if not rolled:
            async with self._database.reading() as connection:
                oldest_ms = await oldest_start_ms(connection)
        due = horizon(marks, rolled, oldest_ms)
        if due is not None:
            await self._roll(due, marks, rolled)
        await self._roll_days()
        await self._tidy(rolled)

    async def recompute(self, from_ms: int, until_ms: int) -> None:
        """Make everything of a time anew, whatever is noted of it. Raises StorageError."""
        marks, rolled = await read_marks(self._database)
        known_ms = await computed_until_ms(self._database)
        until_ms += -until_ms % HOUR_MS  # an hour is made of all of it that is known
        if known_ms is not None and from_ms < min(until_ms, known_ms):
            await self._roll(Horizon(from_ms, min(until_ms, known_ms)), marks, rolled)
            self._days_at_ms = 0
            await self._roll_days()

    async def _roll(self, due: Horizon, marks: Mapping[str, int], rolled: dict[str, int]) -> None:
        # Days whose spells are gone in part would be made smaller than they were.
        kept_ms = self._clock() - self._bounds.raw_ms
        from_ms = max(due.from_ms, kept_ms + -kept_ms % DAY_MS)
        hour_ms = from_ms - from_ms % HOUR_MS
        while hour_ms < due.until_ms:
            until_ms = min(hour_ms + HOUR_MS, due.until_ms)
            await self._roll_hour(hour_ms, max(hour_ms, from_ms), until_ms)
            rolled = rolled_after(marks, rolled, until_ms)
            await note_rolled(self._database, rolled, hour_ms, until_ms)
            await take_turn(self._database, self._server, self._clock())
            hour_ms = until_ms
        await self._roll_broadcasts(from_ms, due.until_ms)

    async def _roll_hour(self, hour_ms: int, from_ms: int, until_ms: int) -> None:
        """Make anew what may have changed since `from_ms` within one hour, of all channels."""
        async with self._database.reading() as connection:
            channels = await touched_channels(connection, from_ms, until_ms)
            channels |= await rolled_channels(connection, from_ms, until_ms)
        written = await self._audience.messages_by_minute(from_ms, until_ms)
        for channel_id in sorted(channels | written.keys()):
            async with self._database.reading() as connection:
                roll = await roll_hour(connection, channel_id, hour_ms, until_ms)
            try:
                await self._put_hour(
                    channel_id, hour_ms, until_ms, roll, written.get(channel_id, {})
                )
            except IntegrityError:
                _log.info("viewers of a channel not rolled up: it is gone", channel_id=channel_id)
            self.hours_rolled += 1
            await asyncio.sleep(0)  # the media's turn

    async def _put_hour(
        self,
        channel_id: str,
        hour_ms: int,
        until_ms: int,
        roll: HourRoll,
        written: Mapping[int, int],
    ) -> None:
        watched, hour = roll.minutes(), roll.hour()

        async def work(connection: AsyncConnection) -> None:
            before = await buckets_within(connection, Step.MINUTE, channel_id, hour_ms, until_ms)
            minutes = with_messages(watched, before, written)
            await put_buckets(connection, Step.MINUTE, channel_id, before, minutes)
            known = await buckets_within(
                connection, Step.HOUR, channel_id, hour_ms, hour_ms + HOUR_MS
            )
            messages = {hour_ms: sum(each.messages for each in minutes)}
            # An hour in which nobody watched or wrote has no row.
            hours = with_messages([hour] if hour.unique else [], (), messages)
            await put_buckets(connection, Step.HOUR, channel_id, known, hours)

        await self._database.write(work)

    async def _roll_days(self) -> None:
        """Make days of their hours, and of spells how many different viewers they had."""
        now_ms = self._clock()
        since_ms = await days_due_since_ms(self._database)
        until_ms = await computed_until_ms(self._database)
        if since_ms is None or until_ms is None or since_ms >= until_ms:
            return
        has_closed = since_ms // DAY_MS < until_ms // DAY_MS
        if now_ms - self._days_at_ms < DAYS_INTERVAL_MS and not has_closed:
            return
        self._days_at_ms = now_ms
        async with self._database.reading() as connection:
            days = await days_since(connection, since_ms)
        for channel_id, day_ms in days:
            try:
                await self._roll_day(channel_id, day_ms)
            except IntegrityError:
                _log.info("a day's viewers not rolled up: the channel is gone", id=channel_id)
            await asyncio.sleep(0)
        await note_days_done(self._database, until_ms)

    async def _roll_day(self, channel_id: str, day_ms: int) -> None:
        async with self._database.reading() as connection:
            unique = await count_unique(connection, channel_id, day_ms, day_ms + DAY_MS)

        async def work(connection: AsyncConnection) -> None:
            hours = await buckets_within(connection, Step.HOUR, channel_id, day_ms, day_ms + DAY_MS)
            known = await buckets_within(connection, Step.DAY, channel_id, day_ms, day_ms + DAY_MS)
            day = summed(day_ms, hours)
            days = [_with_unique(day, unique)] if hours else []
            await put_buckets(connection, Step.DAY, channel_id, known, days)

        await self._database.write(work)

    async def _roll_broadcasts(self, from_ms: int, until_ms: int) -> None:
        """Make broadcasts anew that were on air within a time; those that go on, now and then."""
        now_ms = self._clock()
        going_on: dict[str, int] = {}
        for record in await self._records.on_air(from_ms, until_ms):
            if record.ended_ms is None:
                at_ms = self._broadcasts_at_ms.get(record.broadcast_id, 0)
                if now_ms - at_ms < OPEN_BROADCAST_INTERVAL_MS:
                    going_on[record.broadcast_id] = at_ms
                    continue
                going_on[record.broadcast_id] = now_ms
            try:
                await roll_broadcast(self._database, self._audience, record, until_ms)
            except IntegrityError:
                _log.info("a broadcast's viewers not rolled up: it is gone", id=record.broadcast_id)
            await asyncio.sleep(0)
        self._broadcasts_at_ms = going_on

    async def _tidy(self, rolled: Mapping[str, int]) -> None:
        """Delete what is kept no longer; nothing that is not rolled up yet."""
        now_ms = self._clock()
        if now_ms - self._upkeep_at_ms < UPKEEP_INTERVAL_MS or not rolled:
            return
        self._upkeep_at_ms = now_ms
        await delete_old(self._database, self._bounds, now_ms)


def _with_unique(day: Bucket, unique: int) -> Bucket:
    return Bucket(
        at_ms=day.at_ms,
        viewer_ms=day.viewer_ms,
        peak=day.peak,
        started=day.started,
        unique=unique,
        messages=day.messages,
        renditions=day.renditions,
    )
