"""Trials on both databases: keys, who is measured, what is kept, and what two servers see."""

import pytest
from sqlalchemy import select

from accounts.storage import Database
from analytics.preflight.settings import PreflightSettings
from analytics.preflight.tables import test_keys as rows
from analytics.preflight.trial import STALE_MS, TrialState
from analytics.preflight.trial_desk import (
    CANCELLED,
    FINISHED,
    TOO_LITTLE,
    AccountBusyError,
    DeskFullError,
)
from analytics.preflight.trial_gate import TrialAdmitted, TrialRefusal
from analytics.preflight.trial_key import make_trial_key
from analytics.preflight.trials import KEPT_PER_CHANNEL, NoSuchTrialError, TooManyTrialsError
from tests.accounts.channels.world import OTHER, World
from tests.analytics.preflight.trial_house import TrialHouse


@pytest.fixture
async def house(world: World) -> TrialHouse:
    return TrialHouse(world, (await world.channel("studio")).id)


async def test_a_key_admits_to_its_trial_and_is_kept_as_a_digest(
    house: TrialHouse, database: Database
) -> None:
    made = await house.trials.create(house.channel_id)
    key = made.key.reveal()
    admitted = await house.gate.authorize(key)
    assert isinstance(admitted, TrialAdmitted)
    assert admitted.trial == made.trial
    assert made.trial.state(house.world.now_ms) is TrialState.WAITING
    async with database.reading() as connection:
        (row,) = await connection.execute(select(rows))
    assert key.encode() not in repr(tuple(row)).encode()


async def test_wrong_expired_graded_and_cancelled_keys_admit_nobody(house: TrialHouse) -> None:
    made = await house.trials.create(house.channel_id)
    key = made.key.reveal()
    swapped = key[:-1] + ("a" if key[-1] != "a" else "b")
    for wrong in ("", "rct_", swapped, make_trial_key().reveal(), "rc_abcdefghij_" + "a" * 32):
        assert await house.gate.authorize(wrong) is TrialRefusal.UNKNOWN_KEY
    house.world.now_ms = made.trial.expires_at_ms
    assert await house.gate.authorize(key) is TrialRefusal.EXPIRED
    house.world.now_ms = made.trial.created_at_ms
    run = house.begin(made.trial.id)
    await house.desk.save(house.publish(run, 61.0))
    assert await house.gate.authorize(key) is TrialRefusal.GRADED
    await house.trials.cancel(house.channel_id, made.trial.id)
    assert await house.gate.authorize(key) is TrialRefusal.UNKNOWN_KEY


async def test_what_is_measured_is_shown_while_it_is_and_graded_at_the_end(
    house: TrialHouse,
) -> None:
    made = await house.trials.create(house.channel_id)
    run = house.begin(made.trial.id)
    await house.desk.save(1000.0)
    now_s = house.publish(run, 20.0)
    await house.desk.save(now_s)
    seen = await house.trials.get(house.channel_id, made.trial.id)
    assert seen.state(house.world.now_ms) is TrialState.RECEIVING
    assert seen.encoder == "OBS"
    assert seen.report is not None
    assert 19_000 <= seen.report.media_ms <= 20_000
    assert seen.report.ingest.video is not None
    assert house.shown_out == []
    run.leave(now_s, house.world.now_ms)
    house.desk.leave(run)
    await house.desk.save(now_s)
    graded = await house.trials.get(house.channel_id, made.trial.id)
    assert graded.state(house.world.now_ms) is TrialState.GRADED
    assert graded.ended_at_ms == house.world.now_ms
    assert graded.report == run.report
    assert len(house.desk) == 0


async def test_a_run_that_has_enough_is_shown_out_once_its_grade_is_written(
    house: TrialHouse,
) -> None:
    made = await house.trials.create(house.channel_id)
    run = house.begin(made.trial.id)
    await house.desk.save(house.publish(run, 61.0))
    assert house.shown_out == [(f"test:{made.trial.id}", FINISHED)]
    house.desk.leave(run)  # its sink is closed by that
    await house.desk.save(1070.0)
    assert len(house.shown_out) == 1


async def test_too_short_an_attempt_leaves_the_trial_waiting(house: TrialHouse) -> None:
    made = await house.trials.create(house.channel_id)
    run = house.begin(made.trial.id)
    now_s = house.publish(run, 3.0)
    run.leave(now_s, house.world.now_ms)
    house.desk.leave(run)
    await house.desk.save(now_s)
    waiting = await house.trials.get(house.channel_id, made.trial.id)
    assert waiting.state(house.world.now_ms) is TrialState.WAITING
    assert waiting.was_too_short
    assert isinstance(await house.gate.authorize(made.key.reveal()), TrialAdmitted)
    silent = house.begin(made.trial.id)
    await house.desk.save(1000.0 + 2 * house.settings.measure_s)
    assert silent.outcome is not None
    assert house.shown_out == [(f"test:{made.trial.id}", TOO_LITTLE)]


async def test_a_newer_connection_takes_the_older_ones_place_here_and_elsewhere(
    house: TrialHouse, world: World
) -> None:
    made = await house.trials.create(house.channel_id)
    old = house.begin(made.trial.id)
    await house.desk.save(house.publish(old, 20.0))
    old.interrupt(1020.0, world.now_ms)
    house.desk.leave(old)
    house.begin(made.trial.id)
    await house.desk.save(1021.0)
    again = await house.trials.get(house.channel_id, made.trial.id)
    assert again.state(world.now_ms) is TrialState.RECEIVING
    assert again.report is not None
    assert again.report.media_ms == 0
    elsewhere = TrialHouse(world)
    elsewhere.begin(made.trial.id)
    await elsewhere.desk.save(1022.0)
    await house.desk.save(1022.0)
    assert house.shown_out == [(f"test:{made.trial.id}", CANCELLED)]
    assert len(house.desk) == 0
    assert elsewhere.shown_out == []


async def test_cancelling_shows_the_publisher_out_here_and_elsewhere(
    house: TrialHouse, world: World
) -> None:
    made = await house.trials.create(house.channel_id)
    house.begin(made.trial.id)
    await house.desk.save(1000.0)
    await TrialHouse(world).trials.cancel(house.channel_id, made.trial.id)
    assert house.shown_out == []
    await house.desk.save(1001.0)
    assert house.shown_out == [(f"test:{made.trial.id}", CANCELLED)]
    other = await house.trials.create(house.channel_id)
    house.begin(other.trial.id)
    await house.trials.cancel(house.channel_id, other.trial.id)
    assert house.shown_out[1:] == [(f"test:{other.trial.id}", CANCELLED)]
    with pytest.raises(NoSuchTrialError):
        await house.trials.get(house.channel_id, other.trial.id)


async def test_after_a_killed_server_the_trial_waits_for_its_encoder_again(
    house: TrialHouse, world: World
) -> None:
    made = await house.trials.create(house.channel_id)
    run = house.begin(made.trial.id)
    await house.desk.save(house.publish(run, 20.0))
    world.now_ms += STALE_MS
    restarted = TrialHouse(world)
    waiting = await restarted.trials.get(house.channel_id, made.trial.id)
    assert waiting.state(world.now_ms) is TrialState.WAITING
    assert isinstance(await restarted.gate.authorize(made.key.reveal()), TrialAdmitted)
    second = restarted.begin(made.trial.id)
    await restarted.desk.save(restarted.publish(second, 61.0))
    graded = await restarted.trials.get(house.channel_id, made.trial.id)
    assert graded.state(world.now_ms) is TrialState.GRADED


async def test_an_ended_server_leaves_the_trial_waiting(house: TrialHouse) -> None:
    made = await house.trials.create(house.channel_id)
    run = house.begin(made.trial.id)
    run.interrupt(house.publish(run, 20.0), house.world.now_ms)
    house.desk.leave(run)
    await house.desk.drain()
    waiting = await house.trials.get(house.channel_id, made.trial.id)
    assert waiting.state(house.world.now_ms) is TrialState.WAITING
    assert waiting.report is None


async def test_a_channel_has_few_open_trials_and_keeps_few_that_are_over(
    house: TrialHouse,
) -> None:
    world, settings = house.world, house.settings
    for _ in range(settings.open_per_channel):
        await house.trials.create(house.channel_id)
    with pytest.raises(TooManyTrialsError, match="3 open tests"):
        await house.trials.create(house.channel_id)
    other = (await world.channel("second")).id
    assert (await house.trials.create(other)).trial.channel_id == other
    for _ in range(KEPT_PER_CHANNEL):
        world.now_ms += settings.key_minutes * 60_000
        await house.trials.create(house.channel_id)
    kept = await house.trials.of_channel(house.channel_id)
    assert len(kept) == KEPT_PER_CHANNEL
    assert [each.created_at_ms for each in kept] == sorted(
        (each.created_at_ms for each in kept), reverse=True
    )
    assert len(await house.trials.of_channel(other)) == 1


async def test_one_server_measures_so_many_at_a_time_and_forgets_old_trials(
    world: World,
) -> None:
    house = TrialHouse(
        world, (await world.channel("studio")).id, PreflightSettings(at_once=1, kept_days=1)
    )
    first = await house.trials.create(house.channel_id)
    second = await house.trials.create(house.channel_id)
    run = house.begin(first.trial.id)
    with pytest.raises(DeskFullError):
        house.begin(second.trial.id)
    run.leave(1001.0, world.now_ms)
    house.desk.leave(run)
    with pytest.raises(DeskFullError):  # what is not written down holds its place
        house.begin(second.trial.id)
    await house.desk.save(1001.0)
    house.begin(second.trial.id)
    world.now_ms += 2 * 86_400_000
    await house.desk.tidy()
    assert await house.trials.of_channel(house.channel_id) == ()


async def test_one_account_takes_few_of_the_places(world: World) -> None:
    settings = PreflightSettings(at_once=3, at_once_per_account=2, open_per_channel=5)
    house = TrialHouse(world, (await world.channel("studio")).id, settings)
    second = (await world.channel("second")).id
    others = (await world.channel("others", OTHER)).id
    ids = [(await house.trials.create(channel)).trial.id for channel in (house.channel_id, second)]
    more = [await house.trials.create(channel) for channel in (second, others, others)]
    runs = [house.begin(trial_id) for trial_id in ids]
    with pytest.raises(AccountBusyError, match="at one time: 2"):
        house.begin(more[0].trial.id)
    house.begin(more[1].trial.id, "acc_OTHER")  # whose place nobody has taken
    with pytest.raises(DeskFullError, match="Try again in a minute"):
        house.begin(more[2].trial.id, "acc_OTHER")
    house.desk.require_room(ids[0], "acc_OWNER")  # a newer connection follows the older one
    await house.desk.save(1001.0)
    with pytest.raises(TooManyTrialsError, match="at one time: 2"):
        await house.trials.create(second)
    await house.trials.create(others)
    runs[0].leave(1002.0, world.now_ms)
    house.desk.leave(runs[0])
    await house.desk.save(1002.0)
    await house.trials.create(second)
    house.begin(more[0].trial.id)


async def test_trials_of_a_killed_server_take_no_place(house: TrialHouse) -> None:
    for _ in range(3):
        house.begin((await house.trials.create(house.channel_id)).trial.id)
    await house.desk.save(1000.0)
    other = (await house.world.channel("second")).id
    with pytest.raises(TooManyTrialsError, match="at one time: 3"):
        await house.trials.create(other)
    house.world.now_ms += STALE_MS
    assert (await house.trials.create(other)).trial.channel_id == other


async def test_a_trial_of_one_channel_is_not_reached_through_another(house: TrialHouse) -> None:
    made = await house.trials.create(house.channel_id)
    other = (await house.world.channel("second")).id
    for reach in (house.trials.get, house.trials.cancel):
        with pytest.raises(NoSuchTrialError):
            await reach(other, made.trial.id)
    assert len(await house.trials.of_channel(house.channel_id)) == 1
