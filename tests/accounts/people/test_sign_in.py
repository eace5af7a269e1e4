"""Signing in with a password, and what guessing costs."""

import asyncio
import contextlib

import pytest
from sqlalchemy import select, update

from accounts.events import SignedIn, SignInRefused
from accounts.people.errors import (
    BusyError,
    SuspendedError,
    TooManyGuessesError,
    WrongCredentialsError,
)
from accounts.people.passwords import Verdict
from accounts.people.settings import PasswordSettings
from accounts.people.tables import accounts
from tests.accounts.people.world import (
    DAY_MS,
    MINUTE_MS,
    OTHER_PASSWORD,
    PASSWORD,
    SECOND_MS,
    PeopleWorld,
)


async def test_right_password_begins_a_log_in(world: PeopleWorld) -> None:
    account_id = await world.register()
    session = await world.sign_in("ANN@Example.org")
    assert session.account_id == account_id
    assert session.refresh_token
    assert session.cookie is None
    assert [event.how for event in world.events_of(SignedIn)] == ["password"]  # type: ignore[attr-defined]


async def test_browsers_get_a_cookie_and_no_token(world: PeopleWorld) -> None:
    await world.register()
    session = await world.sign_in(kind="browser")
    assert session.cookie
    assert (session.access_token, session.refresh_token) == (None, None)


async def test_unknown_and_known_accounts_cost_the_same_work(world: PeopleWorld) -> None:
    await world.register()
    costs = []
    for email in ("ann@example.org", "nobody@example.org", "no address at all"):
        before = world.people.passwords.checks
        with pytest.raises(WrongCredentialsError) as caught:
            await world.sign_in(email, OTHER_PASSWORD)
        costs.append((world.people.passwords.checks - before, str(caught.value)))
    assert costs == [(1, "the address or the password is wrong")] * 3
    refusals = world.events_of(SignInRefused)
    assert [event.account_id for event in refusals] == [None, None, None]  # type: ignore[attr-defined]


async def test_an_account_without_a_password_is_refused_by_the_same_work(
    world: PeopleWorld,
) -> None:
    account_id = await world.register()
    async with world.database.writing() as connection:
        await connection.execute(
            update(accounts).where(accounts.c.id == account_id).values(password_hash=None)
        )
    before = world.people.passwords.checks
    with pytest.raises(WrongCredentialsError):
        await world.sign_in()
    assert world.people.passwords.checks == before + 1


async def test_guessing_from_one_address_waits_longer_and_longer(world: PeopleWorld) -> None:
    await world.register()
    for _ in range(5):
        with pytest.raises(WrongCredentialsError):
            await world.sign_in(password="wrong")
    waits = []
    for _ in range(12):
        with pytest.raises(TooManyGuessesError) as caught:
            await world.sign_in()
        waits.append(caught.value.wait_s)
        world.wait(caught.value.wait_s * SECOND_MS)
        with pytest.raises(WrongCredentialsError):
            await world.sign_in(password="wrong")
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


async def test_unknown_accounts_are_locked_just_like_known_ones(world: PeopleWorld) -> None:
    await world.register()
    outcomes = []
    for email in ("ann@example.org", "nobody@example.org"):
        said = []
        for _ in range(8):
            try:
                await world.sign_in(email, "wrong")
            except WrongCredentialsError as error:
                said.append(str(error))
            except TooManyGuessesError as error:
                said.append(str(error.wait_s))
        outcomes.append(said)
    assert outcomes[0] == outcomes[1]


async def test_the_owner_elsewhere_is_not_locked_out_by_one_guesser(world: PeopleWorld) -> None:
    await world.register()
    for _ in range(5):
        with pytest.raises(WrongCredentialsError):
            await world.sign_in(password="wrong", address="198.51.100.1")
    with pytest.raises(TooManyGuessesError):
        await world.sign_in(address="198.51.100.1")
    await world.sign_in(address="192.0.2.7")


async def test_many_guessers_of_one_account_wait_a_minute_at_most(world: PeopleWorld) -> None:
    await world.register()
    longest_s = 0
    for number in range(70):
        try:
            await world.sign_in(password="wrong", address=f"198.51.100.{number}")
        except WrongCredentialsError:
            continue
        except TooManyGuessesError as error:
            longest_s = max(longest_s, error.wait_s)
            world.wait(error.wait_s * SECOND_MS)
    assert 0 < longest_s <= 60
    world.wait(MINUTE_MS)
    await world.sign_in()


async def test_no_number_of_strangers_locks_the_owner_out_where_they_have_signed_in(
    world: PeopleWorld,
) -> None:
    await world.register()
    await world.sign_in(address="192.0.2.7")
    refused = 0
    for number in range(60):
        try:
            await world.sign_in(password="wrong", address=f"198.51.100.{number}")
        except WrongCredentialsError:
            continue
        except TooManyGuessesError:
            refused += 1
            await world.sign_in(address="192.0.2.7")
            with pytest.raises(TooManyGuessesError):  # and does not make room for the strangers
                await world.sign_in(address="203.0.113.5")
    assert refused > 5
    for _ in range(5):
        with pytest.raises(WrongCredentialsError):
            await world.sign_in(password="wrong", address="192.0.2.7")
    with pytest.raises(TooManyGuessesError):  # a thief at home waits like everybody
        await world.sign_in(address="192.0.2.7")


async def test_a_network_is_known_for_a_month_and_an_account_knows_so_many(
    world: PeopleWorld,
) -> None:
    await world.register()
    for number in range(34):
        await world.sign_in(address=f"203.0.113.{number}")
    for number in range(60):
        with contextlib.suppress(WrongCredentialsError, TooManyGuessesError):
            await world.sign_in(password="wrong", address=f"198.51.100.{number}")
    await world.sign_in(address="203.0.113.31")
    with pytest.raises(TooManyGuessesError):
        await world.sign_in(address="203.0.113.32")
    world.wait(30 * DAY_MS)
    for number in range(60):
        with contextlib.suppress(WrongCredentialsError, TooManyGuessesError):
            await world.sign_in(password="wrong", address=f"198.51.100.{number}")
    with pytest.raises(TooManyGuessesError):
        await world.sign_in(address="203.0.113.31")


async def test_one_address_that_tries_many_accounts_waits(world: PeopleWorld) -> None:
    for number in range(50):
        with pytest.raises(WrongCredentialsError):
            await world.sign_in(f"user{number}@example.org", "wrong")
    with pytest.raises(TooManyGuessesError):
        await world.sign_in("user50@example.org", "wrong")


async def test_an_own_account_does_not_open_the_address_again(world: PeopleWorld) -> None:
    await world.register("mallory@example.org")
    said: list[type[BaseException]] = []
    for number in range(60):
        try:
            await world.sign_in(f"user{number}@example.org", "wrong")
        except (WrongCredentialsError, TooManyGuessesError) as error:
            said.append(type(error))
        with contextlib.suppress(TooManyGuessesError):
            await world.sign_in("mallory@example.org")
    assert said == [WrongCredentialsError] * 50 + [TooManyGuessesError] * 10


async def test_guesses_at_the_same_moment_are_all_counted(world: PeopleWorld) -> None:
    await world.register()

    async def guess(number: int) -> str:
        try:
            await world.sign_in(password=f"wrong {number}")
        except WrongCredentialsError:
            return "checked"
        except TooManyGuessesError:
            return "waits"
        return "in"

    said = await asyncio.gather(*(guess(number) for number in range(20)))
    assert said.count("checked") == 5
    assert said.count("in") == 0


async def test_failures_are_forgotten_after_a_day_and_after_a_success(world: PeopleWorld) -> None:
    await world.register()
    for _ in range(3):
        for _ in range(5):
            with pytest.raises(WrongCredentialsError):
                await world.sign_in(password="wrong")
        world.wait(DAY_MS)
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(WrongCredentialsError):
                await world.sign_in(password="wrong")
        await world.sign_in()


async def test_a_password_that_nobody_had_time_to_check_is_no_wrong_one(
    world: PeopleWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.register()
    session = await world.sign_in()

    async def refuse(*_: object) -> Verdict:
        raise BusyError("too many passwords wait to be checked")

    with monkeypatch.context() as flood:
        flood.setattr(world.people.passwords, "check", refuse)
        for _ in range(6):
            with pytest.raises(BusyError):
                await world.sign_in()
            with pytest.raises(BusyError):
                await world.people.reauthentication.require(
                    session.account_id, session.session_id, PASSWORD, "192.0.2.7"
                )
    await world.sign_in()


async def test_what_was_counted_outlives_a_restart(world: PeopleWorld) -> None:
    await world.register()
    for _ in range(5):
        with pytest.raises(WrongCredentialsError):
            await world.sign_in(password="wrong")
    world.people.close()
    world.rebuild()
    with pytest.raises(TooManyGuessesError):
        await world.sign_in()


async def test_hashes_follow_the_parameters_at_the_next_sign_in(world: PeopleWorld) -> None:
    account_id = await world.register()
    world.people.close()
    world.rebuild(passwords=PasswordSettings(memory_kib=16, passes=2, lanes=1))
    await world.sign_in()
    async with world.database.reading() as connection:
        stored = await connection.scalar(
            select(accounts.c.password_hash).where(accounts.c.id == account_id)
        )
    assert str(stored).startswith("$argon2id$v=19$m=16,t=2,p=1$")
    await world.sign_in()


async def test_a_suspended_account_says_so_to_its_owner_alone(world: PeopleWorld) -> None:
    await world.make_admin()
    account_id = await world.register()
    await world.people.administration.suspend(account_id, "spam", None)
    with pytest.raises(SuspendedError):
        await world.sign_in(password=PASSWORD)
    with pytest.raises(WrongCredentialsError):
        await world.sign_in(password=OTHER_PASSWORD)
