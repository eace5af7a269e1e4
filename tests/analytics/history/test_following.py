"""Who began to follow and who stopped: counted, whoever they were, and as true a year later."""

from sqlalchemy import select

from accounts.channels.account_changes import account_leaves
from accounts.channels.follows import Level
from accounts.channels.sight import Asker
from accounts.channels.tables import follow_ends
from accounts.people.tables import accounts
from analytics.history.figures import Following
from analytics.history.horizon import LATE_MS
from analytics.history.rollup import Spell
from analytics.history.step import DAY_MS, HOUR_MS, MINUTE_MS, Step, TimeRange
from config.channel_records import RoomAudience
from tests.accounts.channels.world import FAN, OTHER, OWNER, World
from tests.analytics.history.counted_channel import MIDNIGHT, counted_channel, history_of

NOON = MIDNIGHT + 12 * HOUR_MS


async def follow(world: World, at_ms: int, *people: Asker) -> None:
    world.now_ms = at_ms
    for each in people:
        await world.follows.put("studio", each, Level.LIVE)


async def leave(world: World, at_ms: int, *people: Asker) -> None:
    world.now_ms = at_ms
    for each in people:
        await world.follows.remove("studio", each)


async def told(world: World, channel_id: str, step: Step) -> dict[int, Following]:
    """Return what is told of two days, by step."""
    wanted = TimeRange(MIDNIGHT, MIDNIGHT + 2 * DAY_MS, step)
    viewers = await history_of(world).of_channel(channel_id, wanted)
    found = {each.bucket.at_ms: each.following for each in viewers.points}
    assert viewers.following == Following(
        sum(each.gained for each in found.values()), sum(each.lost for each in found.values())
    )
    assert viewers.followers == viewers.following.gained - viewers.following.lost
    return found


async def test_who_stops_is_counted_then_and_who_began_stays_counted(world: World) -> None:
    channel = await world.channel()
    await follow(world, NOON + 5_000, FAN, OTHER)
    await leave(world, NOON + HOUR_MS + 7_000, FAN)
    assert await told(world, channel.id, Step.MINUTE) == {
        NOON: Following(2, 0),
        NOON + HOUR_MS: Following(0, 1),
    }
    assert await told(world, channel.id, Step.DAY) == {MIDNIGHT: Following(2, 1)}
    # Who comes again is new again.
    await follow(world, NOON + DAY_MS, FAN)
    assert await told(world, channel.id, Step.DAY) == {
        MIDNIGHT: Following(2, 1),
        MIDNIGHT + DAY_MS: Following(1, 0),
    }


async def test_several_who_stop_in_one_minute_are_one_row_without_names(world: World) -> None:
    channel = await world.channel()
    people = [await world.add_person(f"acc_{number}", "P") for number in range(5)]
    await follow(world, NOON, *people)
    await leave(world, NOON + HOUR_MS + 1, *people[:3])
    async with world.database.reading() as connection:
        rows = (await connection.execute(select(follow_ends).order_by(follow_ends.c.at_ms))).all()
    assert [tuple(row) for row in rows] == [
        (channel.id, NOON, 3, 0),
        (channel.id, NOON + HOUR_MS, 0, 3),
    ]


async def test_a_slip_of_the_finger_is_nobody(world: World) -> None:
    channel = await world.channel()
    await follow(world, NOON, FAN)
    await leave(world, NOON + 59_999, FAN)
    assert await told(world, channel.id, Step.MINUTE) == {}


async def test_a_block_a_ban_and_an_account_that_goes_count_as_well(world: World) -> None:
    channel = await world.channel()
    goes = await world.add_person("acc_goes", "Gone")
    await follow(world, NOON, FAN, OTHER, goes)
    world.now_ms = NOON + HOUR_MS
    await world.blocks.put("acc_OWNER", "acc_FAN")
    world.now_ms = NOON + 2 * HOUR_MS
    await world.viewer_bans.put("studio", OWNER, "acc_OTHER", "", None)
    world.now_ms = NOON + 3 * HOUR_MS
    async with world.database.writing() as connection:
        await account_leaves(connection, "acc_goes", world.now_ms)
        await connection.execute(accounts.delete().where(accounts.c.id == "acc_goes"))
    hours = await told(world, channel.id, Step.HOUR)
    assert hours == {NOON: Following(3, 0)} | {
        NOON + hour * HOUR_MS: Following(0, 1) for hour in (1, 2, 3)
    }


async def test_a_broadcast_is_told_the_same_however_often_it_is_made_again(world: World) -> None:
    counted = await counted_channel(world)
    await follow(world, NOON - HOUR_MS, OTHER)
    await counted.broadcast(NOON + 20_000, NOON + HOUR_MS)
    await counted.watch([Spell("s", "v", "video", NOON + 20_000, NOON + HOUR_MS)])
    await follow(world, NOON + 5 * MINUTE_MS, FAN)
    await leave(world, NOON + 30 * MINUTE_MS, OTHER)
    await counted.mark(NOON + HOUR_MS + LATE_MS + MINUTE_MS)
    await counted.keeper.look()
    (first,) = (await counted.history.broadcasts_of(counted.channel.id, None, 5)).items
    assert (first.followers_gained, first.followers_lost) == (1, 1)
    # That one of them leaves after the show changes nothing of it.
    await leave(world, NOON + 3 * HOUR_MS, FAN)
    await counted.keeper.recompute(NOON, NOON + 2 * HOUR_MS)
    (again,) = (await counted.history.broadcasts_of(counted.channel.id, None, 5)).items
    assert again == first


async def test_a_show_counts_who_leaves_in_the_minute_that_it_begins(world: World) -> None:
    channel = await world.channel()
    await follow(world, NOON - HOUR_MS, FAN)
    await leave(world, NOON + 30_000, FAN)
    audience = RoomAudience(world.database)
    found = await audience.following(channel.id, NOON + 20_000, NOON + HOUR_MS, DAY_MS)
    assert list(found.values()) == [Following(0, 1)]
