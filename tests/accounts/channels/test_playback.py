"""Leave to watch: given to who may, taken back at once, and never to be kept."""

import asyncio

import pytest
from sqlalchemy import select

from accounts.channels.account_changes import (
    account_closed_or_opened,
    account_leaves,
    account_steps_down,
)
from accounts.channels.channel import Channel, ChannelEdit
from accounts.channels.errors import (
    InvalidFieldsError,
    LimitReachedError,
    NotAllowedError,
    NotFoundError,
)
from accounts.channels.follows import Level
from accounts.channels.playback import Leave
from accounts.channels.settings import ChannelsSettings
from accounts.channels.sight import Asker
from accounts.channels.tables import playback_voids, rule_changes
from accounts.channels.view_gate import View
from accounts.storage import Database
from tests.accounts.channels.world import (
    ADMIN,
    ANYBODY,
    FAN,
    OTHER,
    OWNER,
    World,
    any_revision,
)

DAY_S = 86_400


async def live(world: World, name: str = "studio", visibility: str = "public") -> Channel:
    """A channel that is on air here."""
    channel = await world.channel(name, visibility=visibility)
    await put_on_air(world, name)
    return channel


async def put_on_air(world: World, name: str) -> None:
    _, made = await world.keys.create(name, OWNER, "one")
    world.control.begin(await world.publish_gate.authorize(made.reveal()))


def view(world: World, leave: Leave, name: str = "studio") -> View:
    return world.view_gate.authorize_view(name, leave.token, world.now_ms)


async def test_open_channels_are_watched_where_everybody_watches_them(world: World) -> None:
    await live(world, "open")
    await live(world, "unlisted", visibility="unlisted")
    for name in ("open", "unlisted"):
        for asker in (ANYBODY, FAN):
            leave = await world.playback.leave(name, asker)
            assert (leave.token, leave.expires_at_ms) == (None, None)
            assert leave.folder == f"/live/{name}"
            assert view(world, leave, name) is View.SHARED
    assert world.view_gate.is_listed("open")
    assert not world.view_gate.is_listed("unlisted")


async def test_followers_watch_until_they_unfollow(world: World) -> None:
    await live(world, visibility="followers")
    for asker in (ANYBODY, FAN):
        with pytest.raises(NotAllowedError, match="followers"):
            await world.playback.leave("studio", asker)
    await world.follows.put("studio", FAN, Level.LIVE)
    leave = await world.playback.leave("studio", FAN)
    assert leave.folder == f"/live/~{leave.token}/studio"
    assert leave.expires_at_ms == world.now_ms + world.settings.token_s * 1000
    assert view(world, leave) is View.PERSONAL
    await world.follows.remove("studio", FAN)
    assert view(world, leave) is View.OVER
    await world.follows.put("studio", FAN, Level.LIVE)
    assert view(world, leave) is View.OVER  # the old one stays void
    again = await world.playback.leave("studio", FAN)
    assert view(world, again) is View.PERSONAL  # at the same moment, too


async def test_leave_ends_with_its_time(world: World) -> None:
    await live(world, visibility="private")
    leave = await world.playback.leave("studio", OWNER)
    world.now_ms += world.settings.token_s * 1000 - 1
    assert view(world, leave) is View.PERSONAL
    world.now_ms += 1
    assert view(world, leave) is View.OVER


async def test_leave_for_one_channel_is_none_for_another(world: World) -> None:
    await live(world, "one", visibility="private")
    await live(world, "two", visibility="private")
    leave = await world.playback.leave("one", OWNER)
    assert view(world, leave, "two") is View.UNKNOWN


@pytest.mark.parametrize("how", ["ban", "block", "dismissal", "suspension"])
async def test_leave_is_taken_back_at_once(world: World, how: str) -> None:
    await live(world, visibility="private")
    await world.moderators.put("studio", OWNER, "acc_FAN")
    await world.moderators.put("studio", OWNER, "acc_OTHER")
    leave = await world.playback.leave("studio", FAN)
    others = await world.playback.leave("studio", OTHER)
    match how:
        case "ban":
            await world.viewer_bans.put("studio", OWNER, "acc_FAN", "", None)
        case "block":
            await world.blocks.put("acc_OWNER", "acc_FAN")
        case "dismissal":
            await world.moderators.remove("studio", OWNER, "acc_FAN")
        case _:
            await world.suspend("acc_FAN")
            await world.desk.look()
    assert view(world, leave) is View.OVER
    assert view(world, others) is View.PERSONAL
    if how != "suspension":  # of whom the API asks nothing more
        with pytest.raises((NotAllowedError, NotFoundError)):
            await world.playback.leave("studio", FAN)


@pytest.mark.parametrize("how", ["demotion", "suspension", "deletion"])
async def test_an_administrator_who_is_one_no_more_watches_nothing_as_one(
    world: World, how: str
) -> None:
    for name, visibility in (("shut", "private"), ("fans", "followers")):
        await live(world, name, visibility=visibility)
    given = [await world.playback.leave(name, ADMIN) for name in ("shut", "fans")]
    others = await world.playback.leave("shut", OWNER)
    async with world.database.writing() as connection:
        match how:
            case "demotion":
                await account_steps_down(connection, "acc_ADMIN", world.now_ms)
            case "suspension":
                await account_closed_or_opened(connection, "acc_ADMIN", world.now_ms)
            case _:
                await account_leaves(connection, "acc_ADMIN", world.now_ms)
    await world.desk.look()
    for name, leave in zip(("shut", "fans"), given, strict=True):
        assert view(world, leave, name) is View.OVER
    assert view(world, others, "shut") is View.PERSONAL


async def test_leave_given_while_a_ban_is_being_written_does_not_escape_it(world: World) -> None:
    await live(world, visibility="followers")
    await world.follows.put("studio", FAN, Level.LIVE)
    for _ in range(10):
        before, after = ([world.playback.leave("studio", FAN) for _ in range(3)] for _ in range(2))
        ban = world.viewer_bans.put("studio", OWNER, "acc_FAN", "", None)
        given = await asyncio.gather(*before, ban, *after, return_exceptions=True)
        for leave in given:
            if isinstance(leave, Leave):
                assert view(world, leave) is View.OVER
        await world.viewer_bans.remove("studio", OWNER, "acc_FAN")
        await world.follows.put("studio", FAN, Level.LIVE)
        assert view(world, await world.playback.leave("studio", FAN)) is View.PERSONAL


async def test_a_channel_that_becomes_private_is_watched_by_nobody_it_let_in(world: World) -> None:
    await live(world, visibility="followers")
    await world.follows.put("studio", FAN, Level.LIVE)
    leave = await world.playback.leave("studio", FAN)
    _, by_link = await world.playback.create_link("studio", OWNER, "press", DAY_S)
    for visibility in ("public", "private"):  # not even by a detour
        await world.channels.edit("studio", OWNER, ChannelEdit(visibility=visibility), any_revision)
    assert view(world, leave) is View.OVER
    assert view(world, by_link) is View.OVER
    assert await world.playback.links("studio", OWNER) == ()
    own = await world.playback.leave("studio", OWNER)
    assert view(world, own) is View.PERSONAL
    _, new_link = await world.playback.create_link("studio", OWNER, "press", DAY_S)
    assert view(world, new_link) is View.PERSONAL
    assert world.view_gate.authorize_view("studio", None, world.now_ms) is View.UNKNOWN


async def test_leave_does_not_outlast_a_time_in_which_nobody_needed_it(world: World) -> None:
    await live(world, visibility="followers")
    await world.follows.put("studio", FAN, Level.LIVE)
    leave = await world.playback.leave("studio", FAN)
    await world.channels.edit("studio", OWNER, ChannelEdit(visibility="public"), any_revision)
    assert view(world, leave) is View.PERSONAL  # goes on playing
    await world.follows.remove("studio", FAN)
    await world.channels.edit("studio", OWNER, ChannelEdit(visibility="followers"), any_revision)
    assert view(world, leave) is View.OVER


async def test_what_ends_on_open_channels_leaves_nothing_to_be_looked_for(world: World) -> None:
    await live(world)
    await world.follows.put("studio", FAN, Level.LIVE)
    await world.follows.remove("studio", FAN)
    await world.channels.edit("studio", OWNER, ChannelEdit(title="New"), any_revision)
    assert await _left(world) == ([], [])


async def test_a_ban_on_an_open_channel_voids_nothing_and_is_noted_for_rooms(world: World) -> None:
    channel_id = (await live(world)).id
    await world.viewer_bans.put("studio", OWNER, "acc_FAN", "", None)
    await world.viewer_bans.remove("studio", OWNER, "acc_FAN")
    assert await _left(world) == ([], [channel_id] * 2)


async def _left(world: World) -> tuple[list[str], list[str]]:
    """Return whose tokens are void, and which channels have changed."""
    async with world.database.reading() as connection:
        voids = await connection.scalars(select(playback_voids.c.viewer))
        notes = await connection.scalars(select(rule_changes.c.channel_id))
        return list(voids), list(notes)


async def test_a_change_of_visibility_counts_at_once_for_what_is_live(world: World) -> None:
    await live(world)
    assert world.view_gate.authorize_view("studio", None, world.now_ms) is View.SHARED
    await world.channels.edit("studio", OWNER, ChannelEdit(visibility="private"), any_revision)
    assert world.view_gate.authorize_view("studio", None, world.now_ms) is View.UNKNOWN
    await world.channels.edit("studio", OWNER, ChannelEdit(visibility="public"), any_revision)
    assert world.view_gate.authorize_view("studio", None, world.now_ms) is View.SHARED


async def test_a_ban_made_elsewhere_counts_after_the_next_look(world: World) -> None:
    await live(world)
    elsewhere = World(world.database)
    elsewhere.now_ms = world.now_ms
    await elsewhere.administration.ban("studio", ADMIN, "")
    assert world.view_gate.authorize_view("studio", None, world.now_ms) is View.SHARED
    await world.desk.look()
    assert world.view_gate.authorize_view("studio", None, world.now_ms) is View.UNKNOWN
    assert world.control.cuts == [("studio", True)]


async def test_a_link_lets_anybody_in_until_it_is_taken_back(world: World) -> None:
    await live(world, visibility="private")
    link, leave = await world.playback.create_link("studio", OWNER, " Press ", DAY_S)
    assert (link.name, link.expires_at_ms) == ("Press", world.now_ms + DAY_S * 1000)
    assert await world.playback.links("studio", OWNER) == (link,)
    assert leave.token is not None
    by_link = await world.playback.leave_by_link("STUDIO", leave.token)
    assert by_link == leave
    assert view(world, by_link) is View.PERSONAL
    for wrong in ("", "x", leave.token[:-1], leave.token + "A", "~" + leave.token):
        with pytest.raises(NotFoundError):
            await world.playback.leave_by_link("studio", wrong)
    with pytest.raises(NotFoundError):
        await world.playback.leave_by_link("nowhere", leave.token)
    await world.playback.revoke_link("studio", OWNER, link.id)
    assert view(world, leave) is View.OVER
    with pytest.raises(NotFoundError):
        await world.playback.leave_by_link("studio", leave.token)
    assert await world.playback.links("studio", OWNER) == ()


async def test_a_link_opens_nothing_that_is_closed_and_expires(world: World) -> None:
    await live(world, visibility="private")
    _, leave = await world.playback.create_link("studio", OWNER, "press", DAY_S)
    assert leave.token is not None
    await world.administration.ban("studio", ADMIN, "")
    with pytest.raises(NotFoundError):
        await world.playback.leave_by_link("studio", leave.token)
    await world.administration.unban("studio", ADMIN)
    await world.playback.leave_by_link("studio", leave.token)
    world.now_ms += DAY_S * 1000
    assert view(world, leave) in {View.OVER, View.UNKNOWN}
    with pytest.raises(NotFoundError):
        await world.playback.leave_by_link("studio", leave.token)


async def test_links_are_made_and_seen_by_the_owner_alone(world: World) -> None:
    await world.channel()
    link, _ = await world.playback.create_link("studio", OWNER, "press", DAY_S)
    await world.channel("elsewhere", OTHER)
    for asker in (ANYBODY, FAN, OTHER):
        with pytest.raises(NotAllowedError):
            await world.playback.links("studio", asker)
        with pytest.raises(NotAllowedError):
            await world.playback.create_link("studio", asker, "mine", DAY_S)
        with pytest.raises(NotAllowedError):
            await world.playback.revoke_link("studio", asker, link.id)
    with pytest.raises(NotFoundError):
        await world.playback.revoke_link("elsewhere", OTHER, link.id)


async def test_links_have_limits(database: Database) -> None:
    world = World(database, ChannelsSettings(links_per_channel=1, link_days=2))
    await world.populate()
    await world.channel()
    for lifetime_s in (59, 2 * DAY_S + 1, -1):
        with pytest.raises(InvalidFieldsError):
            await world.playback.create_link("studio", OWNER, "press", lifetime_s)
    with pytest.raises(InvalidFieldsError):
        await world.playback.create_link("studio", OWNER, "\0", DAY_S)
    await world.playback.create_link("studio", OWNER, "press", 60)
    with pytest.raises(LimitReachedError):
        await world.playback.create_link("studio", OWNER, "press", DAY_S)
    world.now_ms += 60_000
    await world.playback.create_link("studio", OWNER, "press", DAY_S)


async def test_an_account_that_nobody_is_cannot_be_given_a_token(world: World) -> None:
    await world.channel(visibility="private")
    with pytest.raises(NotAllowedError):
        await world.playback.leave("studio", Asker(None, is_admin=True))


async def test_rules_of_what_was_live_are_learnt_anew_at_a_start(world: World) -> None:
    await world.channel(visibility="private", latency_profile="low", grace_s=7)
    leave = await world.playback.leave("studio", OWNER)
    restarted = World(world.database)
    assert view(restarted, leave) is View.UNKNOWN
    await restarted.desk.load(["studio", "nowhere"])
    assert view(restarted, leave) is View.PERSONAL
    rule = restarted.rules.get("studio")
    assert rule is not None
    assert (rule.latency_profile, rule.grace_s) == ("low", 7)


async def test_old_notes_and_voids_are_tidied_away(world: World) -> None:
    await live(world, visibility="followers")
    await world.follows.put("studio", FAN, Level.LIVE)
    await world.follows.remove("studio", FAN)
    world.control.live.clear()
    world.now_ms += 100 * DAY_S * 1000
    await world.desk.look()
    assert "studio" not in world.rules
    restarted = World(world.database)
    await restarted.desk.load(["studio"])
    rule = restarted.rules.get("studio")
    assert rule is not None
    assert rule.shut_out == {}


async def test_what_was_taken_back_stays_so_though_settings_allow_less_now(
    database: Database,
) -> None:
    world = World(database, ChannelsSettings(link_days=90, token_s=7 * DAY_S))
    await world.populate()
    await live(world, visibility="private")
    await world.moderators.put("studio", OWNER, "acc_FAN")
    given = await world.playback.leave("studio", FAN)
    await world.moderators.remove("studio", OWNER, "acc_FAN")
    link, by_link = await world.playback.create_link("studio", OWNER, "press", 80 * DAY_S)
    await world.playback.revoke_link("studio", OWNER, link.id)
    strict = World(database, ChannelsSettings(link_days=1, token_s=60))
    for days, leave in ((6, given), (79, by_link)):
        strict.now_ms = world.now_ms + days * DAY_S * 1000
        await strict.desk.look()
        await strict.desk.load(["studio"])
        assert view(strict, leave) is View.OVER
    assert by_link.token
    with pytest.raises((NotAllowedError, NotFoundError)):
        await strict.playback.leave_by_link("studio", by_link.token)
    strict.now_ms = world.now_ms + 367 * DAY_S * 1000
    await strict.desk.look()
    async with database.reading() as connection:
        assert (await connection.execute(select(playback_voids))).all() == []
