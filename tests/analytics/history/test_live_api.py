"""What a screen that is opened in the middle of a show is told at once."""

from dataclasses import dataclass, field

from accounts.channels.follows import Level
from analytics.api.live_viewers import MESSAGES_S, LiveViewersResource
from analytics.history.step import HOUR_MS, MINUTE_MS
from analytics.viewers.session import Session
from analytics.viewers.tally import ChannelTally
from config.channel_records import ChannelBroadcastRecords, RoomAudience
from config.figures_access import ChannelFiguresAccess
from tests.accounts.channels.world import FAN, OTHER, World
from tests.analytics.history.counted_channel import MIDNIGHT, CountedChannel, counted_channel
from tests.analytics.history.test_history_api import HistoryServer, serving

BEGAN = MIDNIGHT + HOUR_MS + 20_000
NOW = BEGAN + 10 * MINUTE_MS + 400
PATH = "/channels/studio/analytics/live"


@dataclass
class Counts:
    """Nobody is counted here, or whom the test says."""

    tallies: dict[str, ChannelTally[Session]] = field(default_factory=dict)


def resource_of(counted: CountedChannel, counts: Counts) -> LiveViewersResource:
    world = counted.world
    return LiveViewersResource(
        counts,
        ChannelFiguresAccess(world.context),
        world.clock,
        records=ChannelBroadcastRecords(world.database),
        audience=RoomAudience(world.database),
    )


async def test_the_last_minute_of_chat_is_told_second_by_second(world: World) -> None:
    counted = await counted_channel(world)
    broadcast_id = await counted.broadcast(BEGAN, None)
    await counted.say(NOW - MINUTE_MS - 1_000, 5, broadcast_id)  # too long ago
    await counted.say(NOW - 30_000, 3, broadcast_id)
    await counted.say(NOW, 2, broadcast_id)
    world.now_ms = NOW
    async with serving(world, resource_of(counted, Counts())) as session:
        body = (await HistoryServer(counted, broadcast_id, session).ask(PATH)).body
    assert len(body["messages"]) == MESSAGES_S
    assert {place: count for place, count in enumerate(body["messages"]) if count} == {29: 3, 59: 2}


async def test_followers_of_the_show_are_told_without_waiting_for_the_next_count(
    world: World,
) -> None:
    counted = await counted_channel(world)
    world.now_ms = BEGAN - 2 * MINUTE_MS
    await world.follows.put("studio", OTHER, Level.LIVE)
    broadcast_id = await counted.broadcast(BEGAN, None)
    world.now_ms = NOW - 1
    await world.follows.put("studio", FAN, Level.LIVE)
    await world.follows.remove("studio", OTHER)
    world.now_ms = NOW
    async with serving(world, resource_of(counted, Counts())) as session:
        body = (await HistoryServer(counted, broadcast_id, session).ask(PATH)).body
    assert body["broadcast"] == {
        "id": broadcast_id,
        "startedAt": "2027-01-15T01:00:20.000Z",
        "followersGained": 1,
        "followersLost": 1,
    }


async def test_off_air_there_is_no_show_and_nothing_of_it(world: World) -> None:
    counted = await counted_channel(world)
    tally: ChannelTally[Session] = ChannelTally("studio", 12_000)
    tally.samples.extend([1, 2])
    broadcast_id = await counted.broadcast(BEGAN, BEGAN + MINUTE_MS)
    await counted.say(BEGAN + 30_000, 3, broadcast_id)
    world.now_ms = BEGAN + MINUTE_MS
    async with serving(world, resource_of(counted, Counts({"studio": tally}))) as session:
        body = (await HistoryServer(counted, broadcast_id, session).ask(PATH)).body
    assert (body["messages"], body["broadcast"]) == ([], None)
    assert [each["viewers"] for each in body["samples"]] == [1, 2]
