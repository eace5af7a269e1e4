"""New passwords, new addresses, and proving anew who asks."""

import pytest
from sqlalchemy import update

from accounts.api.caller import ANONYMOUS
from accounts.people.errors import (
    ConflictingError,
    InvalidFieldsError,
    LinkVoidError,
    SignInAgainError,
    TooManyGuessesError,
    WrongCredentialsError,
)
from accounts.people.identities import insert_identity
from accounts.people.tables import accounts
from tests.accounts.people.world import (
    HOUR_MS,
    MINUTE_MS,
    OTHER_PASSWORD,
    PASSWORD,
    PeopleWorld,
)


async def test_a_forgotten_password_is_replaced_by_a_mailed_link(world: PeopleWorld) -> None:
    account_id = await world.register()
    session = await world.sign_in()
    made = await world.people.personal_tokens.create(
        account_id, "script", frozenset({"profile:read"}), None
    )
    await world.people.password_change.forget("ANN@example.org")
    token = world.mailbox.last.token
    assert await world.people.password_change.reset(token, OTHER_PASSWORD) == account_id
    ask = world.people.authenticator.authenticate
    assert await ask(None, session.access_token) == ANONYMOUS
    assert await ask(None, made.text) == ANONYMOUS
    with pytest.raises(WrongCredentialsError):
        await world.sign_in()
    await world.sign_in(password=OTHER_PASSWORD)
    assert world.mailbox.last.subject.startswith("Your password was changed")
    with pytest.raises(LinkVoidError):
        await world.people.password_change.reset(token, PASSWORD)


async def test_nothing_is_mailed_to_who_has_no_account_and_nobody_is_told(
    world: PeopleWorld,
) -> None:
    await world.people.password_change.forget("nobody@example.org")
    await world.people.password_change.forget("no address")
    assert world.mailbox.mails == []


async def test_the_mail_about_a_reset_says_who_else_can_sign_in(world: PeopleWorld) -> None:
    account_id = await world.register()
    async with world.database.writing() as connection:
        for subject in ("1", "2"):
            await insert_identity(
                connection,
                account_id,
                issuer="https://id.example.net",
                subject=subject,
                email=None,
                now_ms=world.now_ms,
            )
    await world.people.password_change.forget("ann@example.org")
    await world.people.password_change.reset(world.mailbox.last.token, OTHER_PASSWORD)
    assert world.mailbox.last.text.count("https://id.example.net") == 1


async def test_no_stranger_keeps_the_link_away_by_having_other_mails_sent(
    world: PeopleWorld,
) -> None:
    account_id = await world.register()
    other_id = await world.register("eve@example.org")
    for _ in range(6):
        await world.people.registration.begin("ann@example.org", None)
        await world.people.email_change.begin(other_id, "ann@example.org")
    await world.people.password_change.forget("ann@example.org")
    assert world.mailbox.last.subject == "Choose a new password"
    for _ in range(6):
        await world.people.password_change.forget("ann@example.org")
    sent = len(world.mailbox.mails)
    await world.people.password_change.forget("ann@example.org")
    assert len(world.mailbox.mails) == sent
    await world.people.password_change.send_link(account_id, "ann@example.org")  # an administrator
    assert len(world.mailbox.mails) == sent + 1
    await world.people.password_change.reset(world.mailbox.last.token, OTHER_PASSWORD)


async def test_the_link_for_nobody_is_void(world: PeopleWorld) -> None:
    with pytest.raises(LinkVoidError):
        await world.people.password_change.reset("rco_" + "A" * 43, OTHER_PASSWORD)


async def test_a_reset_link_expires_and_a_newer_password_voids_it(world: PeopleWorld) -> None:
    account_id = await world.register()
    await world.people.password_change.forget("ann@example.org")
    first = world.mailbox.last.token
    session = await world.sign_in()
    await world.people.password_change.change(account_id, session.session_id, OTHER_PASSWORD)
    with pytest.raises(LinkVoidError):
        await world.people.password_change.reset(first, PASSWORD)
    await world.people.password_change.forget("ann@example.org")
    world.wait(HOUR_MS)
    with pytest.raises(LinkVoidError):
        await world.people.password_change.reset(world.mailbox.last.token, PASSWORD)


async def test_the_link_goes_to_the_proven_address_whatever_was_typed(world: PeopleWorld) -> None:
    # U+017F folds to "s": a stranger's address must not get a link for the account of another.
    await world.register("mikes@example.org")
    sent = len(world.mailbox.mails)
    await world.people.password_change.forget("mike\u017f@example.org")
    assert len(world.mailbox.mails) == sent
    await world.people.password_change.forget("MIKES@EXAMPLE.ORG")
    assert world.mailbox.last.to == "mikes@example.org"


async def test_a_reset_leaves_the_second_factor_in_force(world: PeopleWorld) -> None:
    account_id = await world.register()
    enrolment = await world.people.second_factors.enrol(account_id)
    await world.people.confirm_second_factor(account_id, _code_of(world, enrolment.secret))
    await world.people.password_change.forget("ann@example.org")
    token = next(mail for mail in reversed(world.mailbox.mails) if "#token" in mail.text).token
    await world.people.password_change.reset(token, OTHER_PASSWORD)
    assert await world.people.second_factors.codes_left(account_id) == 10


def _code_of(world: PeopleWorld, secret: str) -> str:
    import pyotp

    return pyotp.TOTP(secret).at(world.now_ms // 1000)


async def test_a_new_password_is_checked_like_the_first(world: PeopleWorld) -> None:
    account_id = await world.register()
    session = await world.sign_in()
    with pytest.raises(InvalidFieldsError) as caught:
        await world.people.password_change.change(account_id, session.session_id, "password123")
    assert caught.value.faults[0].path == "newPassword"
    await world.sign_in()


async def test_the_password_is_asked_for_and_guesses_are_counted(world: PeopleWorld) -> None:
    account_id = await world.register()
    session = await world.sign_in()
    require = world.people.reauthentication.require
    await require(account_id, session.session_id, PASSWORD, "192.0.2.7")
    with pytest.raises(WrongCredentialsError):
        await require(account_id, session.session_id, None, "192.0.2.7")
    for _ in range(5):
        with pytest.raises(WrongCredentialsError):
            await require(account_id, session.session_id, "wrong", "192.0.2.7")
    with pytest.raises(TooManyGuessesError):
        await require(account_id, session.session_id, PASSWORD, "192.0.2.7")


async def test_without_a_password_the_log_in_must_be_fresh(world: PeopleWorld) -> None:
    account_id = await world.register()
    session = await world.sign_in()
    async with world.database.writing() as connection:
        await connection.execute(
            update(accounts).where(accounts.c.id == account_id).values(password_hash=None)
        )
    require = world.people.reauthentication.require
    await require(account_id, session.session_id, None, "192.0.2.7")
    world.wait(15 * MINUTE_MS + 1)
    with pytest.raises(SignInAgainError):
        await require(account_id, session.session_id, None, "192.0.2.7")
    with pytest.raises(SignInAgainError):
        await require(account_id, None, None, "192.0.2.7")


async def test_a_new_address_is_proven_and_the_old_one_is_told(world: PeopleWorld) -> None:
    account_id = await world.register()
    await world.people.email_change.begin(account_id, "new@example.org")
    mail = world.mailbox.last
    assert mail.to == "new@example.org"
    assert (await world.people.profiles.own(account_id)).email == "ann@example.org"
    await world.people.email_change.finish(mail.token)
    assert (await world.people.profiles.own(account_id)).email == "new@example.org"
    assert world.mailbox.last.to == "ann@example.org"
    await world.sign_in("new@example.org")
    with pytest.raises(LinkVoidError):
        await world.people.email_change.finish(mail.token)


async def test_the_address_of_another_account_is_never_taken(world: PeopleWorld) -> None:
    account_id = await world.register()
    await world.register("bob@example.org")
    await world.people.email_change.begin(account_id, "bob@example.org")
    assert world.mailbox.last.to == "bob@example.org"
    assert "has an account already" in world.mailbox.last.text
    await world.people.email_change.begin(account_id, "eve@example.org")
    token = world.mailbox.last.token
    await world.register("eve@example.org")
    with pytest.raises(ConflictingError):
        await world.people.email_change.finish(token)
