"""The outbox, on both databases: facts come with their change, in one order, and none is lost."""

import asyncio

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.channels.channel import ChannelEdit
from accounts.channels.follows import Level
from accounts.channels.live_fact import LiveEnded, LiveInterrupted, LiveResumed, LiveStarted
from accounts.facts import Fact, FactKind, write_fact
from accounts.facts.dispatcher import FactDispatcher
from accounts.facts.recall import recall
from accounts.facts.sequence import facts_after, place_facts
from accounts.facts.tables import facts
from accounts.storage import Database
from tests.accounts.channels.world import FAN, OWNER, START_MS, World, any_revision
from tests.support.databases import opened_database

DAY_MS = 86_400_000


@pytest.fixture
async def world(database: Database) -> World:
    made = World(database)
    await made.populate()
    return made


class Told:
    """A dispatcher, and what it told."""

    def __init__(self, world: World, *, kept_ms: int = DAY_MS, kept_count: int = 1000) -> None:
        self.facts: list[Fact] = []
        self.dispatcher = FactDispatcher(
            world.database, world.clock, self.facts.append, kept_ms=kept_ms, kept_count=kept_count
        )

    @property
    def kinds(self) -> list[FactKind]:
        return [fact.kind for fact in self.facts]


async def note(world: World, number: int) -> None:
    async def work(connection: AsyncConnection) -> None:
        await write_fact(
            connection,
            FactKind.BROADCAST_ENDED,
            channel_id="chn_1",
            channel="studio",
            at_ms=world.now_ms,
            details={"broadcastId": str(number), "isListed": True},
        )

    await world.database.write(work)


async def count(world: World) -> int:
    async with world.database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(facts)) or 0


async def test_a_broadcast_is_told_when_it_begins_and_when_it_ends(world: World) -> None:
    channel = await world.channel(title="First")
    await world.recorder.write(LiveStarted(channel="studio", epoch="e1", at_ms=START_MS))
    await world.recorder.write(
        LiveEnded(channel="studio", epoch="e1", at_ms=START_MS + 5, technical=None)
    )
    told = Told(world)
    await told.dispatcher.look()
    started, ended = told.facts
    assert (started.kind, ended.kind) == (FactKind.BROADCAST_STARTED, FactKind.BROADCAST_ENDED)
    assert (started.position, ended.position) == (1, 2)
    assert (started.channel_id, started.channel) == (channel.id, "studio")
    assert started.details == {
        "broadcastId": ended.details["broadcastId"],
        "title": "First",
        "category": None,
        "startedAtMs": START_MS,
        "isListed": True,
    }


async def test_a_publisher_who_comes_back_in_time_is_no_news(world: World) -> None:
    await world.channel()
    for fact in (
        LiveStarted(channel="studio", epoch="e1", at_ms=START_MS),
        LiveInterrupted(channel="studio", epoch="e1", at_ms=START_MS + 1),
        LiveResumed(channel="studio", epoch="e1", at_ms=START_MS + 2),
        LiveStarted(channel="studio", epoch="e1", at_ms=START_MS + 3),  # after a restart
    ):
        await world.recorder.write(fact)
    told = Told(world)
    await told.dispatcher.look()
    assert told.kinds == [FactKind.BROADCAST_STARTED]


async def test_a_change_that_fails_leaves_no_fact(world: World) -> None:
    await world.channel()

    def refuse(revision: int) -> None:
        raise ValueError(revision)

    with pytest.raises(ValueError, match="1"):
        await world.channels.edit("studio", OWNER, ChannelEdit(title="New"), refuse)
    assert await count(world) == 0


async def test_an_edit_that_changes_nothing_is_no_fact(world: World) -> None:
    await world.channel(title="Same")
    await world.channels.edit("studio", OWNER, ChannelEdit(title="Same"), any_revision)
    assert await count(world) == 0


async def test_a_new_follower_is_told_once(world: World) -> None:
    await world.channel()
    await world.follows.put("studio", FAN, Level.LIVE)
    await world.follows.put("studio", FAN, Level.ALL)
    told = Told(world)
    await told.dispatcher.look()
    (fact,) = told.facts
    assert fact.details == {
        "ownerId": "acc_OWNER",
        "followerId": "acc_FAN",
        "followerName": "Fay",
        "followerCount": 1,
    }


async def test_a_channel_deleted_while_live_has_ended(world: World) -> None:
    await world.channel()
    await world.recorder.write(LiveStarted(channel="studio", epoch="e1", at_ms=START_MS))
    await world.channels.delete("studio", OWNER)
    told = Told(world)
    await told.dispatcher.look()
    assert told.kinds == [FactKind.BROADCAST_STARTED, FactKind.BROADCAST_ENDED]


async def test_every_process_is_told_every_fact_in_the_same_order(
    world: World, database_url: str
) -> None:
    here = Told(world)
    there: list[Fact] = []
    async with opened_database(database_url) as other:
        elsewhere = FactDispatcher(other, world.clock, there.append, kept_ms=DAY_MS)
        for number in range(20):
            await note(world, number)
            await asyncio.gather(here.dispatcher.look(), elsewhere.look())
    assert [fact.position for fact in here.facts] == list(range(1, 21))
    assert here.facts == there


async def test_many_who_write_and_place_at_once_lose_nothing(world: World) -> None:
    told = Told(world)

    async def write(first: int) -> None:
        for number in range(first, first + 10):
            await note(world, number)

    async def look() -> None:
        for _ in range(20):
            await told.dispatcher.look()

    await asyncio.gather(*(write(first) for first in range(0, 50, 10)), look())
    await told.dispatcher.look()
    assert sorted(int(fact.details["broadcastId"]) for fact in told.facts) == list(range(50))
    assert [fact.position for fact in told.facts] == list(range(1, 51))


async def test_what_was_committed_before_a_crash_is_told_by_who_starts_next(world: World) -> None:
    await note(world, 1)
    first = Told(world)
    await first.dispatcher.look()
    await note(world, 2)  # and the process is gone
    second = Told(world)
    await second.dispatcher.start()
    await second.dispatcher.look()
    assert [fact.details["broadcastId"] for fact in second.facts] == ["2"]


async def test_facts_are_told_while_it_runs_and_at_once_when_woken(world: World) -> None:
    told: asyncio.Queue[Fact] = asyncio.Queue()
    dispatcher = FactDispatcher(world.database, world.clock, told.put_nowait, kept_ms=DAY_MS)
    running = asyncio.create_task(dispatcher.run())
    try:
        for number in range(3):
            await note(world, number)
            dispatcher.wake()
            fact = await asyncio.wait_for(told.get(), 60)
            assert fact.details["broadcastId"] == str(number)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_old_facts_go_and_positions_go_on(world: World) -> None:
    told = Told(world, kept_ms=1000)
    await note(world, 1)
    await told.dispatcher.look()
    world.now_ms += 2000
    await told.dispatcher.tidy()
    assert await count(world) == 0
    await note(world, 2)
    await told.dispatcher.look()
    assert [fact.position for fact in told.facts] == [1, 2]


async def test_too_many_facts_go_however_young(world: World) -> None:
    told = Told(world, kept_count=3)
    for number in range(5):
        await note(world, number)
    await told.dispatcher.look()
    await told.dispatcher.tidy()
    assert await count(world) == 3


async def test_a_fact_that_has_no_place_yet_is_not_deleted(world: World) -> None:
    told = Told(world, kept_ms=1000)
    await note(world, 1)
    world.now_ms += 2000
    await told.dispatcher.tidy()
    assert await count(world) == 1


async def test_who_was_away_is_told_what_they_missed_and_whether_that_is_all(
    world: World,
) -> None:
    channel = await world.channel()
    await world.follows.put("studio", FAN, Level.LIVE)
    await world.recorder.write(LiveStarted(channel="studio", epoch="e1", at_ms=START_MS))
    async with world.database.writing() as connection:
        await place_facts(connection, 10)
    async with world.database.reading() as connection:
        owner = await recall(
            connection, 0, 10, channel_ids=[channel.id], all_channels=False, account_id="acc_OWNER"
        )
        fan = await recall(
            connection, 0, 10, channel_ids=[], all_channels=True, account_id="acc_FAN"
        )
        nothing = await recall(
            connection, 2, 10, channel_ids=[channel.id], all_channels=True, account_id=None
        )
        too_many = await recall(
            connection, 0, 1, channel_ids=[channel.id], all_channels=True, account_id="acc_OWNER"
        )
        every = await facts_after(connection, 0, 10)
    assert (list(owner.facts), owner.until, owner.is_whole) == (every, 2, True)
    assert [fact.kind for fact in fan.facts] == [FactKind.BROADCAST_STARTED]
    assert (nothing.facts, nothing.is_whole) == ((), True)
    assert (too_many.facts, too_many.is_whole) == ((), False)


async def test_what_has_been_deleted_is_missing_from_what_was_missed(world: World) -> None:
    told = Told(world, kept_count=1)
    for number in range(3):
        await note(world, number)
    await told.dispatcher.look()
    await told.dispatcher.tidy()
    async with world.database.reading() as connection:
        missed = await recall(
            connection, 1, 10, channel_ids=["chn_1"], all_channels=False, account_id=None
        )
    assert ([fact.position for fact in missed.facts], missed.is_whole) == ([3], False)
