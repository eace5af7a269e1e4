"""Personal tokens: how long they live, how many there may be, and whose they are."""

import pytest

from accounts.api.caller import ANONYMOUS
from accounts.people.errors import InvalidFieldsError, LimitReachedError, NotFoundError
from accounts.people.settings import SessionSettings
from tests.accounts.people.world import DAY_MS, PeopleWorld

READ = frozenset({"profile:read"})


async def test_a_token_says_who_and_how_far(world: PeopleWorld) -> None:
    account_id = await world.register()
    made = await world.people.personal_tokens.create(account_id, " my  script ", READ, 30)
    assert made.token.name == "my script"
    assert made.text.startswith("rcp_")
    assert made.text not in repr(made)
    caller = await world.people.authenticator.authenticate(None, made.text)
    assert (caller.account_id, caller.via, caller.scopes) == (account_id, "personal-token", READ)
    assert caller.session_id is None


async def test_a_token_expires_or_lives_for_ever(world: PeopleWorld) -> None:
    account_id = await world.register()
    short = await world.people.personal_tokens.create(account_id, "short", READ, 1)
    long = await world.people.personal_tokens.create(account_id, "long", READ, None)
    ask = world.people.authenticator.authenticate
    world.wait(DAY_MS - 1)
    assert (await ask(None, short.text)).is_known
    world.wait(1)
    assert await ask(None, short.text) == ANONYMOUS
    world.wait(1000 * DAY_MS)
    assert (await ask(None, long.text)).is_known


async def test_when_a_token_was_used_last_is_written_now_and_then(world: PeopleWorld) -> None:
    account_id = await world.register()
    made = await world.people.personal_tokens.create(account_id, "script", READ, None)
    world.wait(DAY_MS)
    await world.people.authenticator.authenticate(None, made.text)
    await world.people.authenticator.write_uses()
    (listed,) = await world.people.personal_tokens.list_of(account_id)
    assert listed.used_at_ms == world.now_ms


async def test_there_are_as_many_as_the_settings_say(world: PeopleWorld) -> None:
    world.people.close()
    world.rebuild(sessions=SessionSettings(personal_tokens=2))
    account_id = await world.register()
    made = [
        await world.people.personal_tokens.create(account_id, f"t{n}", READ, None) for n in range(2)
    ]
    with pytest.raises(LimitReachedError):
        await world.people.personal_tokens.create(account_id, "t3", READ, None)
    await world.people.personal_tokens.revoke(account_id, made[0].token.id)
    await world.people.personal_tokens.create(account_id, "t3", READ, None)


@pytest.mark.parametrize("scopes", [frozenset(), frozenset({"profile:read", "everything"})])
async def test_scopes_that_do_not_exist_are_refused(
    world: PeopleWorld, scopes: frozenset[str]
) -> None:
    account_id = await world.register()
    with pytest.raises(InvalidFieldsError):
        await world.people.personal_tokens.create(account_id, "t", scopes, None)


async def test_nobody_revokes_the_token_of_another(world: PeopleWorld) -> None:
    ann, bob = await world.register(), await world.register("bob@example.org")
    made = await world.people.personal_tokens.create(ann, "t", READ, None)
    with pytest.raises(NotFoundError):
        await world.people.personal_tokens.revoke(bob, made.token.id)
    assert (await world.people.authenticator.authenticate(None, made.text)).is_known


@pytest.mark.parametrize("text", ["rcp_", "rcp_" + "A" * 43, "rcp_" + "A" * 500, "rcp_\u00e9"])
async def test_an_unknown_token_is_nobodys(world: PeopleWorld, text: str) -> None:
    assert await world.people.authenticator.authenticate(None, text) == ANONYMOUS
