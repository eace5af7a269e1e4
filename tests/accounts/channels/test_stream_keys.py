"""Stream keys: shown once, hashed at rest, void at once."""

import asyncio

import pytest
from sqlalchemy import select

from accounts.channels.errors import LimitReachedError, NotAllowedError, NotFoundError
from accounts.channels.publish_gate import Admitted, NotAdmitted
from accounts.channels.stream_key import is_key_of, lookup_of_key, make_stream_key
from accounts.channels.tables import stream_keys
from accounts.events import KeyCreated, KeyRevoked
from tests.accounts.channels.world import ADMIN, ANYBODY, FAN, OTHER, OWNER, World, any_revision


def test_a_key_holds_160_random_bits_behind_a_part_that_may_be_shown() -> None:
    made = {make_stream_key().reveal() for _ in range(500)}
    assert len(made) == 500
    for key in made:
        start, lookup, secret = key.split("_")
        assert start == "rc"
        assert lookup_of_key(key) == lookup
        assert len(secret) == 32  # of 32 letters each
    assert len({letter for key in made for letter in key.split("_")[2]}) == 32


def test_nothing_but_the_key_matches_its_digest() -> None:
    made = make_stream_key()
    key = made.reveal()
    assert is_key_of(key, made.digest)
    for wrong in ("", key[:-1], key + "a", key.upper(), make_stream_key().reveal()):
        assert not is_key_of(wrong, made.digest)
    assert not is_key_of(key, None)


@pytest.mark.parametrize(
    "text",
    ["", "rc_", "studio", "rc_" + "a" * 10, "rc_" + "a" * 10 + "_" + "a" * 31, "é" * 46,
     "rc_" + "l" * 10 + "_" + "a" * 32, "rc_%00aaaaaaa_" + "a" * 32, "' OR 1=1 --", "\0" * 46,
     "rc_" + "a" * 10 + "_" + "a" * 32 + "\n"],
)  # fmt: skip
def test_what_cannot_be_a_key_is_never_looked_up(text: str) -> None:
    assert lookup_of_key(text) is None


def test_a_key_shows_in_no_repr() -> None:
    made = make_stream_key()
    assert made.reveal() not in repr(made)
    assert repr(made.digest) not in repr(made)


async def test_a_key_is_shown_once_and_kept_as_a_digest(world: World) -> None:
    await world.channel()
    key, made = await world.keys.create("studio", OWNER, "  OBS at home ")
    assert key.name == "OBS at home"
    assert key.lookup in made.reveal()
    assert (await world.keys.of_channel("studio", OWNER)) == (key,)
    async with world.database.reading() as connection:
        (row,) = (await connection.execute(select(stream_keys))).all()
    assert made.reveal() not in str(row)
    assert made.reveal().split("_")[2] not in str(row)
    assert [event.key_id for event in world.told(KeyCreated)] == [key.id]  # type: ignore[attr-defined] # told() sorts


async def test_keys_of_others_are_nobodys_business(world: World) -> None:
    await world.channel()
    await world.channel("elsewhere", OTHER)
    key, _ = await world.keys.create("studio", OWNER, "one")
    for asker in (ANYBODY, FAN, OTHER):
        with pytest.raises(NotAllowedError):
            await world.keys.of_channel("studio", asker)
        with pytest.raises(NotAllowedError):
            await world.keys.create("studio", asker, "mine")
        with pytest.raises(NotAllowedError):
            await world.keys.rotate("studio", asker, key.id)
        with pytest.raises(NotAllowedError):
            await world.keys.revoke("studio", asker, key.id)
    # Nor does naming it below a channel of one's own reach it.
    with pytest.raises(NotFoundError):
        await world.keys.revoke("elsewhere", OTHER, key.id)
    with pytest.raises(NotFoundError):
        await world.keys.rotate("elsewhere", OTHER, key.id)
    with pytest.raises(NotFoundError):
        await world.keys.rename("elsewhere", OTHER, key.id, "taken", any_revision)
    assert (await world.keys.of_channel("studio", ADMIN)) == (key,)


async def test_a_channel_has_no_more_keys_than_it_may(world: World) -> None:
    await world.channel()
    limit = world.settings.keys_per_channel
    made = await asyncio.gather(
        *(world.keys.create("studio", OWNER, f"key {number}") for number in range(limit + 3)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, LimitReachedError) for each in made) == 3
    assert len(await world.keys.of_channel("studio", OWNER)) == limit


async def test_a_good_key_lets_its_channel_publish_and_its_use_is_noted(world: World) -> None:
    await world.channel()
    key, made = await world.keys.create("studio", OWNER, "one")
    world.now_ms += 5_000
    assert await world.publish_gate.authorize(made.reveal()) == Admitted("studio", f"{key.id}.1")
    await world.key_uses.write()
    (used,) = await world.keys.of_channel("studio", OWNER)
    assert used.last_used_at_ms == world.now_ms
    world.now_ms += 1_000
    await world.publish_gate.authorize(made.reveal())
    await world.key_uses.write()
    (used_again,) = await world.keys.of_channel("studio", OWNER)
    assert used_again.last_used_at_ms == used.last_used_at_ms  # not written every second


async def test_no_other_key_does(world: World) -> None:
    await world.channel()
    _, made = await world.keys.create("studio", OWNER, "one")
    key = made.reveal()
    assert await world.publish_gate.authorize("") is NotAdmitted.NO_KEY
    last = "a" if key[-1] != "a" else "b"
    for wrong in ("studio", key[:-1] + last, make_stream_key().reveal(), "x" * 10_000):
        assert await world.publish_gate.authorize(wrong) is NotAdmitted.UNKNOWN_KEY
    (unused,) = await world.keys.of_channel("studio", OWNER)
    assert unused.last_used_at_ms is None


async def test_revoking_a_key_cuts_who_publishes_with_it(world: World) -> None:
    await world.channel()
    key, made = await world.keys.create("studio", OWNER, "one")
    other, other_made = await world.keys.create("studio", OWNER, "two")
    world.control.begin(await world.publish_gate.authorize(made.reveal()))
    await world.keys.revoke("studio", OWNER, other.id)
    assert world.control.cuts == []  # somebody else's key
    await world.keys.revoke("studio", OWNER, key.id)
    assert world.control.cuts == [("studio", False)]  # viewers wait for the next publisher
    for gone in (made, other_made):
        assert await world.publish_gate.authorize(gone.reveal()) is NotAdmitted.UNKNOWN_KEY
    assert len(world.told(KeyRevoked)) == 2


async def test_a_key_that_was_merely_tried_is_not_taken_for_the_one_on_air(world: World) -> None:
    await world.channel()
    stolen, stolen_made = await world.keys.create("studio", OWNER, "stolen")
    tried, tried_made = await world.keys.create("studio", OWNER, "tried")
    world.control.begin(await world.publish_gate.authorize(stolen_made.reveal()))
    # Good, but somebody else is on air: ingest answers that the channel is busy.
    assert isinstance(await world.publish_gate.authorize(tried_made.reveal()), Admitted)
    await world.keys.rotate("studio", OWNER, tried.id)
    assert world.control.cuts == []
    await world.keys.revoke("studio", OWNER, stolen.id)
    assert world.control.cuts == [("studio", False)]


async def test_rotating_a_key_voids_the_old_secret_and_cuts_its_publisher(world: World) -> None:
    await world.channel()
    key, old = await world.keys.create("studio", OWNER, "one")
    world.control.begin(await world.publish_gate.authorize(old.reveal()))
    world.now_ms += 1
    rotated, new = await world.keys.rotate("studio", OWNER, key.id)
    assert (rotated.id, rotated.name, rotated.rotated_at_ms) == (key.id, "one", world.now_ms)
    assert rotated.lookup != key.lookup
    assert world.control.cuts == [("studio", False)]
    assert await world.publish_gate.authorize(old.reveal()) is NotAdmitted.UNKNOWN_KEY
    admitted = await world.publish_gate.authorize(new.reveal())
    assert admitted == Admitted("studio", f"{key.id}.2")  # another principal than before


async def test_a_key_revoked_by_another_process_is_found_by_its_note(world: World) -> None:
    await world.channel()
    key, made = await world.keys.create("studio", OWNER, "one")
    world.control.begin(await world.publish_gate.authorize(made.reveal()))
    elsewhere = World(world.database)  # the command line, say: it knows no live channels
    elsewhere.now_ms = world.now_ms + 10
    await elsewhere.keys.revoke("studio", OWNER, key.id)
    assert world.control.cuts == []
    world.now_ms += 250
    await world.desk.look()
    assert world.control.cuts == [("studio", False)]
    world.control.cuts.clear()
    await world.desk.look()
    assert world.control.cuts == []  # once


async def test_an_attempt_that_waits_while_its_key_is_revoked_is_not_let_in(world: World) -> None:
    await world.channel()
    key, made = await world.keys.create("studio", OWNER, "one")

    async def publish(text: str) -> Admitted | NotAdmitted:
        admitted = await world.publish_gate.authorize(text)
        if isinstance(admitted, Admitted):
            world.control.begin(admitted)  # as ingest does: nothing is awaited between the two
        return admitted

    for _ in range(20):
        attempt = asyncio.create_task(publish(made.reveal()))
        revocation = asyncio.create_task(world.keys.rotate("studio", OWNER, key.id))
        admitted, (key, made) = await asyncio.gather(attempt, revocation)
        # Either it was refused, or it was let in before: then the rotation found it and cut it.
        assert isinstance(admitted, Admitted) == bool(world.control.cuts)
        assert world.control.on_air == {}
        world.control.cuts.clear()
