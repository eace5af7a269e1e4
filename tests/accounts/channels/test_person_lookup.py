"""People are found by name, by who looks after a channel, and no more of them than is asked for."""

import pytest

from accounts.channels.errors import NotAllowedError, NotFoundError
from accounts.channels.sight import Asker
from tests.accounts.channels.world import ADMIN, ANYBODY, FAN, OTHER, OWNER, World


async def found(world: World, text: str, asker: Asker = OWNER, limit: int = 8) -> list[str]:
    people = await world.lookup.by_name("studio", asker, text, limit)
    return [each.person.display_name for each in people]


async def test_names_are_found_by_their_beginning_however_it_is_written(world: World) -> None:
    await world.channel()
    for number, name in enumerate(("Žofie Ångström", "zofka", "Sofie", "生放送", "Straße 9", "★")):
        await world.add_person(f"acc_{number}", name)
    for text, names in (
        ("zof", ["Žofie Ångström", "zofka"]),
        ("ŽOFIE  a", ["Žofie Ångström"]),
        ("ｚｏｆｋ", ["zofka"]),  # noqa: RUF001 - wide letters
        ("angstrom", []),
        ("生", ["生放送"]),
        ("STRASSE", ["Straße 9"]),
        ("★", ["★"]),
        ("z_f", []),
        ("%", []),
        ("\u0301", []),
        (" ", []),
        ("'; DROP TABLE accounts; --", []),
        ("z\U0010ffff", []),
    ):
        assert await found(world, text) == names, text
    assert await found(world, "zof", limit=1) == ["Žofie Ångström"]


async def test_who_has_a_channel_is_found_by_its_name_and_shown_with_it(world: World) -> None:
    await world.channel()
    twin = await world.add_person("acc_TWIN", "Fay")
    await world.channel("night-train", twin)
    await world.channel("secret", twin, visibility="private")
    await world.channel("unlisted", twin, visibility="unlisted")
    (first,) = await world.lookup.by_name("studio", OWNER, "Night-Train ", 8)
    assert (first.person.account_id, first.channels) == ("acc_TWIN", ("night-train",))
    for hidden in ("secret", "unlisted"):
        assert await found(world, hidden) == []
    both = await world.lookup.by_name("studio", OWNER, "fay", 8)
    assert {each.person.account_id: each.channels for each in both} == {
        "acc_FAN": (),
        "acc_TWIN": ("night-train",),
    }
    await world.administration.ban("night-train", ADMIN, "")
    assert await found(world, "night-train") == []


async def test_only_who_looks_after_the_channel_looks_people_up(world: World) -> None:
    await world.channel()
    await world.channel("hidden", visibility="private")
    for asker in (ANYBODY, FAN, OTHER):
        with pytest.raises(NotAllowedError):
            await world.lookup.by_name("studio", asker, "o", 8)
        with pytest.raises(NotFoundError):
            await world.lookup.by_name("hidden", asker, "o", 8)
    await world.moderators.put("studio", OWNER, "acc_FAN")
    assert "Fay" not in await found(world, "f", FAN)
    assert await found(world, "f", OWNER) == ["Fay"]
    assert await found(world, "f", ADMIN) == ["Fay"]


async def test_it_is_said_who_moderates_and_who_is_banned_until_that_ends(world: World) -> None:
    await world.channel()
    await world.moderators.put("studio", OWNER, "acc_FAN")
    await world.viewer_bans.put("studio", OWNER, "acc_OTHER", "", world.now_ms + 1000)
    (fan,) = await world.lookup.by_name("studio", OWNER, "Fay", 8)
    assert (fan.is_moderator, fan.is_banned) == (True, False)
    (other,) = await world.lookup.by_name("studio", OWNER, "Otto", 8)
    assert (other.is_moderator, other.is_banned) == (False, True)
    world.now_ms += 2000
    (other,) = await world.lookup.by_name("studio", OWNER, "Otto", 8)
    assert not other.is_banned


async def test_who_was_closed_and_the_owner_are_not_found(world: World) -> None:
    await world.channel()
    await world.suspend("acc_FAN")
    assert await found(world, "Fay") == []
    assert await found(world, "Olga") == []
    assert await found(world, "studio") == []
