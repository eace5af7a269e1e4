"""Codes of an app, recovery codes, and replaying them."""

import asyncio

import pyotp
import pytest
from sqlalchemy import select

from accounts.people.errors import (
    ConflictingError,
    LinkVoidError,
    SecondFactorRequiredError,
    TooManyGuessesError,
    WrongCredentialsError,
)
from accounts.people.sealing import Seal, UnsealError
from accounts.people.sessions import NewSession
from accounts.people.tables import second_factors
from tests.accounts.people.world import MINUTE_MS, SECOND_MS, PeopleWorld

STEP_MS = 30 * SECOND_MS


class Enrolled:
    """An account with a second factor, and the app that makes its codes."""

    def __init__(self, world: PeopleWorld, account_id: str, secret: str) -> None:
        self.world = world
        self.account_id = account_id
        self.secret = secret
        self.recovery: tuple[str, ...] = ()

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(self.secret).at((self.world.now_ms + steps * STEP_MS) // 1000)

    async def challenge(self) -> str:
        with pytest.raises(SecondFactorRequiredError) as caught:
            await self.world.sign_in()
        return caught.value.challenge

    async def enter(self, challenge: str, code: str) -> NewSession:
        return await self.world.people.sign_in.with_code(challenge, code, client="test")


@pytest.fixture
async def enrolled(world: PeopleWorld) -> Enrolled:
    account_id = await world.register()
    enrolment = await world.people.second_factors.enrol(account_id)
    found = Enrolled(world, account_id, enrolment.secret)
    found.recovery = await world.people.confirm_second_factor(account_id, found.code())
    world.wait(STEP_MS)
    return found


async def test_it_is_in_force_only_after_a_first_code(world: PeopleWorld) -> None:
    account_id = await world.register()
    enrolment = await world.people.second_factors.enrol(account_id)
    assert enrolment.uri.startswith("otpauth://totp/Rillcast%20live.example.org:ann%40example.org?")
    assert f"secret={enrolment.secret}" in enrolment.uri
    assert enrolment.secret not in repr(enrolment)
    await world.sign_in()
    with pytest.raises(WrongCredentialsError):
        await world.people.confirm_second_factor(account_id, "000000")
    await world.sign_in()


async def test_signing_in_takes_a_code_in_the_same_sign_in(enrolled: Enrolled) -> None:
    challenge = await enrolled.challenge()
    session = await enrolled.enter(challenge, enrolled.code())
    assert session.account_id == enrolled.account_id
    with pytest.raises(LinkVoidError):
        await enrolled.enter(challenge, enrolled.code(1))


async def test_a_code_is_good_once(enrolled: Enrolled) -> None:
    code = enrolled.code()
    await enrolled.enter(await enrolled.challenge(), code)
    with pytest.raises(WrongCredentialsError):
        await enrolled.enter(await enrolled.challenge(), code)


async def test_the_code_that_confirmed_it_does_not_sign_in(world: PeopleWorld) -> None:
    account_id = await world.register()
    enrolment = await world.people.second_factors.enrol(account_id)
    found = Enrolled(world, account_id, enrolment.secret)
    await world.people.confirm_second_factor(account_id, found.code())
    with pytest.raises(WrongCredentialsError):
        await found.enter(await found.challenge(), found.code())


async def test_one_code_sent_many_times_at_once_signs_in_once(enrolled: Enrolled) -> None:
    challenges = [await enrolled.challenge() for _ in range(4)]
    said = await asyncio.gather(
        *(enrolled.enter(each, enrolled.code()) for each in challenges), return_exceptions=True
    )
    assert sum(isinstance(each, NewSession) for each in said) == 1


@pytest.mark.parametrize(
    ("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
async def test_clocks_may_differ_by_one_step(
    world: PeopleWorld, enrolled: Enrolled, steps: int, is_taken: bool
) -> None:
    world.wait(10 * MINUTE_MS)
    challenge = await enrolled.challenge()
    if is_taken:
        await enrolled.enter(challenge, enrolled.code(steps))
    else:
        with pytest.raises(WrongCredentialsError):
            await enrolled.enter(challenge, enrolled.code(steps))


async def test_an_earlier_code_is_void_after_a_later_one(
    world: PeopleWorld, enrolled: Enrolled
) -> None:
    world.wait(10 * MINUTE_MS)
    await enrolled.enter(await enrolled.challenge(), enrolled.code(1))
    with pytest.raises(WrongCredentialsError):
        await enrolled.enter(await enrolled.challenge(), enrolled.code(0))


async def test_a_recovery_code_signs_in_once_however_it_is_typed(
    world: PeopleWorld, enrolled: Enrolled
) -> None:
    typed = f" {enrolled.recovery[3].lower().replace('-', ' ')} "
    await enrolled.enter(await enrolled.challenge(), typed)
    assert await world.people.second_factors.codes_left(enrolled.account_id) == 9
    with pytest.raises(WrongCredentialsError):
        await enrolled.enter(await enrolled.challenge(), enrolled.recovery[3])


async def test_renewed_recovery_codes_void_the_old_ones(
    world: PeopleWorld, enrolled: Enrolled
) -> None:
    renewed = await world.people.second_factors.renew_codes(enrolled.account_id)
    with pytest.raises(WrongCredentialsError):
        await enrolled.enter(await enrolled.challenge(), enrolled.recovery[0])
    await enrolled.enter(await enrolled.challenge(), renewed[0])


async def test_guessing_codes_soon_waits_whatever_challenge_is_used(
    world: PeopleWorld, enrolled: Enrolled
) -> None:
    for _ in range(5):
        with pytest.raises(WrongCredentialsError):
            await enrolled.enter(await enrolled.challenge(), "000000")
    challenge = await enrolled.challenge()
    with pytest.raises(TooManyGuessesError):
        await enrolled.enter(challenge, enrolled.code())
    world.wait(2 * SECOND_MS)
    await enrolled.enter(challenge, enrolled.code())


async def test_a_challenge_ends_after_five_minutes(world: PeopleWorld, enrolled: Enrolled) -> None:
    challenge = await enrolled.challenge()
    world.wait(5 * MINUTE_MS)
    with pytest.raises(LinkVoidError):
        await enrolled.enter(challenge, enrolled.code())


async def test_signing_out_everywhere_voids_a_sign_in_that_waits_for_its_code(
    enrolled: Enrolled,
) -> None:
    challenge = await enrolled.challenge()
    await enrolled.world.people.sessions.end_all(enrolled.account_id)
    with pytest.raises(LinkVoidError):
        await enrolled.enter(challenge, enrolled.code())


async def test_a_wrong_password_gets_no_challenge(enrolled: Enrolled) -> None:
    with pytest.raises(WrongCredentialsError):
        await enrolled.world.sign_in(password="wrong")


async def test_it_is_set_up_once_and_removed_whole(world: PeopleWorld, enrolled: Enrolled) -> None:
    factors = world.people.second_factors
    with pytest.raises(ConflictingError):
        await factors.enrol(enrolled.account_id)
    await world.people.remove_second_factor(enrolled.account_id)
    assert await factors.codes_left(enrolled.account_id) is None
    assert "second factor was removed" in world.mailbox.last.subject
    await world.sign_in()
    with pytest.raises(ConflictingError):
        await factors.renew_codes(enrolled.account_id)
    with pytest.raises(ConflictingError):
        await factors.confirm(enrolled.account_id, enrolled.code())


async def test_the_secret_is_sealed_for_its_owner(world: PeopleWorld, enrolled: Enrolled) -> None:
    async with world.database.reading() as connection:
        (row,) = await connection.scalars(select(second_factors.c.sealed_secret))
    sealed = bytes(row)
    assert enrolled.secret.encode() not in sealed
    seal = Seal(world.keys.derive("second factors"))
    assert seal.open(sealed, enrolled.account_id) == enrolled.secret.encode()
    tampered = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for wrong, owner in ((sealed, "acc_other"), (tampered, enrolled.account_id), (b"", "x")):
        with pytest.raises(UnsealError):
            seal.open(wrong, owner)


async def test_an_administrator_can_help_and_all_log_ins_end(
    world: PeopleWorld, enrolled: Enrolled
) -> None:
    session = await enrolled.enter(await enrolled.challenge(), enrolled.code())
    await world.people.administration.remove_second_factor(enrolled.account_id)
    caller = await world.people.authenticator.authenticate(None, session.access_token)
    assert not caller.is_known
    assert world.mailbox.last.to == "ann@example.org"
    assert "second factor" in world.mailbox.last.subject
    await world.sign_in()
