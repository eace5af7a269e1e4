"""Followers who want to be told of a broadcast are told once, in crowds and through crashes."""

import asyncio

import pytest

from accounts.channels.channel import ChannelEdit
from accounts.channels.follows import Level
from accounts.facts import FactKind
from accounts.notifications.fan_out import BATCH, FanOut
from accounts.notifications.kind import Kind
from accounts.notifications.quiet_hours import QuietHours
from accounts.notifications.wishes import ChannelWish, Wish
from tests.accounts.channels.world import ADMIN, FAN, OTHER, OWNER, START_MS, any_revision
from tests.accounts.notifications.told_followers import DAY_MS, ToldFollowers
from tests.support.databases import opened_database


async def have(told: ToldFollowers) -> list[str]:
    return [row.account_id for row in await told.rows()]


async def test_those_who_want_to_hear_of_it_are_told_that_a_channel_is_live(
    told: ToldFollowers,
) -> None:
    for asker, level in ((FAN, Level.LIVE), (OTHER, Level.ALL), (ADMIN, Level.NONE)):
        await told.world.follows.put("studio", asker, level)
    await told.go_live()
    await told.settle()
    assert await have(told) == ["acc_FAN", "acc_OTHER"]
    (page,) = [await told.inbox.page("acc_FAN", None, 10, unread_only=False)]
    (shown,) = page.items
    assert (shown.kind, shown.channel.name, shown.title) == (Kind.LIVE, "studio", "First")
    assert (shown.at_ms, shown.is_read, shown.is_quiet) == (START_MS, False, False)


async def test_it_is_told_to_all_of_them_in_one_fact(told: ToldFollowers) -> None:
    await told.world.follows.put("studio", FAN, Level.LIVE)
    await told.world.follows.put("studio", OTHER, Level.LIVE)
    await told.go_live()
    await told.settle()
    (stored,) = [each for each in told.facts if each.kind is FactKind.NOTIFICATIONS_STORED]
    assert stored.details["aloud"] == ["acc_FAN", "acc_OTHER"]
    assert stored.details["quiet"] == []


async def test_each_broadcast_is_told_once(told: ToldFollowers) -> None:
    await told.world.follows.put("studio", FAN, Level.LIVE)
    await told.go_live()
    await told.settle()
    await told.settle()
    await told.go_off()
    await told.go_live(at_ms=START_MS + 1000)
    await told.settle()
    assert await have(told) == ["acc_FAN", "acc_FAN"]


async def test_a_new_title_is_told_while_live_once_to_those_who_want_all(
    told: ToldFollowers,
) -> None:
    await told.world.follows.put("studio", FAN, Level.LIVE)
    await told.world.follows.put("studio", OTHER, Level.ALL)

    async def retitle(title: str) -> None:
        await told.world.channels.edit("studio", OWNER, ChannelEdit(title=title), any_revision)
        await told.settle()

    await retitle("Off air")
    await told.go_live()
    for title in ("Second", "Third"):
        await retitle(title)
    page = await told.inbox.page("acc_OTHER", None, 10, unread_only=False)
    assert {(each.kind, each.title) for each in page.items} == {
        (Kind.TITLE, "Second"),
        (Kind.LIVE, "Off air"),
    }
    assert await have(told) == ["acc_FAN", "acc_OTHER", "acc_OTHER"]


async def test_what_is_muted_is_not_told(told: ToldFollowers) -> None:
    for asker in (FAN, OTHER, ADMIN):
        await told.world.follows.put("studio", asker, Level.ALL)
    await told.wishes.put("acc_FAN", Wish(frozenset({Kind.LIVE}), None), any_revision)
    await told.wishes.put_of_channel(
        "studio", OTHER, ChannelWish(frozenset({Kind.LIVE})), any_revision
    )
    await told.wishes.put_of_channel(
        "studio", ADMIN, ChannelWish(frozenset({Kind.TITLE})), any_revision
    )
    await told.go_live()
    await told.settle()
    assert await have(told) == ["acc_ADMIN"]


async def test_in_quiet_hours_it_is_stored_but_not_told_aloud(told: ToldFollowers) -> None:
    await told.world.follows.put("studio", FAN, Level.LIVE)
    await told.world.follows.put("studio", OTHER, Level.LIVE)
    always = QuietHours(0, 1439, "UTC")  # START_MS is at 8:00 UTC
    await told.wishes.put("acc_FAN", Wish(frozenset(), always), any_revision)
    await told.go_live()
    await told.settle()
    assert {row.account_id: row.is_quiet for row in await told.rows()} == {
        "acc_FAN": True,
        "acc_OTHER": False,
    }


@pytest.mark.parametrize("hidden", ["private", "banned", "suspended"])
async def test_nobody_is_told_of_a_channel_that_is_hidden_by_now(
    told: ToldFollowers, hidden: str
) -> None:
    await told.world.follows.put("studio", FAN, Level.LIVE)
    await told.go_live()
    await told.settle()
    await told.go_off()
    await told.go_live(at_ms=START_MS + 1000)
    match hidden:
        case "private":
            edit = ChannelEdit(visibility="private")
            await told.world.channels.edit("studio", OWNER, edit, any_revision)
        case "banned":
            await told.world.administration.ban("studio", ADMIN, "spam")
        case _:
            await told.world.suspend("acc_OWNER")
    await told.settle()
    assert len(await have(told)) == 1
    page = await told.inbox.page("acc_FAN", None, 10, unread_only=False)
    assert (page.items, await told.inbox.unread_count("acc_FAN")) == ((), 0)


async def test_a_crowd_is_told_in_batches_each_of_them_once(told: ToldFollowers) -> None:
    channel = (await told.world.channels.see("studio", OWNER)).channel
    crowd = 2 * BATCH + 1
    await told.crowd(crowd, channel.id)
    await told.go_live()
    await told.settle()
    assert len(set(await have(told))) == len(await have(told)) == crowd
    stored = [each for each in told.facts if each.kind is FactKind.NOTIFICATIONS_STORED]
    assert [len(each.details["aloud"]) for each in stored] == [BATCH, BATCH, 1]


async def test_a_crash_between_two_batches_loses_and_repeats_nothing(
    told: ToldFollowers,
) -> None:
    channel = (await told.world.channels.see("studio", OWNER)).channel
    await told.crowd(BATCH + 5, channel.id)
    await told.go_live()
    await told.dispatcher.look()
    assert await told.fan_out.step()
    assert len(await have(told)) == BATCH
    told.fan_out = FanOut(told.world.database, told.world.clock, lambda: None, kept_ms=DAY_MS)
    await told.settle()
    assert len(set(await have(told))) == len(await have(told)) == BATCH + 5


async def test_two_servers_that_tell_the_same_crowd_tell_it_once(
    told: ToldFollowers, database_url: str
) -> None:
    channel = (await told.world.channels.see("studio", OWNER)).channel
    await told.crowd(3 * BATCH, channel.id)
    await told.go_live()
    await told.dispatcher.look()

    async def work(fan_out: FanOut) -> None:
        while await fan_out.step():
            pass

    async with opened_database(database_url) as other:
        second = FanOut(other, told.world.clock, lambda: None, kept_ms=DAY_MS)
        await asyncio.gather(work(told.fan_out), work(second))
    await told.settle()
    assert len(set(await have(told))) == len(await have(told)) == 3 * BATCH


async def test_notifications_are_kept_for_as_long_as_was_set(told: ToldFollowers) -> None:
    await told.world.follows.put("studio", FAN, Level.LIVE)
    await told.go_live()
    await told.settle()
    await told.fan_out.tidy()
    assert await have(told) == ["acc_FAN"]
    told.world.now_ms += 61 * DAY_MS
    await told.fan_out.tidy()
    assert await have(told) == []


async def test_they_go_with_the_channel_and_with_the_account(told: ToldFollowers) -> None:
    await told.world.follows.put("studio", FAN, Level.LIVE)
    await told.go_live()
    await told.settle()
    await told.world.channels.delete("studio", OWNER)
    assert await have(told) == []
