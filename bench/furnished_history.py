"""A year of viewers' history of many channels, written at once into either database.

Rows lie as they would have come: those of one minute beside each other, whatever their channels.
"""

import asyncio
import json
import random
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import asyncpg
from sqlalchemy import select, text

from accounts.channels.tables import channels
from accounts.storage import new_id
from analytics.history.step import DAY_MS, HOUR_MS, MINUTE_MS
from analytics.quality.figures import Figures
from analytics.quality.histogram import Histogram
from analytics.quality.packed import pack
from config.accounts_database import database_of
from config.cli.beside_server import unix_ms_now
from config.data_folder import DATABASE_NAME
from config.settings import load_settings

DAYS: Final = 365
MINUTE_DAYS: Final = 90
RAW_DAYS: Final = 30
QUALITY_HOUR_DAYS: Final = 90
QUALITY_MINUTE_DAYS: Final = 3
ON_AIR_HOURS: Final = 4
FOLLOWERS: Final = 2_000
SPELLS: Final = 100  # of a broadcast
_BROWSERS: Final = ("chrome", "firefox", "safari", "edge")
_PAGE: Final = 20_000
_RENDITIONS: Final = json.dumps({"audio": 120_000, "video": 2_400_000})


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one table."""

    table: str
    columns: tuple[str, ...]
    rows: Iterable[Sequence[Any]]


def furnish_history(data: Path, url: str, names: Sequence[str]) -> tuple[int, list[str]]:
    """Fill a database that has channels; return how many rows it has more, and broadcasts.

    Of these there is one of each channel, in the order of the names, and so three times over.
    """
    return asyncio.run(_furnish(data, url, names))


async def _furnish(data: Path, url: str, names: Sequence[str]) -> tuple[int, list[str]]:
    flags = {"data": data, "accounts": {"database": {"url": url}}}
    database = database_of(load_settings(None, flags))
    try:
        async with database.reading() as connection:
            rows = await connection.execute(select(channels.c.name, channels.c.id))
            by_name = {row.name: row.id for row in rows}
        year = _Year([by_name[name] for name in names], unix_ms_now())
        if url:
            count = await _into_postgresql(url, year.batches())
            # As PostgreSQL does by itself within a minute: without it every plan is a guess.
            async with database.writing() as connection:
                await connection.execute(text("ANALYZE"))
        else:
            count = _into_sqlite(data / DATABASE_NAME, year.batches())
    finally:
        await database.close()
    return count, year.shown


class _Year:
    """A year in which each channel was live for some hours each day."""

    def __init__(self, ids: Sequence[str], now_ms: int) -> None:
        self._ids = ids
        self._now_ms = now_ms
        self._today_ms = now_ms - now_ms % DAY_MS
        self._chance = random.Random(1)
        self._broadcasts = [
            (new_id("brc"), channel_id, self._begins_ms(place, day))
            for day in range(DAYS, 0, -1)
            for place, channel_id in enumerate(ids)
        ]
        # Some of yesterday, of a month ago and of the first days: what is asked for below.
        self.shown = [
            broadcast_id
            for day in (DAYS - 1, DAYS - 30, 0)
            for broadcast_id, *_ in self._broadcasts[day * len(ids) : (day + 1) * len(ids)]
        ]

    def batches(self) -> Iterator[Batch]:
        """Return all rows, what others refer to first."""
        yield self._people()
        yield self._follows()
        yield self._broadcast_rows()
        yield Batch(
            "broadcast_titles",
            ("broadcast_id", "at_ms", "title", "category"),
            (
                (broadcast_id, at_ms + part * HOUR_MS, f"Part {part}", "music")
                for broadcast_id, _, at_ms in self._broadcasts
                for part in range(3)
            ),
        )
        for name, step_ms, days in (
            ("viewer_minutes", MINUTE_MS, MINUTE_DAYS),
            ("viewer_hours", HOUR_MS, DAYS),
            ("viewer_days", DAY_MS, DAYS),
        ):
            yield self._buckets(name, step_ms, days)
        yield self._figures()
        yield self._spells()
        yield from self._quality()
        yield Batch(
            "viewer_progress",
            ("name", "at_ms", "server"),
            [("minutes", self._now_ms - self._now_ms % MINUTE_MS, None)],
        )

    def _begins_ms(self, place: int, day: int) -> int:
        return self._today_ms - day * DAY_MS + place % (24 - ON_AIR_HOURS) * HOUR_MS

    def _people(self) -> Batch:
        columns: tuple[str, ...] = (
            "id",
            "email",
            "email_key",
            "role",
            "display_name",
            "name_key",
            "bio",
            "links",
        )
        columns += ("revision", "created_at_ms")
        return Batch(
            "accounts",
            columns,
            (
                (
                    f"acc_FAN{number:06}",
                    f"fan{number}@example.org",
                    f"fan{number}@example.org",
                    "user",
                    "Fan",
                    "fan",
                    "",
                    "[]",
                    1,
                    0,
                )
                for number in range(FOLLOWERS)
            ),
        )

    def _follows(self) -> Batch:
        return Batch(
            "follows",
            ("account_id", "channel_id", "level", "created_at_ms"),
            (
                (
                    f"acc_FAN{number:06}",
                    channel_id,
                    "live",
                    self._now_ms - self._chance.randrange(DAYS * DAY_MS),
                )
                for number in range(FOLLOWERS)
                for channel_id in self._ids
            ),
        )

    def _broadcast_rows(self) -> Batch:
        columns: tuple[str, ...] = (
            "id",
            "channel_id",
            "epoch",
            "title",
            "category",
            "language",
            "is_mature",
        )
        columns += ("started_at_ms", "alive_at_ms", "ended_at_ms", "peak_viewers", "viewer_ms")
        columns += ("counted_ms",)
        length_ms = ON_AIR_HOURS * HOUR_MS
        return Batch(
            "broadcasts",
            columns,
            (
                (
                    *(broadcast_id, channel_id, broadcast_id, "A night of jazz", "music", "en"),
                    *(False, at_ms, at_ms + length_ms, at_ms + length_ms, 60),
                    *(50 * length_ms, length_ms),
                )
                for broadcast_id, channel_id, at_ms in self._broadcasts
            ),
        )

    def _buckets(self, name: str, step_ms: int, days: int) -> Batch:
        columns: tuple[str, ...] = (
            "channel_id",
            "at_ms",
            "viewer_ms",
            "peak",
            "started",
            "unique_viewers",
        )
        columns += ("messages", "renditions")
        steps = max(ON_AIR_HOURS * HOUR_MS // step_ms, 1)

        def rows() -> Iterator[Sequence[Any]]:
            for day in range(days, 0, -1):
                begun = [(self._begins_ms(place, day), id_) for place, id_ in enumerate(self._ids)]
                for step in range(steps):
                    for at_ms, channel_id in begun:
                        begins_ms = at_ms - at_ms % step_ms + step * step_ms
                        watched_ms = self._chance.randrange(20, 60) * step_ms
                        yield channel_id, begins_ms, watched_ms, 60, 9, 70, 12, _RENDITIONS

        return Batch(name, columns, rows())

    def _figures(self) -> Batch:
        columns: tuple[str, ...] = (
            "broadcast_id",
            "channel_id",
            "started_ms",
            "computed_ms",
            "is_final",
        )
        columns += ("viewer_ms", "peak", "sessions", "unique_viewers", "messages")
        columns += ("followers_gained", "renditions", "retention", "moments")
        minutes = ON_AIR_HOURS * 60
        retention = json.dumps([[0.5, round(1 - at / minutes, 4)] for at in range(minutes)])
        moment = {"media_time_ms": 1, "duration_ms": 45_000, "score": 9.5, "messages": 70}
        moments = json.dumps([moment | {"viewers_gained": 3, "reason": "chat"}] * 10)
        return Batch(
            "viewer_broadcasts",
            columns,
            (
                (
                    *(broadcast_id, channel_id, at_ms, self._now_ms, True),
                    *(50 * ON_AIR_HOURS * HOUR_MS, 60, 500, 400, 3_000, 6),
                    *(_RENDITIONS, retention, moments),
                )
                for broadcast_id, channel_id, at_ms in self._broadcasts
            ),
        )

    def _spells(self) -> Batch:
        columns: tuple[str, ...] = (
            "id",
            "channel_id",
            "broadcast_id",
            "session",
            "viewer",
            "rendition",
            "player",
        )
        columns += ("started_ms", "ended_ms", "is_open", "server")
        recent = self._broadcasts[-RAW_DAYS * len(self._ids) :]

        def rows() -> Iterator[Sequence[Any]]:
            number = 0
            for broadcast_id, channel_id, at_ms in recent:
                for _ in range(SPELLS):
                    number += 1
                    began_ms = at_ms + self._chance.randrange(ON_AIR_HOURS * HOUR_MS)
                    ended_ms = began_ms + self._chance.randrange(HOUR_MS)
                    viewer = f"{self._chance.randrange(10**6):016x}"
                    yield (
                        *(f"spl_{number:026}", channel_id, broadcast_id, f"s{number}", viewer),
                        *("video", "hls.js", began_ms, ended_ms, False, "srv_A"),
                    )

        return Batch("viewer_spells", columns, rows())

    def _quality(self) -> Iterator[Batch]:
        columns: tuple[str, ...] = ("channel_id", "dimension", "at_ms", "value", "figures")
        labels = [("", ""), *(("browser", browser) for browser in _BROWSERS)]
        kept = _kept_quality()
        for name, step_ms, days in (
            ("quality_minutes", MINUTE_MS, QUALITY_MINUTE_DAYS),
            ("quality_hours", HOUR_MS, QUALITY_HOUR_DAYS),
            ("quality_days", DAY_MS, DAYS),
        ):
            more = ("srv_A",) if step_ms == MINUTE_MS else ()
            yield Batch(
                name,
                (*columns, "server") if more else columns,
                (
                    (
                        *(channel_id, dimension, at_ms - at_ms % step_ms + step * step_ms),
                        *(value, kept, *more),
                    )
                    for day in range(days, 0, -1)
                    for step in range(max(ON_AIR_HOURS * HOUR_MS // step_ms, 1))
                    for place, channel_id in enumerate(self._ids)
                    for at_ms in (self._begins_ms(place, day),)
                    for dimension, value in labels
                ),
            )
        yield Batch("quality_marks", ("name", "at_ms"), [("rolled", self._today_ms)])


def _kept_quality() -> bytes:
    chance = random.Random(2)
    figures = Figures(sessions=40, watched_ms=10**8, stalls=12, stalled_ms=10**5, requests=9_000)
    for histogram in (figures.startup_ms, figures.latency_ms, figures.buffer_ms):
        assert isinstance(histogram, Histogram)
        for _ in range(300):
            histogram.add(int(chance.lognormvariate(7, 0.5)))
    return pack(figures)


def _into_sqlite(file: Path, batches: Iterable[Batch]) -> int:
    count = 0
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -200000")
        for batch in batches:
            places = ", ".join("?" * len(batch.columns))
            statement = f"INSERT OR REPLACE INTO {batch.table} ({', '.join(batch.columns)})"
            connection.execute("BEGIN")
            done = connection.executemany(f"{statement} VALUES ({places})", batch.rows)
            count += done.rowcount
            connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    return count


async def _into_postgresql(url: str, batches: Iterable[Batch]) -> int:
    count = 0
    connection = await asyncpg.connect(url)
    try:
        # Rows are known to be whole: looking each channel up millions of times takes minutes.
        await connection.execute("SET session_replication_role = replica")
        for batch in batches:
            rows = iter(batch.rows)
            while page := [tuple(row) for row in islice(rows, _PAGE)]:
                await connection.copy_records_to_table(
                    batch.table, records=page, columns=batch.columns
                )
                count += len(page)
    finally:
        await connection.close()
    return count
