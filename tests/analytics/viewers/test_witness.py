"""Nobody is vouched for longer than somebody was there, whoever says so and however often."""

import pytest

from analytics.viewers.departures import Departure, Departures
from analytics.viewers.witness import Witness
from tests.analytics.viewers.crowd import Crowd, Player

HOUR_MS = 3_600_000


@pytest.fixture
def crowd() -> Crowd:
    return Crowd()


@pytest.fixture
def witness(crowd: Crowd) -> Witness:
    return Witness(crowd.ledger, crowd.ids)


def name_of(player: Player) -> str:
    assert player.sid is not None
    return player.sid.decode()


def watch(crowd: Crowd, player: Player, ms: int) -> None:
    for _ in range(ms // 1_000):
        player.ask()
        crowd.wait(1_000)


def test_names_are_ours_for_one_channel_alone(crowd: Crowd, witness: Witness) -> None:
    name = name_of(Player(crowd).start())
    assert witness.is_ours(name, "ada")
    assert not witness.is_ours(name, "bob")
    for made_up in ("AAAAAAAAAAAA", "", "0123456789abcdef01234567", "\ud800", "ä" * 12, name + "A"):
        assert not witness.is_ours(made_up, "ada")


def test_who_has_only_a_name_was_not_there(crowd: Crowd, witness: Witness) -> None:
    player = Player(crowd).start()
    assert witness.vouch(name_of(player), "ada", 1_000) is None
    player.ask()
    assert witness.vouch(name_of(player), "ada", 1_000) is None


def test_as_much_as_was_seen_and_a_quarter_more_up_to_half_a_minute(
    crowd: Crowd, witness: Witness
) -> None:
    player = Player(crowd).start()
    watch(crowd, player, 20_000)
    assert witness.vouch(name_of(player), "ada", HOUR_MS) == 25_000
    assert witness.vouch(name_of(player), "ada", HOUR_MS) == 0
    watch(crowd, player, 600_000)
    told = sum(witness.vouch(name_of(player), "ada", 60_000) or 0 for _ in range(100))
    assert 25_000 + told == 620_000 + 30_000
    assert witness.vouch(name_of(player), "ada", 0) == 0


def test_what_was_not_asked_for_is_there_later(crowd: Crowd, witness: Witness) -> None:
    player = Player(crowd).start()
    watch(crowd, player, 100_000)
    assert witness.vouch(name_of(player), "ada", 40_000) == 40_000
    watch(crowd, player, 20_000)
    assert witness.vouch(name_of(player), "ada", 80_000) == 80_000


def watched_and_gone(crowd: Crowd, witness: Witness) -> Player:
    """Return who has watched for 40 s, told of 30 s of that, and hung up."""
    player = Player(crowd).start()
    watch(crowd, player, 40_000)
    assert witness.vouch(name_of(player), "ada", 30_000) == 30_000
    player.hang_up()
    return player


def test_the_last_word_comes_after_the_end(crowd: Crowd, witness: Witness) -> None:
    player = watched_and_gone(crowd, witness)
    crowd.wait(20_000)
    assert len(crowd.ledger) == 0
    assert witness.vouch(name_of(player), "ada", 10_000) == 10_000
    left = witness.vouch(name_of(player), "ada", HOUR_MS)
    assert left is not None
    assert 8_000 < left < 10_000
    assert witness.vouch(name_of(player), "ada", HOUR_MS) == 0
    crowd.wait(130_000)
    assert witness.vouch(name_of(player), "ada", HOUR_MS) is None


def test_another_rendition_or_a_clock_that_is_set_changes_nothing(
    crowd: Crowd, witness: Witness
) -> None:
    player = Player(crowd).start()
    watch(crowd, player, 20_000)
    for _ in range(20):
        player.ask("video-small")
        crowd.wait(1_000)
    crowd.ledger.set_clock(3_600_000)
    watch(crowd, player, 20_000)
    assert witness.vouch(name_of(player), "ada", HOUR_MS) == 75_000


def test_who_comes_back_again_and_again_gains_nothing(crowd: Crowd, witness: Witness) -> None:
    player = Player(crowd).start()
    told = seen = 0
    for _ in range(50):
        watch(crowd, player, 2_000)
        seen += 2_000
        told += witness.vouch(name_of(player), "ada", HOUR_MS) or 0
        player.hang_up()
        crowd.wait(4_000)
        assert len(crowd.ledger) == 0
        told += witness.vouch(name_of(player), "ada", HOUR_MS) or 0
    assert told <= seen * 1.25


def test_a_crowd_of_one_address_is_vouched_for_as_far_as_it_is_counted() -> None:
    crowd = Crowd(sessions_per_address=8)
    witness = Witness(crowd.ledger, crowd.ids)
    players = [Player(crowd).start() for _ in range(1_000)]
    for _ in range(30):
        for player in players:
            player.ask()
        crowd.wait(1_000)
    told = sum(witness.vouch(name_of(player), "ada", HOUR_MS) or 0 for player in players)
    assert told <= 8 * 30_000 * 1.25


def test_departures_are_bounded_in_number_and_time() -> None:
    departures = Departures(100, 0)
    for number in range(1_000):
        departures.add(b"%d" % number, Departure(1, 0), 0)
    assert len(departures) <= 100
    assert departures.take(b"999") == Departure(1, 0)
    assert departures.take(b"999") is None
    for now in (60_000, 120_000):
        departures.turn(now)
    assert len(departures) == 0


def test_who_comes_back_for_one_look_loses_nothing(crowd: Crowd, witness: Witness) -> None:
    player = watched_and_gone(crowd, witness)
    crowd.wait(5_000)
    player.ask()
    crowd.wait(20_000)
    assert witness.vouch(name_of(player), "ada", 9_000) == 9_000
