"""Minutes, hours and days of playback quality on both databases, against a plain recomputation."""

import json
import random
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from accounts.storage import StorageError
from accounts.storage.ids import new_id
from analytics.history.step import DAY_MS, HOUR_MS, MINUTE_MS, Step, TimeRange
from analytics.quality.figures import Figures
from analytics.quality.keeping import GRACE_MS, QualityKeeper
from analytics.quality.labels import Dimension, Labels
from analytics.quality.reading import QualityHistory
from analytics.quality.rows import TABLES
from analytics.quality.settings import QualitySettings
from analytics.quality.tally import QualityTally
from config.channel_belongings import ChannelBelongings
from tests.accounts.channels.world import OWNER, START_MS, World

MIDNIGHT = START_MS - START_MS % DAY_MS
BROWSERS = ("firefox", "chrome")
Told = tuple[int, Labels, int]  # when, by whom, how long it was watched


class Measured:
    """A channel, and one process that keeps what is told of it."""

    def __init__(self, world: World, channel_id: str, **settings: Any) -> None:
        self.world = world
        self.channel_id = channel_id
        self._settings = QualitySettings(**settings)
        self.history = QualityHistory(world.database)
        self.start()

    def start(self) -> None:
        """Begin as a new process does: nothing but the database is known."""
        self.tally = QualityTally(self._settings.label_values, 1_000)
        self.keeper = QualityKeeper(
            self.world.database, self.world.clock, self._settings, self.tally
        )

    def tell(self, told: Sequence[Told]) -> None:
        for at_ms, labels, watched_ms in told:
            figures = self.tally.figures(self.channel_id, at_ms, labels)
            figures.sessions += 1
            figures.watched_ms += watched_ms
            figures.latency_ms.add(watched_ms)

    async def read(
        self, from_ms: int, to_ms: int, step: Step, by: Dimension | None = None
    ) -> dict[Any, int]:
        """Return the watched time of each step, or of each value."""
        read = await self.history.read(self.channel_id, TimeRange(from_ms, to_ms, step), by)
        found = read.steps if by is None else read.values
        assert sum(each.watched_ms for each in found.values()) == read.total.watched_ms
        return {key: figures.watched_ms for key, figures in found.items()}

    async def count(self, step: Step) -> int:
        async with self.world.database.reading() as connection:
            return (await connection.scalar(select(func.count()).select_from(TABLES[step]))) or 0


@pytest.fixture
async def measured(world: World) -> Measured:
    channel = await world.channel("studio")
    return Measured(world, channel.id)


def some_told(seed: int, from_ms: int, to_ms: int, times: int = 120) -> list[Told]:
    chance = random.Random(seed)
    return [
        (
            chance.randrange(from_ms, to_ms),
            Labels(chance.choice(BROWSERS), "hls.js", chance.choice(("de", "at")), f"l{seed % 3}"),
            chance.randrange(1, 60_000),
        )
        for _ in range(times)
    ]


def plain(told: Sequence[Told], step: Step) -> dict[int, int]:
    found: dict[int, int] = {}
    for at_ms, _, watched_ms in told:
        begin_ms = at_ms - at_ms % step.ms
        found[begin_ms] = found.get(begin_ms, 0) + watched_ms
    return found


def plain_values(told: Sequence[Told], dimension: Dimension) -> dict[str, int]:
    found: dict[str, int] = {}
    for _, labels, watched_ms in told:
        value = getattr(labels, dimension)
        found[value] = found.get(value, 0) + watched_ms
    return found


@pytest.mark.parametrize("seed", range(2))
async def test_all_steps_are_those_of_a_plain_recomputation(measured: Measured, seed: int) -> None:
    begin_ms, end_ms = MIDNIGHT - 3 * HOUR_MS, MIDNIGHT + 2 * HOUR_MS + 40 * MINUTE_MS
    told = some_told(seed, begin_ms, end_ms)
    measured.tell(told)
    measured.world.now_ms = end_ms
    await measured.keeper.flush()
    for _ in range(2):  # whatever is made may be made again
        for step in Step:
            first_ms, last_ms = begin_ms - begin_ms % step.ms, end_ms + -end_ms % step.ms
            assert await measured.read(first_ms, last_ms, step) == plain(told, step)
            for dimension in Dimension:
                found = await measured.read(first_ms, last_ms, step, dimension)
                assert found == plain_values(told, dimension)
        await measured.keeper.roll_up()
        await measured.keeper.roll_up()
    assert await measured.count(Step.HOUR) > 0


async def test_a_killed_process_has_lost_what_was_not_flushed(measured: Measured) -> None:
    measured.world.now_ms = MIDNIGHT
    labels = Labels("firefox", "hls.js", "de", "de")
    measured.tell([(MIDNIGHT, labels, 5)])
    await measured.keeper.flush()
    measured.tell([(MIDNIGHT + 1_000, labels, 7)])
    await measured.keeper.flush()
    measured.tell([(MIDNIGHT + 2_000, labels, 11)])
    measured.start()  # the last eleven are gone
    measured.tell([(MIDNIGHT + 3_000, labels, 13)])
    await measured.keeper.flush()
    await measured.keeper.flush()
    assert await measured.read(MIDNIGHT, MIDNIGHT + MINUTE_MS, Step.MINUTE) == {MIDNIGHT: 25}


async def test_minutes_written_late_come_into_their_hour(measured: Measured) -> None:
    labels = Labels("firefox", "hls.js", "de", "de")
    measured.tell([(MIDNIGHT + HOUR_MS - 1, labels, 5)])
    measured.world.now_ms = MIDNIGHT + 3 * HOUR_MS
    await measured.keeper.flush()
    await measured.keeper.roll_up()
    measured.tell([(MIDNIGHT, labels, 7)])
    await measured.keeper.flush()
    await measured.keeper.roll_up()
    for step in Step:
        to_ms = MIDNIGHT + max(HOUR_MS, step.ms)
        assert sum((await measured.read(MIDNIGHT, to_ms, step)).values()) == 12


async def test_an_hour_is_made_once_all_servers_have_written(measured: Measured) -> None:
    measured.tell([(MIDNIGHT, Labels("firefox", "hls.js", "de", "de"), 5)])
    measured.world.now_ms = MIDNIGHT + HOUR_MS + GRACE_MS - 1
    await measured.keeper.flush()
    await measured.keeper.roll_up()
    assert await measured.count(Step.HOUR) == 0
    measured.world.now_ms += 1
    await measured.keeper.roll_up()
    assert await measured.count(Step.HOUR) == 5
    assert await measured.count(Step.DAY) == 5


async def test_the_old_is_forgotten_and_what_was_made_of_it_stays(world: World) -> None:
    channel = await world.channel("studio")
    measured = Measured(world, channel.id, raw_days=2, hour_days=5)
    told = some_told(1, MIDNIGHT, MIDNIGHT + 9 * DAY_MS, 300)
    measured.tell(told)
    world.now_ms = MIDNIGHT + 9 * DAY_MS + GRACE_MS
    await measured.keeper.flush()
    await measured.keeper.roll_up()
    await measured.keeper.forget()
    days = await measured.read(MIDNIGHT, MIDNIGHT + 9 * DAY_MS, Step.DAY)
    assert days == plain(told, Step.DAY)
    hours = await measured.read(MIDNIGHT, MIDNIGHT + 9 * DAY_MS, Step.HOUR)
    assert hours == plain([each for each in told if each[0] >= MIDNIGHT + 4 * DAY_MS], Step.HOUR)
    from_ms = MIDNIGHT + 8 * DAY_MS - DAY_MS // 2
    minutes = await measured.read(from_ms, from_ms + DAY_MS, Step.MINUTE)
    there = [each for each in told if from_ms <= each[0] < from_ms + DAY_MS]
    assert minutes == plain(there, Step.MINUTE)
    gone = await measured.read(MIDNIGHT + 6 * DAY_MS, MIDNIGHT + 7 * DAY_MS, Step.MINUTE)
    assert gone == {}


async def test_channels_that_are_no_more_take_nobody_with_them(measured: Measured) -> None:
    labels = Labels("firefox", "hls.js", "de", "de")
    measured.tally.figures(new_id("chn"), MIDNIGHT, labels).watched_ms += 3
    measured.tell([(MIDNIGHT, labels, 5)])
    measured.world.now_ms = MIDNIGHT + HOUR_MS
    await measured.keeper.flush()
    assert len(measured.tally) == 0
    assert await measured.read(MIDNIGHT, MIDNIGHT + HOUR_MS, Step.HOUR) == {MIDNIGHT: 5}


async def test_a_channel_takes_its_figures_with_it(measured: Measured) -> None:
    measured.tell([(MIDNIGHT, Labels("firefox", "hls.js", "de", "de"), 5)])
    measured.world.now_ms = MIDNIGHT + 3 * HOUR_MS
    await measured.keeper.flush()
    await measured.keeper.roll_up()
    await measured.world.channels.delete("studio", OWNER)
    for step in Step:
        assert await measured.count(step) == 0


async def test_what_could_not_be_written_is_written_later(
    measured: Measured, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise StorageError("away")

    measured.tell([(MIDNIGHT, Labels("firefox", "hls.js", "de", "de"), 5)])
    measured.world.now_ms = MIDNIGHT + HOUR_MS
    with monkeypatch.context() as patch:
        patch.setattr(measured.world.database, "write", fail)
        with pytest.raises(StorageError):
            await measured.keeper.flush()
    assert len(measured.tally) == 1
    await measured.keeper.flush()
    assert len(measured.tally) == 0
    assert await measured.read(MIDNIGHT, MIDNIGHT + HOUR_MS, Step.HOUR) == {MIDNIGHT: 5}


async def test_days_have_bounded_values_and_the_rest_together(world: World) -> None:
    channel = await world.channel("studio")
    measured = Measured(world, channel.id, label_values=4)
    for number in range(12):  # each process of that day knows some
        measured.start()
        labels = Labels("firefox", "hls.js", f"c{number}", "de")
        measured.tell([(MIDNIGHT + number, labels, number + 1)])
        await measured.keeper.flush()
    world.now_ms = MIDNIGHT + DAY_MS + GRACE_MS
    await measured.keeper.roll_up()
    found = await measured.read(MIDNIGHT, MIDNIGHT + DAY_MS, Step.DAY, Dimension.COUNTRY)
    assert found == {"c11": 12, "c10": 11, "c9": 10, "c8": 9, "other": sum(range(1, 9))}


async def test_nothing_told_is_nothing(measured: Measured) -> None:
    measured.world.now_ms = MIDNIGHT + DAY_MS
    await measured.keeper.flush()
    await measured.keeper.roll_up()
    await measured.keeper.forget()
    wanted = TimeRange(MIDNIGHT, MIDNIGHT + DAY_MS, Step.HOUR)
    read = await measured.history.read(measured.channel_id, wanted, Dimension.BROWSER)
    assert read.total == Figures()
    assert not read.steps
    assert not read.values


async def test_a_clock_that_is_set_back_loses_nothing(measured: Measured) -> None:
    labels = Labels("firefox", "hls.js", "de", "de")
    for watched_ms in (5, 7, 11):
        measured.tell([(MIDNIGHT, labels, watched_ms)])
        measured.world.now_ms = MIDNIGHT + MINUTE_MS
        await measured.keeper.flush()
        assert len(measured.tally) == 0
        measured.world.now_ms = MIDNIGHT
    assert await measured.read(MIDNIGHT, MIDNIGHT + MINUTE_MS, Step.MINUTE) == {MIDNIGHT: 23}


async def test_nothing_that_is_kept_can_name_anybody(measured: Measured) -> None:
    """There is nothing to export or delete for viewers; owners take their channels' days along."""
    kept = {"channel_id", "dimension", "at_ms", "value", "figures"}
    assert {column.name for column in TABLES[Step.MINUTE].c} == kept | {"server"}
    for step in (Step.HOUR, Step.DAY):
        assert {column.name for column in TABLES[step].c} == kept
    measured.tell([(MIDNIGHT, Labels("firefox", "hls.js", "de", "de"), 5)])
    measured.world.now_ms = MIDNIGHT + 3 * HOUR_MS
    await measured.keeper.flush()
    await measured.keeper.roll_up()
    exported = await ChannelBelongings(measured.world.database).export(OWNER.account_id or "")
    days = {(row["dimension"], row["value"]): row["figures"] for row in exported["quality-days"]}
    figures = json.loads(json.dumps(days["browser", "firefox"]))
    assert (figures["sessions"], figures["watched_ms"]) == (1, 5)
    assert figures["latency_ms"] == [[5, 1]]
    others = await ChannelBelongings(measured.world.database).export("acc_FAN")
    assert others["quality-days"] == []
