"""QualityKeeper: writes minutes down as they fill, makes hours and days, forgets what is old."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import Database, StorageError, tell_trouble
from accounts.storage.ids import new_id
from analytics.history.step import DAY_MS, HOUR_MS, MINUTE_MS, Step
from analytics.ports import Clock
from analytics.quality import rows as kept_rows
from analytics.quality.merging import Merged
from analytics.quality.packed import pack
from analytics.quality.rows import KeptRow
from analytics.quality.settings import QualitySettings
from analytics.quality.tally import MinuteName, QualityTally

_log: structlog.stdlib.BoundLogger = structlog.get_logger("analytics.quality")

FLUSH_S: Final = 5.0
_FLUSHES_A_ROLL: Final = 12
# What other servers know of an hour is written by then.
GRACE_MS: Final = 2 * MINUTE_MS
_ROWS_A_WRITE: Final = 200
_ROWS_AT_ONCE: Final = 100  # that are added up before media may be served again


class QualityKeeper:
    """One for each process. Every write may be repeated: it says what is, not what is more.

    A process that is killed loses what came in since the last flush, FLUSH_S at most.
    """

    def __init__(
        self, database: Database, clock: Clock, settings: QualitySettings, tally: QualityTally
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._tally = tally
        self._server = new_id("qs")
        self._late: set[tuple[str, int]] = set()
        self.failed_flush_count = 0

    async def run(self) -> None:
        """Write, roll up and forget until cancelled."""
        flush_count = 0
        while True:
            await asyncio.sleep(FLUSH_S)
            await self._attempt(self.flush())
            flush_count += 1
            if flush_count % _FLUSHES_A_ROLL == 0:
                await self._attempt(self.roll_up())
                await self._attempt(self.forget())

    async def drain(self) -> None:
        """Write what is left, at the end."""
        await self._attempt(self.flush())

    async def flush(self) -> None:
        """Write down all minutes that have changed. Raises StorageError; then nothing is lost."""
        batch: list[dict[str, Any]] = []
        written: list[tuple[MinuteName, int]] = []
        for name, version in self._tally.changed():
            batch += [
                {
                    "channel_id": name.channel_id,
                    "at_ms": name.at_ms,
                    "server": f"{self._server}-{name.turn}",
                    "dimension": row.dimension,
                    "value": row.value,
                    "figures": pack(row.figures),
                }
                for row in self._tally.rows(name)
            ]
            written.append((name, version))
            await asyncio.sleep(0)  # media before figures
            if len(batch) >= _ROWS_A_WRITE:
                await self._write(batch, written)
                batch, written = [], []
        if batch:
            await self._write(batch, written)
        self._tally.forget_over(self._clock())

    async def roll_up(self) -> None:
        """Make the hours that are over, and the days they belong to. Raises StorageError."""
        async with self._database.reading() as connection:
            mark_ms = await kept_rows.read_mark(connection)
            first_ms = await kept_rows.first_moment(connection, Step.MINUTE)
        end_ms = self._clock() - GRACE_MS
        end_ms -= end_ms % HOUR_MS
        begin_ms = end_ms if first_ms is None else first_ms - first_ms % HOUR_MS
        mark_ms = begin_ms if mark_ms is None else mark_ms
        for channel_id, hour_ms in sorted(self._late):
            if hour_ms < mark_ms:
                await self.recompute(channel_id, hour_ms)
                self._late.discard((channel_id, hour_ms))
        for hour_ms in range(max(mark_ms, begin_ms), end_ms, HOUR_MS):
            await self._roll_hour(hour_ms)
            await self._move_mark(hour_ms + HOUR_MS)
        if mark_ms < end_ms <= begin_ms:
            await self._move_mark(end_ms)

    async def recompute(self, channel_id: str, hour_ms: int) -> None:
        """Make an hour and its day from what is kept of them. Raises StorageError.

        Not for hours whose minutes are forgotten.
        """
        limit = self._settings.label_values

        async def work(connection: AsyncConnection) -> None:
            for step, finer, at_ms in (
                (Step.HOUR, Step.MINUTE, hour_ms),
                (Step.DAY, Step.HOUR, hour_ms - hour_ms % DAY_MS),
            ):
                found = await kept_rows.rows_within(
                    connection, finer, channel_id, at_ms, at_ms + step.ms
                )
                rows = await _merged(found, limit)
                await kept_rows.replace(connection, step, channel_id, at_ms, rows)

        await self._database.write(work)

    async def forget(self) -> None:
        """Delete minutes and hours that are too old. Raises StorageError."""
        now_ms = self._clock()
        async with self._database.reading() as connection:
            mark_ms = await kept_rows.read_mark(connection) or 0
        for step, days in (
            (Step.MINUTE, self._settings.raw_days),
            (Step.HOUR, self._settings.hour_days),
        ):
            # Whole hours that are made, and whole days: nothing is made anew from a part.
            before_ms = min(now_ms - days * DAY_MS, mark_ms)
            before_ms -= before_ms % (HOUR_MS if step is Step.MINUTE else DAY_MS)
            await self._forget(step, before_ms)

    async def _forget(self, step: Step, before_ms: int) -> None:
        """Delete an hour of minutes, or a day of hours, at a time."""
        length_ms = HOUR_MS if step is Step.MINUTE else DAY_MS
        while True:
            async with self._database.reading() as connection:
                first_ms = await kept_rows.first_moment(connection, step)
            if first_ms is None or first_ms >= before_ms:
                return
            until_ms = min(before_ms, first_ms - first_ms % length_ms + length_ms)
            async with self._database.writing() as connection:
                await kept_rows.forget_before(connection, step, until_ms)

    async def _roll_hour(self, hour_ms: int) -> None:
        async with self._database.reading() as connection:
            channel_ids = await kept_rows.channels_within(connection, hour_ms, hour_ms + HOUR_MS)
        for channel_id in channel_ids:
            await self.recompute(channel_id, hour_ms)

    async def _move_mark(self, at_ms: int) -> None:
        async def work(connection: AsyncConnection) -> None:
            await kept_rows.move_mark(connection, at_ms)

        await self._database.write(work, is_short=True)

    async def _write(
        self, batch: Sequence[dict[str, Any]], written: Sequence[tuple[MinuteName, int]]
    ) -> None:
        async def work(connection: AsyncConnection) -> int | None:
            known = await kept_rows.known_channels(connection, (row["channel_id"] for row in batch))
            rows = [row for row in batch if row["channel_id"] in known]
            if rows:
                await kept_rows.write_minutes(connection, rows)
            return await kept_rows.read_mark(connection)

        mark_ms = await self._database.write(work)
        for name, version in written:
            self._tally.note_written(name, version)
            hour_ms = name.at_ms - name.at_ms % HOUR_MS
            if mark_ms is not None and hour_ms < mark_ms:
                self._late.add((name.channel_id, hour_ms))

    async def _attempt(self, work: Any) -> None:
        try:
            await work
        except StorageError as error:
            self.failed_flush_count += 1
            tell_trouble(_log, "playback quality not written down yet", error)
        except Exception:  # noqa: BLE001 - nobody awaits this task: it would end unheard
            _log.exception("playback quality not written down")


async def _merged(found: Sequence[Any], limit: int) -> list[KeptRow]:
    merged = Merged()
    for number, row in enumerate(found, start=1):
        merged.add(row.dimension, row.value, row.figures)
        if number % _ROWS_AT_ONCE == 0:
            await asyncio.sleep(0)
    return [
        KeptRow(dimension, value, pack(figures))
        for dimension in merged.dimensions()
        for value, figures in merged.of(dimension, limit).items()
    ]
