"""Followers, blocks, moderators and bans: who is what to a channel, and what ends with what."""

import asyncio

import pytest
from sqlalchemy import delete

from accounts.channels.account_changes import account_leaves
from accounts.channels.errors import (
    ConflictingError,
    InvalidFieldsError,
    LimitReachedError,
    NotAllowedError,
    NotFoundError,
)
from accounts.channels.follows import Level
from accounts.channels.settings import ChannelsSettings
from accounts.channels.sight import Asker
from accounts.events import Followed, Unfollowed, ViewerBanned
from accounts.people.tables import accounts
from accounts.storage import Database
from tests.accounts.channels.world import ADMIN, ANYBODY, FAN, OTHER, OWNER, World


async def count(world: World, channel: str = "studio") -> int:
    return (await world.channels.see(channel, ADMIN)).channel.follower_count


async def test_following_is_counted_once_and_told_once(world: World) -> None:
    await world.channel()
    follow, is_new = await world.follows.put("studio", FAN, Level.ALL)
    assert (follow.level, is_new) == (Level.ALL, True)
    world.now_ms += 1000
    again, is_new = await world.follows.put("studio", FAN, Level.NONE)
    assert (again.level, again.since_ms, is_new) == (Level.NONE, follow.since_ms, False)
    assert await count(world) == 1
    assert await world.follows.get("studio", FAN) == again
    assert await world.follows.get("studio", OTHER) is None
    for _ in range(2):
        await world.follows.remove("studio", FAN)
    assert await count(world) == 0
    assert (len(world.told(Followed)), len(world.told(Unfollowed))) == (1, 1)


async def test_many_who_follow_at_once_are_all_counted(world: World) -> None:
    await world.channel()
    people = [await world.add_person(f"acc_{number}", "P") for number in range(12)]
    await asyncio.gather(*(world.follows.put("studio", each, Level.LIVE) for each in people))
    assert await count(world) == 12
    await asyncio.gather(*(world.follows.remove("studio", each) for each in people[:5]))
    assert await count(world) == 7


async def test_nobody_follows_what_they_own_or_may_not_know_of(world: World) -> None:
    await world.channel()
    await world.channel("hidden", visibility="private")
    with pytest.raises(NotAllowedError):
        await world.follows.put("studio", OWNER, Level.ALL)
    with pytest.raises(NotFoundError):
        await world.follows.put("hidden", FAN, Level.ALL)
    with pytest.raises(NotFoundError):
        await world.follows.put("studio", ANYBODY, Level.ALL)


async def test_an_account_follows_and_blocks_no_more_than_it_may(database: Database) -> None:
    world = World(database, ChannelsSettings(follows_per_account=1, blocks_per_account=1))
    await world.populate()
    await world.channel("one")
    await world.channel("two")
    await world.follows.put("one", FAN, Level.ALL)
    with pytest.raises(LimitReachedError):
        await world.follows.put("two", FAN, Level.ALL)
    await world.blocks.put("acc_FAN", "acc_OTHER")
    with pytest.raises(LimitReachedError):
        await world.blocks.put("acc_FAN", "acc_OWNER")


async def test_followers_are_listed_in_pages_to_the_channels_people_alone(world: World) -> None:
    await world.channel()
    people = [await world.add_person(f"acc_{number:02}", f"P{number}") for number in range(7)]
    for each in people:
        world.now_ms += 5 if each.account_id != "acc_03" else 0  # two at one moment
        await world.follows.put("studio", each, Level.LIVE)
    seen, cursor = [], None
    while True:
        page = await world.follows.followers("studio", OWNER, cursor, 3)
        seen += [follower.person.account_id for follower in page.items]
        if page.next is None:
            break
        cursor = page.next
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 7
    for asker in (ANYBODY, FAN, people[0]):
        with pytest.raises(NotAllowedError):
            await world.follows.followers("studio", asker, None, 3)


async def test_what_one_follows_is_listed_unless_it_hid(world: World) -> None:
    for name in ("one", "two", "three"):
        await world.channel(name)
        world.now_ms += 1
        await world.follows.put(name, FAN, Level.LIVE)
    await world.administration.ban("two", ADMIN, "")
    page = await world.follows.following(FAN, None, 10)
    assert [each.channel.name for each in page.items] == ["three", "one"]
    first = await world.follows.following(FAN, None, 1)
    assert first.next is not None
    second = await world.follows.following(FAN, first.next, 1)
    assert [each.channel.name for each in second.items] == ["one"]
    assert (await world.follows.following(FAN, None, 10, live_only=True)).items == ()
    # What one may not see any more can be left all the same.
    await world.follows.remove("two", FAN)
    assert await count(world, "two") == 0


async def test_a_block_ends_following_and_moderating_and_keeps_from_both(world: World) -> None:
    await world.channel()
    await world.follows.put("studio", FAN, Level.ALL)
    await world.moderators.put("studio", OWNER, "acc_FAN")
    assert await world.blocks.put("acc_OWNER", "acc_FAN")
    assert not await world.blocks.put("acc_OWNER", "acc_FAN")
    assert await count(world) == 0
    assert await world.moderators.of_channel("studio", OWNER) == ()
    sight = await world.channels.see("studio", FAN)
    assert (sight.standing.is_blocked, sight.may_watch) == (True, False)
    with pytest.raises(NotAllowedError):
        await world.follows.put("studio", FAN, Level.ALL)
    with pytest.raises(ConflictingError):
        await world.moderators.put("studio", OWNER, "acc_FAN")
    page = await world.blocks.of_account("acc_OWNER", None, 10)
    assert [each.person.account_id for each in page.items] == ["acc_FAN"]
    assert (await world.blocks.of_account("acc_FAN", None, 10)).items == ()
    await world.blocks.remove("acc_OWNER", "acc_FAN")
    await world.follows.put("studio", FAN, Level.ALL)


async def test_nobody_blocks_themselves_or_nobody(world: World) -> None:
    with pytest.raises(ConflictingError):
        await world.blocks.put("acc_FAN", "acc_FAN")
    for unknown in ("acc_nobody", "' OR 1=1", ""):
        with pytest.raises(NotFoundError):
            await world.blocks.put("acc_FAN", unknown)


async def test_the_owner_names_moderators_who_ban_viewers_but_not_each_other(world: World) -> None:
    await world.channel()
    third = await world.add_person("acc_THIRD", "Third")
    for asker in (ANYBODY, FAN, third):
        with pytest.raises(NotAllowedError):
            await world.moderators.put("studio", asker, "acc_FAN")
        with pytest.raises(NotAllowedError):
            await world.viewer_bans.put("studio", asker, "acc_OTHER", "", None)
    assert await world.moderators.put("studio", OWNER, "acc_FAN")
    assert not await world.moderators.put("studio", OWNER, "acc_FAN")
    await world.moderators.put("studio", OWNER, "acc_THIRD")
    assert [each.name for each in await world.moderators.moderated_by("acc_FAN")] == ["studio"]
    with pytest.raises(NotAllowedError):
        await world.moderators.put("studio", FAN, "acc_OTHER")
    with pytest.raises(NotAllowedError):
        await world.moderators.remove("studio", FAN, "acc_THIRD")
    with pytest.raises(NotAllowedError):
        await world.keys.of_channel("studio", FAN)
    for protected in ("acc_OWNER", "acc_THIRD", "acc_FAN"):
        with pytest.raises(ConflictingError):
            await world.viewer_bans.put("studio", FAN, protected, "", None)
    await world.viewer_bans.put("studio", FAN, "acc_OTHER", "spam", None)
    await world.viewer_bans.put("studio", OWNER, "acc_THIRD", "fell out", None)
    assert [
        each.person.account_id for each in await world.moderators.of_channel("studio", FAN)
    ] == ["acc_FAN"]
    await world.moderators.remove("studio", FAN, "acc_FAN")  # moderators may leave
    assert await world.moderators.of_channel("studio", OWNER) == ()


async def test_a_channel_has_no_more_moderators_than_it_may(database: Database) -> None:
    world = World(database, ChannelsSettings(moderators_per_channel=1, bans_per_channel=1))
    await world.populate()
    await world.channel()
    await world.moderators.put("studio", OWNER, "acc_FAN")
    with pytest.raises(LimitReachedError):
        await world.moderators.put("studio", OWNER, "acc_OTHER")
    third = await world.add_person("acc_THIRD", "Third")
    await world.viewer_bans.put("studio", OWNER, "acc_OTHER", "", world.now_ms + 10)
    with pytest.raises(LimitReachedError):
        await world.viewer_bans.put("studio", OWNER, str(third.account_id), "", None)
    world.now_ms += 10
    await world.viewer_bans.put("studio", OWNER, str(third.account_id), "", None)


async def test_a_ban_ends_with_its_time_or_when_it_is_lifted(world: World) -> None:
    await world.channel()
    await world.follows.put("studio", FAN, Level.ALL)
    ban = await world.viewer_bans.put("studio", OWNER, "acc_FAN", " spam ", world.now_ms + 1000)
    assert (ban.reason, ban.person.display_name) == ("spam", "Fay")
    assert await count(world) == 0
    assert not (await world.channels.see("studio", FAN)).may_watch
    with pytest.raises(NotAllowedError):
        await world.playback.leave("studio", FAN)
    assert len((await world.viewer_bans.of_channel("studio", OWNER, None, 5)).items) == 1
    world.now_ms += 1000
    assert (await world.channels.see("studio", FAN)).may_watch
    assert (await world.viewer_bans.of_channel("studio", OWNER, None, 5)).items == ()
    await world.viewer_bans.put("studio", OWNER, "acc_FAN", "", None)
    world.now_ms += 10**12
    assert not (await world.channels.see("studio", FAN)).may_watch
    await world.viewer_bans.remove("studio", OWNER, "acc_FAN")
    assert (await world.channels.see("studio", FAN)).may_watch
    assert len(world.told(ViewerBanned)) == 2
    with pytest.raises(InvalidFieldsError):
        await world.viewer_bans.put("studio", OWNER, "acc_FAN", "", world.now_ms)
    with pytest.raises(NotFoundError):
        await world.viewer_bans.put("studio", OWNER, "acc_nobody", "", None)


async def test_an_account_that_is_deleted_leaves_no_count_behind(world: World) -> None:
    await world.channel()
    await world.channel("fans", FAN)
    await world.follows.put("studio", FAN, Level.ALL)
    await world.follows.put("fans", OTHER, Level.ALL)
    _, made = await world.keys.create("fans", FAN, "one")
    world.control.begin(await world.publish_gate.authorize(made.reveal()))
    async with world.database.writing() as connection:
        await account_leaves(connection, "acc_FAN", world.now_ms)
        await connection.execute(delete(accounts).where(accounts.c.id == "acc_FAN"))
    assert await count(world) == 0
    await world.desk.look()
    assert world.control.cuts == [("fans", True)]
    with pytest.raises(NotFoundError):
        await world.channels.see("fans", Asker("acc_OTHER"))
