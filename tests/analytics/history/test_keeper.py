"""Roll-ups on both databases, against a plain recomputation of the same spells."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select, update

from accounts.chat.tables import chat_messages
from analytics.history.figures import Bucket
from analytics.history.horizon import LATE_MS
from analytics.history.rollup import Spell
from analytics.history.step import DAY_MS, HOUR_MS, MINUTE_MS, Step
from analytics.history.tables import viewer_broadcasts
from analytics.viewers.tables import viewer_spells
from tests.accounts.channels.world import OWNER, World
from tests.analytics.history.counted_channel import (
    MIDNIGHT,
    CountedChannel,
    counted_channel,
    keeper_of,
)
from tests.analytics.history.plain_count import plain_bucket


@pytest.fixture
async def counted(world: World) -> CountedChannel:
    return await counted_channel(world)


def some_spells(seed: int, begin_ms: int, end_ms: int, sessions: int = 25) -> list[Spell]:
    """Sessions at random, whose moments are at bounds of minutes as often as not."""
    chance = random.Random(seed)
    found: list[Spell] = []
    for number in range(sessions):
        at_ms = chance.randrange(begin_ms, end_ms)
        if chance.random() < 0.5:
            at_ms -= at_ms % MINUTE_MS
        for _ in range(chance.randrange(1, 4)):
            length_ms = chance.choice((0, 1, MINUTE_MS, 7 * MINUTE_MS, chance.randrange(HOUR_MS)))
            ended_ms = min(at_ms + length_ms, end_ms)
            found.append(
                Spell(
                    f"session{seed}-{number}",
                    f"viewer{number % 9}",
                    chance.choice(("video", "audio")),
                    at_ms,
                    ended_ms,
                )
            )
            at_ms = ended_ms + chance.choice((0, 1, 1_000, 20 * MINUTE_MS))
            if at_ms >= end_ms:
                break
    return found


def plain(spells: Sequence[Spell], step: Step, begin_ms: int, end_ms: int) -> list[Bucket]:
    first_ms = begin_ms - begin_ms % step.ms
    found = (
        plain_bucket(spells, at_ms, min(at_ms + step.ms, end_ms))
        for at_ms in range(first_ms, end_ms, step.ms)
    )
    return [each for each in found if each is not None]


async def same_as_plain(
    counted: CountedChannel, spells: Sequence[Spell], begin_ms: int, end_ms: int
) -> None:
    for step in Step:
        assert await counted.buckets(step) == plain(spells, step, begin_ms, end_ms), step


@pytest.mark.parametrize("seed", range(3))
async def test_all_steps_are_those_of_a_plain_recomputation(
    counted: CountedChannel, seed: int
) -> None:
    begin_ms, end_ms = MIDNIGHT - 3 * HOUR_MS, MIDNIGHT + 2 * HOUR_MS
    spells = some_spells(seed, begin_ms, end_ms)
    await counted.watch(spells)
    await counted.mark(end_ms + 2_000)
    await counted.keeper.look()
    await same_as_plain(counted, spells, begin_ms, end_ms)
    made = [await counted.buckets(step) for step in Step]
    await counted.keeper.recompute(begin_ms, end_ms)
    assert [await counted.buckets(step) for step in Step] == made
    await counted.forget()
    await counted.keeper.recompute(begin_ms, end_ms)
    assert [await counted.buckets(step) for step in Step] == made


async def test_minute_by_minute_ends_as_all_at_once(counted: CountedChannel) -> None:
    begin_ms, end_ms = MIDNIGHT - 40 * MINUTE_MS, MIDNIGHT + 30 * MINUTE_MS
    # Two of one session that began at one moment could not be told apart when they are closed.
    apart = {
        (each.session, each.started_ms): each
        for each in some_spells(7, begin_ms, end_ms, sessions=12)
    }
    spells = list(apart.values())
    for now_ms in range(begin_ms + MINUTE_MS, end_ms + LATE_MS, MINUTE_MS):
        due = [each for each in spells if now_ms - MINUTE_MS <= each.started_ms < now_ms]
        for each in due:  # as servers do: inserted once, and closed once
            await counted.watch([replace(each, ended_ms=each.started_ms)], is_open=True)
        async with counted.world.database.writing() as connection:
            for each in spells:
                if each.started_ms < now_ms and now_ms - MINUTE_MS <= each.ended_ms < now_ms:
                    await connection.execute(
                        update(viewer_spells)
                        .where(
                            viewer_spells.c.session == each.session,
                            viewer_spells.c.started_ms == each.started_ms,
                            viewer_spells.c.is_open,
                        )
                        .values(is_open=False, ended_ms=each.ended_ms)
                    )
        await counted.mark(now_ms)
        await counted.keeper.look()
    counted.world.now_ms += HOUR_MS
    await counted.mark(counted.world.now_ms)
    await counted.keeper.look()
    await same_as_plain(counted, spells, begin_ms, end_ms)


async def test_what_goes_on_is_counted_up_to_its_servers_mark(counted: CountedChannel) -> None:
    spell = Spell("s", "v", "video", MIDNIGHT + 30_000, MIDNIGHT + 30_000)
    await counted.watch([spell], is_open=True)
    await counted.mark(MIDNIGHT + 3 * MINUTE_MS + 5_000)
    await counted.keeper.look()
    assert [each.viewer_ms for each in await counted.buckets(Step.MINUTE)] == [
        30_000,
        MINUTE_MS,
        MINUTE_MS,
    ]
    # Killed: another one closes what it left at its mark, which changes nothing.
    await counted.mark(MIDNIGHT + 10 * MINUTE_MS, server="srv_b")
    await counted.keeper.look()
    before = await counted.buckets(Step.MINUTE)
    assert sum(each.viewer_ms for each in before) == 2 * MINUTE_MS + 35_000
    async with counted.world.database.writing() as connection:
        await connection.execute(
            update(viewer_spells).values(is_open=False, ended_ms=MIDNIGHT + 3 * MINUTE_MS + 5_000)
        )
    await counted.mark(MIDNIGHT + 11 * MINUTE_MS, server="srv_b")
    await counted.keeper.look()
    assert await counted.buckets(Step.MINUTE) == before


async def test_who_had_left_before_it_was_noticed_is_taken_out_again(
    counted: CountedChannel,
) -> None:
    await counted.watch([Spell("s", "v", "video", MIDNIGHT, MIDNIGHT)], is_open=True)
    await counted.mark(MIDNIGHT + 2 * MINUTE_MS)
    await counted.keeper.look()
    assert len(await counted.buckets(Step.MINUTE)) == 2
    async with counted.world.database.writing() as connection:
        await connection.execute(
            update(viewer_spells).values(is_open=False, ended_ms=MIDNIGHT + 50_000)
        )
    await counted.mark(MIDNIGHT + 3 * MINUTE_MS)
    await counted.keeper.look()
    (minute,) = await counted.buckets(Step.MINUTE)
    assert minute.viewer_ms == 50_000
    (hour,) = await counted.buckets(Step.HOUR)
    assert hour.viewer_ms == 50_000


async def test_spells_that_come_late_open_their_time_again(counted: CountedChannel) -> None:
    begin_ms, end_ms = MIDNIGHT - 2 * HOUR_MS, MIDNIGHT + HOUR_MS
    early, late = some_spells(1, begin_ms, end_ms, 6), some_spells(2, begin_ms, end_ms, 6)
    await counted.mark(begin_ms, server="srv_b")  # and is cut off from the database
    await counted.watch(early)
    await counted.mark(end_ms)
    await counted.keeper.look()
    await same_as_plain(counted, early, begin_ms, end_ms)
    await counted.watch(late, server="srv_b")
    await counted.mark(end_ms + 3 * MINUTE_MS, server="srv_b")
    counted.world.now_ms += HOUR_MS
    await counted.keeper.look()
    await same_as_plain(counted, [*early, *late], begin_ms, end_ms)


async def test_days_whose_spells_are_gone_stay_as_they_were(world: World) -> None:
    counted = await counted_channel(world, raw_days=2)
    begin_ms, end_ms = MIDNIGHT, MIDNIGHT + 3 * HOUR_MS
    spells = some_spells(3, begin_ms, end_ms)
    await counted.watch(spells)
    await counted.mark(end_ms)
    await counted.keeper.look()
    made = [await counted.buckets(step) for step in Step]
    later_ms = end_ms + 4 * DAY_MS
    await counted.watch([Spell("new", "v", "video", later_ms - MINUTE_MS, later_ms)])
    await counted.mark(later_ms)
    await counted.keeper.look()
    async with world.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(viewer_spells)) == 1
    await counted.keeper.recompute(begin_ms, end_ms)
    assert [(await counted.buckets(step))[:-1] for step in Step] == made
    await counted.mark(later_ms + 95 * DAY_MS)
    await counted.keeper.look()
    assert await counted.buckets(Step.MINUTE) == []
    assert (await counted.buckets(Step.DAY))[:-1] == made[-1]


async def test_chat_counts_although_nobody_watches_and_messages_are_deleted(
    counted: CountedChannel,
) -> None:
    await counted.say(MIDNIGHT + 10, 3)
    await counted.say(MIDNIGHT + MINUTE_MS, 2)
    await counted.watch([Spell("s", "v", "video", MIDNIGHT + MINUTE_MS, MIDNIGHT + 90_000)])
    await counted.mark(MIDNIGHT + 2 * MINUTE_MS)
    await counted.keeper.look()
    minutes = [(each.messages, each.viewer_ms) for each in await counted.buckets(Step.MINUTE)]
    assert minutes == [(3, 0), (2, 30_000)]
    async with counted.world.database.writing() as connection:
        await connection.execute(delete(chat_messages))
    await counted.keeper.recompute(MIDNIGHT, MIDNIGHT + HOUR_MS)
    for step in (Step.HOUR, Step.DAY):
        assert [each.messages for each in await counted.buckets(step)] == [5]


async def test_one_of_two_keepers_has_the_turn_until_it_is_gone(counted: CountedChannel) -> None:
    world, other = counted.world, keeper_of(counted.world)
    await counted.watch([Spell("s", "v", "video", MIDNIGHT, MIDNIGHT + MINUTE_MS)])
    await counted.mark(MIDNIGHT + MINUTE_MS)
    await counted.keeper.look()
    await other.look()
    assert (counted.keeper.hours_rolled, other.hours_rolled) == (1, 0)
    await counted.keeper.close()
    await counted.mark(MIDNIGHT + 2 * MINUTE_MS)
    await other.look()
    assert (counted.keeper.hours_rolled, other.hours_rolled) == (1, 1)
    world.now_ms += HOUR_MS  # the other was killed
    await counted.mark(world.now_ms)
    await counted.keeper.look()
    assert counted.keeper.hours_rolled > 1


async def test_two_at_once_make_the_same_as_one(counted: CountedChannel) -> None:
    begin_ms, end_ms = MIDNIGHT, MIDNIGHT + 2 * HOUR_MS
    spells = some_spells(4, begin_ms, end_ms)
    await counted.watch(spells)
    await counted.mark(end_ms)
    await counted.keeper.look()
    await counted.forget()
    others = [keeper_of(counted.world) for _ in range(2)]
    await asyncio.gather(*(each.recompute(begin_ms, end_ms) for each in others))
    await same_as_plain(counted, spells, begin_ms, end_ms)


async def test_a_channel_takes_its_figures_with_it(counted: CountedChannel) -> None:
    world = counted.world
    await counted.broadcast(MIDNIGHT, MIDNIGHT + HOUR_MS)
    await counted.watch(some_spells(5, MIDNIGHT, MIDNIGHT + HOUR_MS))
    await counted.mark(MIDNIGHT + 2 * HOUR_MS)
    await counted.keeper.look()
    assert await counted.buckets(Step.DAY)
    await world.channels.delete("studio", OWNER)
    for step in Step:
        assert await counted.buckets(step) == []
    async with world.database.reading() as connection:
        for table in (viewer_broadcasts, viewer_spells):
            assert await connection.scalar(select(func.count()).select_from(table)) == 0
    await counted.mark(MIDNIGHT + 3 * HOUR_MS)
    await counted.keeper.look()
