"""Broadcasts: written down once for each time live, whatever crashes."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.channels.broadcast import Broadcast
from accounts.channels.broadcast_recorder import STALE_MS
from accounts.channels.channel import ChannelEdit
from accounts.channels.errors import ConflictingError, NotAllowedError, NotFoundError
from accounts.channels.live_fact import LiveEnded, LiveInterrupted, LiveResumed, LiveStarted
from accounts.channels.sight import Asker
from accounts.channels.title_history import TITLES_KEPT
from accounts.channels.viewer_count import LONGEST_GAP_MS, ViewerCount
from accounts.events import BroadcastEnded, BroadcastStarted
from tests.accounts.channels.world import (
    ADMIN,
    ANYBODY,
    FAN,
    OTHER,
    OWNER,
    START_MS,
    World,
    any_revision,
)

MINUTE_MS = 60_000


def started(world: World, epoch: str = "e1", channel: str = "studio") -> LiveStarted:
    return LiveStarted(channel=channel, epoch=epoch, at_ms=world.now_ms)


def ended(world: World, epoch: str = "e1", channel: str = "studio") -> LiveEnded:
    return LiveEnded(
        channel=channel, epoch=epoch, at_ms=world.now_ms, technical={"tracks": [{"codec": "avc"}]}
    )


async def all_of(world: World, channel: str = "studio", asker: Asker = OWNER) -> list[Broadcast]:
    page = await world.broadcasts.of_channel(channel, asker, None, 50)
    return list(page.items)


async def is_live(world: World) -> bool:
    return (await world.channels.see("studio", OWNER)).channel.live_since_ms is not None


async def test_a_show_from_its_start_to_its_end_is_one_broadcast(world: World) -> None:
    await world.channel(title="First", category="music", language="de")
    world.now_ms += 1_000
    await world.recorder.write(started(world))
    assert await is_live(world)
    (going_on,) = await all_of(world)
    assert (going_on.title, going_on.category, going_on.language) == ("First", "music", "de")
    assert (going_on.started_at_ms, going_on.ended_at_ms) == (world.now_ms, None)
    world.now_ms += MINUTE_MS
    await world.recorder.write(LiveInterrupted(channel="studio", epoch="e1", at_ms=world.now_ms))
    assert (await all_of(world))[0].interrupted_at_ms == world.now_ms
    assert await is_live(world)
    await world.recorder.write(LiveResumed(channel="studio", epoch="e1", at_ms=world.now_ms))
    assert (await all_of(world))[0].interrupted_at_ms is None
    world.now_ms += MINUTE_MS
    await world.recorder.write(ended(world))
    (over,) = await all_of(world)
    assert (over.id, over.ended_at_ms, over.duration_ms) == (
        going_on.id, world.now_ms, 2 * MINUTE_MS,
    )  # fmt: skip
    assert over.technical == {"tracks": [{"codec": "avc"}]}
    assert not await is_live(world)
    assert (await world.channels.see("studio", OWNER)).channel.last_live_ms == world.now_ms
    assert (len(world.told(BroadcastStarted)), len(world.told(BroadcastEnded))) == (1, 1)


async def test_titles_are_remembered_with_the_moment_from_which_they_counted(
    world: World,
) -> None:
    await world.channel(title="Warm-up")
    await world.recorder.write(started(world))
    for wait_ms, title in ((MINUTE_MS, "Conncert"), (9_999, "Concert"), (10_000, "Encore")):
        world.now_ms += wait_ms
        await world.channels.edit("studio", OWNER, ChannelEdit(title=title), any_revision)
    await world.channels.edit("studio", OWNER, ChannelEdit(grace_s=9), any_revision)
    (listed,) = await all_of(world)
    found, _ = await world.broadcasts.get(listed.id, ANYBODY)
    assert [each.title for each in found.titles] == ["Warm-up", "Concert", "Encore"]
    assert [each.at_ms for each in found.titles] == [
        START_MS, START_MS + MINUTE_MS, START_MS + MINUTE_MS + 19_999,
    ]  # fmt: skip
    assert found.title == "Encore"
    await world.recorder.write(ended(world))
    await world.channels.edit("studio", OWNER, ChannelEdit(title="Off air"), any_revision)
    assert (await all_of(world))[0].title == "Encore"


async def test_a_program_that_changes_the_title_all_the_time_fills_nothing(world: World) -> None:
    await world.channel(title="the first")
    await world.recorder.write(started(world))
    for number in range(TITLES_KEPT + 5):
        world.now_ms += 10_000
        await world.channels.edit("studio", OWNER, ChannelEdit(title=f"no{number}"), any_revision)
    (listed,) = await all_of(world)
    found, _ = await world.broadcasts.get(listed.id, ANYBODY)
    assert len(found.titles) == TITLES_KEPT
    assert found.titles[0].title == "no5"
    assert found.titles[-1].title == f"no{TITLES_KEPT + 4}"


async def test_viewers_are_summed_up_into_peak_and_mean(world: World) -> None:
    await world.channel()
    await world.recorder.write(started(world))
    for viewers, for_ms in ((10, 30_000), (40, 10_000), (0, 20_000)):
        world.recorder.note_viewers("studio", viewers)
        world.now_ms += for_ms
        await world.recorder.say_alive()
    assert (await world.channels.see("studio", OWNER)).channel.viewer_count == 0
    world.recorder.note_viewers("elsewhere", 1_000)
    await world.recorder.write(ended(world))
    (over,) = await all_of(world)
    assert (over.peak_viewers, over.counted_ms) == (40, 60_000)
    assert over.mean_viewers == round((10 * 30 + 40 * 10) / 60, 1)


async def test_a_broadcast_that_nobody_counted_has_no_mean(world: World) -> None:
    await world.channel()
    await world.recorder.write(started(world))
    await world.recorder.write(ended(world))
    assert (await all_of(world))[0].mean_viewers is None


@given(
    st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(-5_000, 2 * LONGEST_GAP_MS)), max_size=20
    )
)
def test_a_mean_lies_between_none_and_the_peak(notes: list[tuple[int, int]]) -> None:
    count, now_ms, most = ViewerCount(), 1_000_000, 0
    for viewers, later_ms in notes:
        count.note(viewers, now_ms)
        most = max(most, viewers)
        now_ms += later_ms
    peak, viewer_ms, counted_ms = count.take(now_ms)
    assert peak == most
    assert 0 <= viewer_ms <= peak * counted_ms
    assert count.take(now_ms)[1:] == (0, 0)


async def test_facts_that_come_twice_or_late_change_nothing(world: World) -> None:
    await world.channel()
    for _ in range(2):
        await world.recorder.write(started(world))
    world.now_ms += 1_000
    await world.recorder.write(ended(world, "another"))
    assert await is_live(world)
    for _ in range(2):
        await world.recorder.write(ended(world))
    assert len(await all_of(world)) == 1
    assert (len(world.told(BroadcastStarted)), len(world.told(BroadcastEnded))) == (1, 1)
    await world.recorder.write(started(world, channel="gone"))


async def test_a_new_show_closes_one_that_nobody_has_closed(world: World) -> None:
    await world.channel()
    await world.recorder.write(started(world))
    world.now_ms += MINUTE_MS
    await world.recorder.say_alive()
    world.now_ms += MINUTE_MS
    await world.recorder.write(started(world, "e2"))
    newer, older = await all_of(world)
    assert (older.ended_at_ms, newer.ended_at_ms) == (START_MS + MINUTE_MS, None)
    assert await is_live(world)


async def test_after_a_crash_what_was_recovered_goes_on_and_the_rest_is_closed(
    world: World,
) -> None:
    await world.channel()
    await world.channel("lost")
    await world.recorder.write(started(world))
    await world.recorder.write(started(world, "e9", "lost"))
    world.now_ms += MINUTE_MS
    await world.recorder.say_alive()
    restarted = World(world.database)
    restarted.now_ms = world.now_ms + 5_000
    await restarted.recorder.recover({"studio": "e1", "stranger": "e3"}, is_alone=True)
    assert (await all_of(restarted))[0].ended_at_ms is None
    assert (await all_of(restarted, "lost"))[0].ended_at_ms == world.now_ms
    restarted.now_ms += MINUTE_MS
    await restarted.recorder.write(ended(restarted))
    assert (await all_of(restarted))[0].ended_at_ms == restarted.now_ms


async def test_another_servers_broadcast_is_left_alone_until_nobody_speaks_for_it(
    world: World,
) -> None:
    await world.channel()
    await world.recorder.write(started(world))
    other = World(world.database)
    other.now_ms = world.now_ms + STALE_MS - 1
    await other.recorder.recover({}, is_alone=False)
    await other.recorder.say_alive()
    assert (await all_of(world))[0].ended_at_ms is None
    other.now_ms += 2
    await other.recorder.say_alive()
    assert (await all_of(world))[0].ended_at_ms == START_MS


async def test_what_is_noted_is_written_in_order_and_to_the_end(world: World) -> None:
    await world.channel()
    running = asyncio.create_task(world.recorder.run())
    for number in range(20):
        world.recorder.note(started(world, f"e{number}"))
        world.now_ms += 10
        world.recorder.note(ended(world, f"e{number}"))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await world.recorder.drain()
    assert [each.epoch for each in await all_of(world)] == [f"e{n}" for n in reversed(range(20))]
    assert all(each.ended_at_ms is not None for each in await all_of(world))


async def test_facts_that_find_no_room_are_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.channel()
    monkeypatch.setattr(world.recorder, "_facts", asyncio.Queue(2))
    for number in range(5):
        world.recorder.note(started(world, f"e{number}"))
    assert world.recorder.dropped_count == 3


async def test_broadcasts_are_paged_newest_first(world: World) -> None:
    await world.channel()
    for number in range(5):
        world.now_ms += 1 if number % 2 else 0  # some begin at the same moment
        await world.recorder.write(started(world, f"e{number}"))
        await world.recorder.write(ended(world, f"e{number}"))
    seen, cursor = [], None
    while True:
        page = await world.broadcasts.of_channel("studio", ANYBODY, cursor, 2)
        seen += [each.epoch for each in page.items]
        if page.next is None:
            break
        cursor = page.next
    assert sorted(seen) == [f"e{n}" for n in range(5)]
    assert seen[0] in {"e3", "e4"}


async def test_broadcasts_are_shown_to_who_may_watch_alone(world: World) -> None:
    await world.channel(visibility="private")
    await world.recorder.write(started(world))
    await world.recorder.write(ended(world))
    (broadcast,) = await all_of(world)
    for asker in (ANYBODY, FAN):
        with pytest.raises(NotFoundError):
            await world.broadcasts.get(broadcast.id, asker)
        with pytest.raises(NotFoundError):
            await world.broadcasts.of_channel("studio", asker, None, 5)
        with pytest.raises(NotFoundError):
            await world.broadcasts.delete(broadcast.id, asker)
    await world.channels.edit("studio", OWNER, ChannelEdit(visibility="followers"), any_revision)
    with pytest.raises(NotAllowedError):
        await world.broadcasts.of_channel("studio", FAN, None, 5)
    with pytest.raises(NotFoundError):
        await world.broadcasts.get(broadcast.id, FAN)
    await world.broadcasts.get(broadcast.id, ADMIN)


async def test_owners_delete_what_is_over(world: World) -> None:
    await world.channel()
    await world.recorder.write(started(world))
    (broadcast,) = await all_of(world)
    with pytest.raises(ConflictingError):
        await world.broadcasts.delete(broadcast.id, OWNER)
    await world.recorder.write(ended(world))
    with pytest.raises(NotAllowedError):
        await world.broadcasts.delete(broadcast.id, OTHER)
    await world.broadcasts.delete(broadcast.id, OWNER)
    assert await all_of(world) == []
    with pytest.raises(NotFoundError):
        await world.broadcasts.get(broadcast.id, OWNER)
    for unknown in ("brc_nothing", "' OR 1=1", ""):
        with pytest.raises(NotFoundError):
            await world.broadcasts.get(unknown, OWNER)
