"""Channels: made, seen, changed and deleted by those who may."""

import asyncio
import dataclasses

import pytest

from accounts.channels.channel import ChannelEdit
from accounts.channels.errors import (
    ConflictingError,
    InvalidFieldsError,
    LimitReachedError,
    NotAllowedError,
    NotFoundError,
    OutdatedError,
)
from accounts.channels.sight import Asker
from accounts.channels.visibility import Visibility
from accounts.events import ChannelBanned, ChannelChanged, ChannelCreated, ChannelDeleted
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

STRANGE_TEXTS = (
    "'; DROP TABLE channels; --",
    '"><script>alert(1)</script>',
    "{{7*7}} ${7*7} %s %(x)s {0}",
    'a NEAR b OR * ^ " AND NOT ( heads:',
    "\\x00 \\' \\",
    "日本語 العربية עברית ไทย 👩‍👩‍👧",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
)


async def test_a_channel_begins_public_with_its_name_as_title(world: World) -> None:
    channel = await world.channel("Studio")
    assert (channel.name, channel.title, channel.visibility) == (
        "studio", "studio", Visibility.PUBLIC,
    )  # fmt: skip
    assert (channel.revision, channel.created_at_ms, channel.owner_id) == (1, START_MS, "acc_OWNER")
    sight = await world.channels.see("STUDIO", ANYBODY)
    assert sight.channel == channel
    assert await world.channels.owned_by("acc_OWNER") == (channel,)
    assert len(world.told(ChannelCreated)) == 1


async def test_a_name_is_given_once(world: World) -> None:
    await world.channel("studio")
    for name in ("studio", "STUDIO"):
        with pytest.raises(ConflictingError):
            await world.channel(name, OTHER)
    for name in ("api", "rillcast", "", "a b", "../x", "stüdio", "x" * 65):
        with pytest.raises(InvalidFieldsError):
            await world.channel(name, OTHER)


async def test_two_who_want_one_name_at_once_do_not_both_get_it(world: World) -> None:
    made = await asyncio.gather(
        *(world.channel("studio", asker) for asker in (OWNER, OTHER, FAN)), return_exceptions=True
    )
    assert sum(not isinstance(each, BaseException) for each in made) == 1
    assert sum(isinstance(each, ConflictingError) for each in made) == 2


async def test_an_account_has_no_more_channels_than_it_may(world: World) -> None:
    limit = world.settings.per_account
    made = await asyncio.gather(
        *(world.channel(f"channel{number}") for number in range(limit + 2)), return_exceptions=True
    )
    assert sum(isinstance(each, LimitReachedError) for each in made) == 2
    await world.channel("elsewhere", OTHER)


@pytest.mark.parametrize("text", STRANGE_TEXTS)
async def test_strange_texts_are_kept_as_they_are(world: World, text: str) -> None:
    await world.channel(title="first")
    edited = await world.channels.edit(
        "studio", OWNER, ChannelEdit(title=text, description=text), any_revision
    )
    assert edited.title == edited.description
    assert (await world.channels.see("studio", ANYBODY)).channel == edited
    # Nor does anything else take harm from them as a name or a search.
    with pytest.raises(NotFoundError):
        await world.channels.see(text, ANYBODY)


async def test_edits_change_what_they_name_and_count_revisions(world: World) -> None:
    before = await world.channel(
        title="One", category="music", tags=("Jazz", "Late Night"), language="pt-br"
    )
    assert (before.tags, before.language) == (("jazz", "late-night"), "pt-BR")
    after = await world.channels.edit(
        "studio", OWNER, ChannelEdit(title="Two", tags=("b", "a")), any_revision
    )
    assert after == dataclasses.replace(before, title="Two", tags=("b", "a"), revision=2)
    same = await world.channels.edit("studio", OWNER, ChannelEdit(title="Two"), any_revision)
    assert same.revision == 2
    (event,) = world.told(ChannelChanged)
    assert isinstance(event, ChannelChanged)
    assert event.changed == ("title", "tags")


async def test_an_edit_of_an_older_picture_is_refused_in_its_transaction(world: World) -> None:
    await world.channel()

    def only_first(revision: int) -> None:
        if revision != 1:
            raise OutdatedError

    edits = [
        world.channels.edit("studio", OWNER, ChannelEdit(title=f"title {number}"), only_first)
        for number in range(5)
    ]
    done = await asyncio.gather(*edits, return_exceptions=True)
    assert sum(isinstance(each, OutdatedError) for each in done) == 4
    assert (await world.channels.see("studio", OWNER)).channel.revision == 2


@pytest.mark.parametrize("asker", [ANYBODY, FAN, OTHER])
async def test_nobody_else_changes_or_deletes_a_channel(world: World, asker: Asker) -> None:
    await world.channel()
    with pytest.raises(NotAllowedError):
        await world.channels.edit("studio", asker, ChannelEdit(title="mine"), any_revision)
    with pytest.raises(NotAllowedError):
        await world.channels.delete("studio", asker)
    with pytest.raises(NotAllowedError):
        await world.channels.set_artwork("studio", asker, "x", any_revision)
    with pytest.raises(NotAllowedError):
        await world.administration.cut("studio", asker)
    for ban in (world.administration.ban("studio", asker, ""),
                world.administration.unban("studio", asker)):  # fmt: skip
        with pytest.raises(NotAllowedError):
            await ban


async def test_a_private_channel_is_not_there_for_others(world: World) -> None:
    await world.channel(visibility="private")
    for asker in (ANYBODY, FAN):
        for attempt in (
            world.channels.see("studio", asker),
            world.channels.edit("studio", asker, ChannelEdit(title="x"), any_revision),
            world.channels.delete("studio", asker),
            world.keys.of_channel("studio", asker),
            world.playback.leave("studio", asker),
            world.administration.cut("studio", asker),
        ):
            with pytest.raises(NotFoundError):
                await attempt
    assert (await world.channels.see("studio", ADMIN)).channel.name == "studio"
    await world.moderators.put("studio", OWNER, "acc_FAN")
    assert (await world.channels.see("studio", FAN)).may_watch


async def test_a_banned_channel_is_not_opened_by_making_it_anew(world: World) -> None:
    await world.channel()
    await world.administration.ban("studio", ADMIN, "spam")
    with pytest.raises(NotAllowedError):
        await world.channels.delete("studio", OWNER)
    assert (await world.channels.see("studio", OWNER)).channel.ban_reason == "spam"
    await world.channels.delete("studio", ADMIN)


async def test_a_deleted_channel_is_gone_with_its_keys_and_what_is_live(world: World) -> None:
    await world.channel()
    _, made = await world.keys.create("studio", OWNER, "one")
    world.control.begin(await world.publish_gate.authorize(made.reveal()))
    await world.channels.delete("studio", OWNER)
    assert world.control.cuts == [("studio", True)]
    assert "studio" not in world.rules
    with pytest.raises(NotFoundError):
        await world.channels.see("studio", OWNER)
    assert len(world.told(ChannelDeleted)) == 1
    again = await world.channel("studio", OTHER)
    assert again.follower_count == 0


async def test_a_banned_channel_is_closed_for_all_but_its_people(world: World) -> None:
    await world.channel()
    _, made = await world.keys.create("studio", OWNER, "one")
    world.control.begin(await world.publish_gate.authorize(made.reveal()))
    banned = await world.administration.ban("studio", ADMIN, "  stolen\nfilms ")
    assert (banned.ban_reason, banned.banned_at_ms) == ("stolen films", world.now_ms)
    assert world.control.cuts == [("studio", True)]
    assert (await world.publish_gate.authorize(made.reveal())).value == "closed"  # type: ignore[union-attr] # it is a refusal
    with pytest.raises(NotFoundError):
        await world.channels.see("studio", FAN)
    assert (await world.channels.see("studio", OWNER)).channel.ban_reason == "stolen films"
    assert len(world.told(ChannelBanned)) == 1
    await world.administration.unban("studio", ADMIN)
    assert (await world.publish_gate.authorize(made.reveal())).__class__.__name__ == "Admitted"
    await world.channels.see("studio", FAN)


async def test_a_suspended_owners_channels_are_closed_within_a_look(world: World) -> None:
    await world.channel()
    _, made = await world.keys.create("studio", OWNER, "one")
    world.control.begin(await world.publish_gate.authorize(made.reveal()))
    await world.suspend("acc_OWNER")
    await world.desk.look()
    assert world.control.cuts == [("studio", True)]
    assert (await world.publish_gate.authorize(made.reveal())).value == "closed"  # type: ignore[union-attr] # as above
    with pytest.raises(NotFoundError):
        await world.channels.see("studio", FAN)
    await world.suspend("acc_OWNER", suspended=False)
    await world.desk.look()
    await world.channels.see("studio", FAN)


async def test_a_stream_is_cut_by_its_owner_and_administrators_and_may_begin_anew(
    world: World,
) -> None:
    await world.channel()
    _, made = await world.keys.create("studio", OWNER, "one")
    for asker in (OWNER, ADMIN):
        world.control.live.add("studio")
        assert await world.administration.cut("studio", asker)
        assert not await world.administration.cut("studio", asker)
        assert (await world.publish_gate.authorize(made.reveal())).__class__.__name__ == "Admitted"
    assert world.control.cuts == [("studio", True)] * 2


async def test_administrators_see_all_channels_and_nobody_else_does(world: World) -> None:
    await world.channel("open", title="Jazz tonight")
    await world.channel("hidden", visibility="private", title="Jazz at home")
    await world.channel("closed", OTHER)
    await world.administration.ban("closed", ADMIN, "")
    listed = await world.administration.all_channels(
        ADMIN, "", banned_only=False, cursor=None, limit=10
    )
    assert {each.name for each in listed.items} == {"open", "hidden", "closed"}
    for text, banned_only, names in (
        ("jazz", False, {"open", "hidden"}), ("hid", False, {"hidden"}), ("", True, {"closed"}),
    ):  # fmt: skip
        listed = await world.administration.all_channels(
            ADMIN, text, banned_only=banned_only, cursor=None, limit=10
        )
        assert {each.name for each in listed.items} == names
    with pytest.raises(NotAllowedError):
        await world.administration.all_channels(OWNER, "", banned_only=False, cursor=None, limit=10)
