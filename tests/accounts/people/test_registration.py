"""Coming in: by a proven address, by invitation, as the first administrator."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select

from accounts.events import AccountCreated
from accounts.people.email_address import EmailAddress
from accounts.people.errors import (
    ConflictingError,
    InvalidFieldsError,
    LinkVoidError,
    RegistrationClosedError,
)
from accounts.people.settings import RegistrationSettings
from accounts.people.tables import accounts
from tests.accounts.people.world import (
    DAY_MS,
    HOUR_MS,
    OTHER_PASSWORD,
    PASSWORD,
    PUBLIC_URL,
    PeopleWorld,
)


async def count_accounts(world: PeopleWorld) -> int:
    async with world.database.reading() as connection:
        return int(await connection.scalar(select(func.count()).select_from(accounts)) or 0)


async def test_no_account_begins_before_its_address_is_proven(world: PeopleWorld) -> None:
    registration = world.people.registration
    await registration.begin("Ann@Example.org", None)
    assert await count_accounts(world) == 0
    mail = world.mailbox.last
    assert mail.to == "Ann@example.org"
    assert f"{PUBLIC_URL}/sign-up#token={mail.token}" in mail.text
    assert await registration.see(mail.token) == "Ann@example.org"
    account_id = await registration.finish(mail.token, PASSWORD, "  Ann   of Avonlea ")
    account = await world.people.profiles.own(account_id)
    assert (account.display_name, account.role) == ("Ann of Avonlea", "user")
    assert [event.how for event in world.events_of(AccountCreated)] == ["registration"]  # type: ignore[attr-defined]
    assert (await world.sign_in()).account_id == account_id


async def test_an_address_with_an_account_gets_another_mail_and_nobody_is_told(
    world: PeopleWorld,
) -> None:
    await world.register()
    sent = len(world.mailbox.mails)
    await world.people.registration.begin("ANN@example.org", None)
    assert len(world.mailbox.mails) == sent + 1
    assert world.mailbox.last.to == "ann@example.org"
    assert "has an account already" in world.mailbox.last.text
    assert "#" not in world.mailbox.last.text


async def test_a_link_is_good_once_even_for_many_at_once(world: PeopleWorld) -> None:
    await world.people.registration.begin("ann@example.org", None)
    token = world.mailbox.last.token
    said = await asyncio.gather(
        *(world.people.registration.finish(token, PASSWORD, f"Ann {n}") for n in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, str) for each in said) == 1
    assert sum(isinstance(each, LinkVoidError) for each in said) == 3
    assert await count_accounts(world) == 1


async def test_a_link_expires(world: PeopleWorld) -> None:
    await world.people.registration.begin("ann@example.org", None)
    world.wait(24 * HOUR_MS)
    with pytest.raises(LinkVoidError):
        await world.people.registration.finish(world.mailbox.last.token, PASSWORD, "Ann")


async def test_a_refused_password_leaves_the_link_good(world: PeopleWorld) -> None:
    await world.people.registration.begin("ann@example.org", None)
    token = world.mailbox.last.token
    for bad in ("short", "password123", "ann@example.org", "qwertyuiop", "aaaaaaaaaaaa", "x" * 201):
        with pytest.raises(InvalidFieldsError) as caught:
            await world.people.registration.finish(token, bad, "Ann")
        assert [fault.path for fault in caught.value.faults] == ["password"]
        assert bad not in str(caught.value)
    assert await world.people.registration.finish(token, PASSWORD, "Ann")


async def test_of_two_links_for_one_address_the_first_makes_the_account(
    world: PeopleWorld,
) -> None:
    tokens = []
    for _ in range(2):
        await world.people.registration.begin("ann@example.org", None)
        tokens.append(world.mailbox.last.token)
    await world.people.registration.finish(tokens[0], PASSWORD, "Ann")
    with pytest.raises(ConflictingError):
        await world.people.registration.finish(tokens[1], OTHER_PASSWORD, "Mallory")


async def test_nobody_can_have_an_address_flooded_with_mails(world: PeopleWorld) -> None:
    for _ in range(20):
        await world.people.registration.begin("ann@example.org", None)
        await world.people.password_change.forget("ann@example.org")
    assert len(world.mailbox.mails) <= 5
    world.wait(DAY_MS)
    sent = len(world.mailbox.mails)
    await world.people.registration.begin("ann@example.org", None)
    assert len(world.mailbox.mails) == sent + 1


@pytest.mark.parametrize("mode", ["closed", "invitation"])
async def test_registration_is_as_open_as_the_settings_say(world: PeopleWorld, mode: str) -> None:
    world.people.close()
    world.rebuild(registration=RegistrationSettings(mode=mode))  # type: ignore[arg-type]
    with pytest.raises(RegistrationClosedError):
        await world.people.registration.begin("ann@example.org", None)
    with pytest.raises(RegistrationClosedError):
        await world.people.registration.begin("ann@example.org", "rci_" + "A" * 43)
    assert world.mailbox.mails == []


async def test_closing_registration_voids_links_that_were_mailed(world: PeopleWorld) -> None:
    await world.people.registration.begin("ann@example.org", None)
    world.people.close()
    world.rebuild(registration=RegistrationSettings(mode="closed"))
    with pytest.raises(RegistrationClosedError):
        await world.people.registration.finish(world.mailbox.last.token, PASSWORD, "Ann")


async def invite(world: PeopleWorld, email: str | None, uses: int = 1, days: int = 7) -> str:
    made = await world.people.invitations.create(
        email=None if email is None else EmailAddress.parse(email),
        role="user",
        uses=uses,
        days=days,
        by_id=None,
    )
    return made.link.partition("#invitation=")[2]


async def test_an_invitation_for_an_address_proves_it(world: PeopleWorld) -> None:
    world.people.close()
    world.rebuild(registration=RegistrationSettings(mode="invitation"))
    token = await invite(world, "ann@example.org")
    assert world.mailbox.last.to == "ann@example.org"
    assert world.mailbox.last.token == token
    assert await world.people.registration.see(token) == "ann@example.org"
    account_id = await world.people.registration.finish(token, PASSWORD, "Ann")
    assert (await world.people.profiles.own(account_id)).email == "ann@example.org"
    with pytest.raises(RegistrationClosedError):
        await world.people.registration.finish(token, PASSWORD, "Ann")


async def test_an_open_invitation_still_takes_a_proven_address(world: PeopleWorld) -> None:
    world.people.close()
    world.rebuild(registration=RegistrationSettings(mode="invitation"))
    token = await invite(world, None, uses=2)
    with pytest.raises(LinkVoidError):
        await world.people.registration.finish(token, PASSWORD, "Ann")
    links = []
    for number in range(3):
        await world.people.registration.begin(f"user{number}@example.org", token)
        links.append(world.mailbox.last.token)
    for link in links[:2]:
        assert await world.people.registration.finish(link, PASSWORD, "User")
    with pytest.raises(RegistrationClosedError):
        await world.people.registration.finish(links[2], PASSWORD, "User")


async def test_an_invitation_is_not_good_for_another_address(world: PeopleWorld) -> None:
    world.people.close()
    world.rebuild(registration=RegistrationSettings(mode="invitation"))
    token = await invite(world, "ann@example.org")
    await world.people.registration.begin("mallory@example.org", token)
    with pytest.raises(RegistrationClosedError):
        await world.people.registration.finish(world.mailbox.last.token, PASSWORD, "Mallory")


async def test_an_invitation_expires_and_can_be_withdrawn(world: PeopleWorld) -> None:
    world.people.close()
    world.rebuild(registration=RegistrationSettings(mode="invitation"))
    expiring, withdrawn = await invite(world, "a@example.org", days=1), await invite(world, None)
    (newest, *_) = (await world.people.invitations.page(10, None)).items
    await world.people.invitations.withdraw(newest.id)
    with pytest.raises(RegistrationClosedError):
        await world.people.registration.begin("b@example.org", withdrawn)
    world.wait(DAY_MS)
    with pytest.raises(RegistrationClosedError):
        await world.people.registration.finish(expiring, PASSWORD, "A")
    assert (await world.people.invitations.page(10, None)).items == ()


async def demote(world: PeopleWorld, account_id: str) -> None:
    await world.people.administration.set_role(account_id, "user", lambda _: None)


async def suspend(world: PeopleWorld, account_id: str) -> None:
    await world.people.administration.suspend(account_id, "gone", None)


async def delete(world: PeopleWorld, account_id: str) -> None:
    await world.people.departure.delete(account_id, None)


@pytest.mark.parametrize("send_away", [demote, suspend, delete])
async def test_invitations_of_who_is_no_administrator_any_more_are_void(
    world: PeopleWorld, send_away: Callable[[PeopleWorld, str], Awaitable[None]]
) -> None:
    await world.make_admin()
    second = await world.make_admin("second@example.org")
    made = await world.people.invitations.create(
        email=None, role="admin", uses=5, days=7, by_id=second
    )
    await send_away(world, second)
    token = made.link.partition("#invitation=")[2]
    with pytest.raises(RegistrationClosedError):
        await world.people.registration.begin("eve@example.org", token)


async def test_the_set_up_link_makes_one_administrator(world: PeopleWorld) -> None:
    link = await world.people.set_up.link()
    assert link
    assert link.startswith(f"{PUBLIC_URL}/set-up#token=")
    token = link.partition("#token=")[2]
    account_id = await world.people.set_up.finish(token, "root@home", PASSWORD, "Root")
    assert (await world.people.profiles.own(account_id)).role == "admin"
    assert await world.people.set_up.link() is None
    with pytest.raises(LinkVoidError):
        await world.people.set_up.finish(token, "eve@example.org", PASSWORD, "Eve")


async def test_each_start_makes_a_new_set_up_link_and_the_old_one_void(
    world: PeopleWorld,
) -> None:
    links = [str(await world.people.set_up.link()) for _ in range(2)]
    old, new = (link.partition("#token=")[2] for link in links)
    with pytest.raises(LinkVoidError):
        await world.people.set_up.finish(old, "eve@example.org", PASSWORD, "Eve")
    assert await world.people.set_up.finish(new, "root@example.org", PASSWORD, "Root")


async def test_many_who_use_the_set_up_link_at_once_make_one_administrator(
    world: PeopleWorld,
) -> None:
    link = str(await world.people.set_up.link())
    token = link.partition("#token=")[2]
    said = await asyncio.gather(
        *(
            world.people.set_up.finish(token, f"root{n}@example.org", PASSWORD, "Root")
            for n in range(4)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, str) for each in said) == 1
    assert await count_accounts(world) == 1


async def test_a_link_is_good_for_its_own_purpose_alone(world: PeopleWorld) -> None:
    link = str(await world.people.set_up.link())
    token = link.partition("#token=")[2]
    await world.people.registration.begin("ann@example.org", None)
    registering = world.mailbox.last.token
    for finish in (
        lambda: world.people.registration.finish(token, PASSWORD, "Eve"),
        lambda: world.people.set_up.finish(registering, "e@example.org", PASSWORD, "Eve"),
        lambda: world.people.password_change.reset(registering, PASSWORD),
        lambda: world.people.email_change.finish(registering),
        lambda: world.people.sign_in.with_code(registering, "123456", client=""),
    ):
        with pytest.raises(LinkVoidError):
            await finish()
