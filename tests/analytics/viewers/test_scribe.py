"""Spells in real databases: batches, marks, servers that are gone, outages and deleted channels."""

from typing import Any

import pytest
from sqlalchemy import Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.tables import channels
from accounts.storage import BusyError, Database, StorageError
from analytics.viewers.guest import GuestBook
from analytics.viewers.salts import Salts
from analytics.viewers.scribe import ViewerScribe
from analytics.viewers.tables import viewer_marks, viewer_salts, viewer_spells
from tests.accounts.channels.world import World
from tests.analytics.viewers.crowd import AHEAD_MS, Crowd, Player, Shows

DAY_MS = 86_400_000


class Ids:
    """The channel that there is."""

    def __init__(self, channel_id: str) -> None:
        self._channel_id = channel_id

    def channel_id(self, channel: str) -> str | None:
        return self._channel_id if channel == "ada" else None

    def broadcast_id(self, channel: str) -> str | None:
        del channel
        return "brd_1"


class Process:
    """One server that counts viewers on a database; `ahead_ms` is how far its wall clock is."""

    def __init__(self, database: Database, channel_id: str, backlog_rows: int = 200_000) -> None:
        self.crowd = Crowd(Shows(channels=("ada", "elsewhere")))
        self.ahead_ms = AHEAD_MS
        self.scribe = ViewerScribe(
            database,
            self.crowd.ledger,
            self.crowd.book,
            Salts(database),
            Ids(channel_id),
            clock=lambda: self.crowd.now + self.ahead_ms,
            steady_ms=lambda: self.crowd.now,
            backlog_rows=backlog_rows,
        )

    def players(self, count: int, channel: str = "ada") -> list[Player]:
        return [
            Player(self.crowd, f"198.51.{number // 250}.{number % 250}", channel=channel).start()
            for number in range(count)
        ]

    def watch(self, players: list[Player], seconds: int) -> None:
        for _ in range(seconds):
            for player in players:
                player.ask()
            self.crowd.wait(1_000)


@pytest.fixture
async def channel_id(world: World) -> str:
    return (await world.channel("ada")).id


@pytest.fixture
def process(database: Database, channel_id: str) -> Process:
    return Process(database, channel_id)


async def fetch(database: Database, query: Select[Any]) -> list[Any]:
    async with database.reading() as connection:
        return list((await connection.execute(query)).all())


async def spells(database: Database) -> list[Any]:
    query = select(viewer_spells).order_by(viewer_spells.c.started_ms, viewer_spells.c.id)
    return await fetch(database, query)


async def test_spells_are_written_once_and_closed_once(
    process: Process, database: Database
) -> None:
    players = process.players(3)
    process.watch(players, 10)
    await process.scribe.flush()
    rows = await spells(database)
    assert [row.is_open for row in rows] == [True] * 3
    assert {row.broadcast_id for row in rows} == {"brd_1"}
    assert len({row.viewer for row in rows}) == len({row.session for row in rows}) == 3
    process.watch(players[:2], 20)
    await process.scribe.flush()
    rows = await spells(database)
    assert sorted(row.is_open for row in rows) == [False, True, True]
    [ended] = [row for row in rows if not row.is_open]
    assert ended.ended_ms - ended.started_ms == 9_000
    [mark] = await fetch(database, select(viewer_marks))
    assert mark.at_ms == process.crowd.now + AHEAD_MS
    assert process.scribe.written_count == 4


async def test_others_channels_are_not_written(process: Process, database: Database) -> None:
    process.watch(process.players(2, "elsewhere"), 5)
    await process.scribe.flush()
    assert await spells(database) == []


async def test_a_killed_server_loses_one_flush(
    process: Process, database: Database, channel_id: str
) -> None:
    players = process.players(4)
    process.watch(players, 10)
    await process.scribe.flush()
    process.watch(players, 3)
    await process.scribe.flush()
    marked_ms = process.crowd.now + AHEAD_MS
    process.watch(players, 4)  # and then it is killed
    following = Process(database, channel_id)
    following.ahead_ms += 120_000  # it is back two minutes later
    await following.scribe.prepare()
    rows = await spells(database)
    assert [(row.is_open, row.ended_ms) for row in rows] == [(False, marked_ms)] * 4
    assert await fetch(database, select(viewer_marks)) == []


async def test_a_server_beside_others_closes_those_that_are_gone(
    process: Process, database: Database, channel_id: str
) -> None:
    other = Process(database, channel_id)
    process.watch(process.players(1), 5)
    other.watch(other.players(1), 5)
    await process.scribe.flush()
    await other.scribe.flush()
    await process.scribe.recover()
    is_alone = database.is_sqlite
    assert [row.is_open for row in await spells(database)].count(True) == (1 if is_alone else 2)
    process.watch([], 70)
    await process.scribe.recover()
    still_open = [row for row in await spells(database) if row.is_open]
    assert [row.server for row in still_open] == [process.scribe.server]


async def test_a_database_that_is_away_is_waited_for(
    process: Process, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    players = process.players(5)
    process.watch(players, 5)

    async def fail(*_: object, **__: object) -> None:
        raise BusyError("away")

    with monkeypatch.context() as away:
        away.setattr(database, "write", fail)
        with pytest.raises(StorageError):
            await process.scribe.flush()
        process.watch(players[:3], 30)
        with pytest.raises(StorageError):
            await process.scribe.flush()
    assert len(process.scribe) == 7
    await process.scribe.flush()
    rows = await spells(database)
    assert sorted(row.is_open for row in rows) == [False, False, True, True, True]
    assert (len(process.scribe), process.scribe.dropped_count) == (0, 0)


async def test_a_backlog_is_bounded(
    database: Database, channel_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Process(database, channel_id, backlog_rows=10)

    async def fail(*_: object, **__: object) -> None:
        raise BusyError("away")

    process.watch(process.players(25), 5)
    with monkeypatch.context() as away:
        away.setattr(database, "write", fail)
        with pytest.raises(StorageError):
            await process.scribe.flush()
    assert (len(process.scribe), process.scribe.dropped_count) == (10, 15)
    await process.scribe.flush()
    assert len(await spells(database)) == 10


async def test_many_are_written_in_batches(process: Process, database: Database) -> None:
    process.watch(process.players(2_500), 3)
    await process.scribe.flush()
    [count] = await fetch(database, select(func.count().label("n")).select_from(viewer_spells))
    assert count.n == 2_500


async def test_what_was_written_twice_is_there_once(process: Process, database: Database) -> None:
    """A commit whose answer was lost is repeated."""
    process.watch(process.players(2), 5)
    real, is_lost = database.write, [True]

    async def lose(work: Any, **options: Any) -> Any:
        result: Any = await real(work, **options)
        if is_lost:
            raise BusyError("the answer was lost")
        return result

    await process.scribe.flush()
    process.watch(process.players(3), 5)
    database.write = lose  # type: ignore[method-assign] # the one seam
    try:
        with pytest.raises(StorageError):
            await process.scribe.flush()
        is_lost.clear()
        await process.scribe.flush()
    finally:
        database.write = real  # type: ignore[method-assign]
    assert len(await spells(database)) == 5


async def test_a_deleted_channel_keeps_back_nobody(
    process: Process, world: World, database: Database
) -> None:
    process.watch(process.players(2), 5)

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(delete(channels))

    await world.database.write(work)
    await process.scribe.flush()
    assert await spells(database) == []
    assert len(process.scribe) == 0


@pytest.mark.parametrize("step_ms", [-DAY_MS, DAY_MS])
async def test_a_clock_that_is_set_is_followed(
    process: Process, database: Database, step_ms: int
) -> None:
    players = process.players(1)
    process.watch(players, 10)
    await process.scribe.flush()
    process.ahead_ms += step_ms
    process.watch(players, 10)
    await process.scribe.flush()
    process.watch(players, 10)
    process.crowd.wait(20_000)
    await process.scribe.flush()
    rows = await spells(database)
    lengths_ms = sorted(row.ended_ms - row.started_ms for row in rows)
    assert all(0 <= length_ms <= 30_000 for length_ms in lengths_ms)
    assert 27_000 <= sum(lengths_ms) <= 30_000
    [mark] = await fetch(database, select(viewer_marks))
    assert mark.at_ms == process.crowd.now + AHEAD_MS + step_ms


async def test_the_end_closes_everything(process: Process, database: Database) -> None:
    process.watch(process.players(2), 5)
    await process.scribe.finish()
    assert [row.is_open for row in await spells(database)] == [False, False]


async def test_hashes_are_those_of_the_day(database: Database) -> None:
    guest = GuestBook(b"secret").guest("198.51.100.1", "Mozilla/5.0")
    first, restarted = Salts(database), Salts(database)
    await first.turn(5 * DAY_MS)
    await restarted.turn(5 * DAY_MS + 1)
    assert first.hash_viewer(guest) == restarted.hash_viewer(guest)
    assert first.hash_viewer(guest) != Salts(database).hash_viewer(guest)
    before = first.hash_viewer(guest)
    await first.turn(6 * DAY_MS)
    assert first.hash_viewer(guest) != before
    assert [row.day for row in await fetch(database, select(viewer_salts))] == [6]


async def test_a_full_backlog_leaves_nobody_watching_for_ever(
    database: Database, channel_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beginnings may be dropped; an end that is dropped would leave its spell open."""
    process = Process(database, channel_id, backlog_rows=10)
    process.watch(process.players(8), 5)
    await process.scribe.flush()

    async def fail(*_: object, **__: object) -> None:
        raise BusyError("away")

    with monkeypatch.context() as away:
        away.setattr(database, "write", fail)
        for number in range(6):
            process.watch(process.players(15), 5)
            with pytest.raises(StorageError):
                await process.scribe.flush()
            process.crowd.wait(20_000)
            assert len(process.scribe) <= 10 + 8 + 10, number
    process.watch([], 20)
    await process.scribe.flush()
    rows = await spells(database)
    assert [row.is_open for row in rows] == [False] * 18
    assert max(row.ended_ms - row.started_ms for row in rows) <= 5_000


async def test_a_server_killed_among_its_first_batches_has_a_mark(
    process: Process, database: Database, channel_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.watch(process.players(2_500), 3)
    real, left = database.write, [2]  # the day's salt, and one batch

    async def die(work: Any, **options: Any) -> Any:
        if not left[0]:
            raise BusyError("killed")
        left[0] -= 1
        return await real(work, **options)

    with monkeypatch.context() as killed:
        killed.setattr(database, "write", die)
        with pytest.raises(StorageError):
            await process.scribe.flush()
    following = Process(database, channel_id)
    following.ahead_ms += 120_000
    await following.scribe.prepare()
    rows = await spells(database)
    assert [row.is_open for row in rows] == [False] * 1_000


async def test_an_outage_over_midnight_makes_nobody_somebody_else(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise BusyError("away")

    guest = GuestBook(b"secret").guest("198.51.100.1", "Mozilla/5.0")
    salts = Salts(database)
    await salts.turn(5 * DAY_MS)
    hashes = [salts.hash_viewer(guest)]
    with monkeypatch.context() as away:
        away.setattr(database, "write", fail)
        for attempt in range(3):
            with pytest.raises(StorageError):
                await salts.turn(6 * DAY_MS + attempt * 5_000)
            hashes.append(salts.hash_viewer(guest))
    await salts.turn(6 * DAY_MS + 60_000)
    hashes.append(salts.hash_viewer(guest))
    assert len(set(hashes[1:])) == 1
    assert hashes[0] != hashes[1]
