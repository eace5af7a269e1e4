"""Minutes and hours, against a plain recomputation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.history.figures import OTHER, RENDITIONS_MAX
from analytics.history.rollup import SESSION_GAP_MS, HourRoll, Spell
from analytics.history.step import HOUR_MS, MINUTE_MS
from tests.analytics.history.plain_count import plain_bucket
from tests.analytics.history.spell_cases import channels

HOUR = 500_000 * HOUR_MS


def spell(started_ms: int, ended_ms: int, session: str = "s", viewer: str = "v") -> Spell:
    return Spell(session, viewer, "video", HOUR + started_ms, HOUR + ended_ms)


def rolled(*spells: Spell, until_ms: int = HOUR_MS) -> HourRoll:
    roll = HourRoll(HOUR, HOUR + until_ms)
    for each in spells:
        roll.add(each)
    return roll


@given(channels(HOUR - 2 * HOUR_MS, HOUR + HOUR_MS + MINUTE_MS), st.integers(1, 60))
def test_minutes_and_the_hour_are_those_of_a_plain_recomputation(
    spells: list[Spell], minutes: int
) -> None:
    until_ms = HOUR + minutes * MINUTE_MS
    roll = rolled(*spells, until_ms=minutes * MINUTE_MS)
    expected = [
        bucket
        for at_ms in range(HOUR, until_ms, MINUTE_MS)
        if (bucket := plain_bucket(spells, at_ms, at_ms + MINUTE_MS)) is not None
    ]
    assert roll.minutes() == expected
    hour = plain_bucket(spells, HOUR, until_ms)
    if hour is None:
        assert roll.hour().unique == roll.hour().peak == roll.hour().viewer_ms == 0
    else:
        assert roll.hour() == hour


def test_a_viewer_who_reloads_at_once_is_one_session_and_never_two_at_once() -> None:
    spells = [spell(n * 5_000, n * 5_000 + 5_000) for n in range(12)]
    (minute,) = rolled(*spells).minutes()
    assert (minute.started, minute.peak, minute.unique, minute.viewer_ms) == (1, 1, 1, MINUTE_MS)


def test_a_session_that_was_away_for_long_begins_again() -> None:
    away_ms = SESSION_GAP_MS
    first = spell(0, 1_000)
    assert rolled(first, spell(1_000 + away_ms, 2_000 + away_ms)).hour().started == 1
    assert rolled(first, spell(1_001 + away_ms, 2_000 + away_ms)).hour().started == 2
    # What ended before the hour is known of, too.
    assert rolled(spell(-60_000, -30_000), spell(30_000, 60_000)).hour().started == 0


def test_a_peak_of_a_moment_counts() -> None:
    spells = [spell(n * 100, n * 100 + 150, f"s{n}", f"v{n}") for n in range(500)]
    (minute,) = rolled(*spells).minutes()
    assert (minute.peak, minute.unique, minute.started) == (2, 500, 500)


def test_who_comes_when_another_leaves_makes_no_peak_of_two() -> None:
    assert rolled(spell(0, 30_000, "a"), spell(30_000, 60_000, "b")).hour().peak == 1


def test_renditions_beyond_the_bound_are_told_of_together() -> None:
    spells = [
        Spell(f"s{n}", f"v{n}", f"r{n:03}", HOUR, HOUR + 1_000) for n in range(RENDITIONS_MAX + 5)
    ]
    hour = rolled(*spells).hour()
    assert len(hour.renditions) == RENDITIONS_MAX + 1
    assert hour.renditions[OTHER] == 5_000
    assert hour.viewer_ms == len(spells) * 1_000


@pytest.mark.parametrize(
    ("hour_ms", "until_ms"),
    [(HOUR + 1, HOUR + HOUR_MS), (HOUR, HOUR), (HOUR, HOUR + 1), (HOUR, HOUR + HOUR_MS + 60_000)],
    ids=["no hour", "nothing", "no minute", "too much"],
)
def test_other_times_than_minutes_of_an_hour_are_refused(hour_ms: int, until_ms: int) -> None:
    with pytest.raises(ValueError, match="expected whole minutes of one hour"):
        HourRoll(hour_ms, until_ms)
