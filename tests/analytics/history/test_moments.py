"""Best moments: what stands out is found where it is, and a calm broadcast has none."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from analytics.history.moments import MOMENTS_MAX, WINDOW_MS, MomentReason, best_moments
from analytics.history.step import MINUTE_MS

HOUR_MS = 60 * MINUTE_MS
WINDOWS = HOUR_MS // WINDOW_MS


def calm_talk(seed: int = 1, per_window: int = 3) -> dict[int, int]:
    chance = random.Random(seed)
    return {place: chance.randrange(per_window * 2 + 1) for place in range(WINDOWS)}


def test_a_calm_broadcast_has_no_moments() -> None:
    assert best_moments({}, [], HOUR_MS) == ()
    assert best_moments({}, [20.0] * 60, HOUR_MS) == ()
    for seed in range(20):
        means = [100 + random.Random(seed).uniform(-3, 3) for _ in range(60)]
        assert best_moments(calm_talk(seed), means, HOUR_MS) == ()


def test_an_outburst_of_chat_is_found_a_little_before_it() -> None:
    talk = calm_talk()
    for place in (180, 181, 182):  # from 30:00 on
        talk[place] = 40
    (moment,) = best_moments(talk, [50.0] * 60, HOUR_MS)
    assert moment.reason is MomentReason.CHAT
    assert moment.messages == 120
    assert moment.media_time_ms == 30 * MINUTE_MS - 15_000
    assert moment.duration_ms == 45_000
    assert moment.score > 3


def test_a_raid_is_found_where_viewers_come() -> None:
    means = [20.0] * 30 + [400.0] * 30
    (moment,) = best_moments({}, means, HOUR_MS)
    assert moment.reason is MomentReason.VIEWERS
    assert (moment.media_time_ms, moment.viewers_gained) == (30 * MINUTE_MS, 380)


def test_both_at_once_are_one_moment_before_either_alone() -> None:
    talk = calm_talk()
    talk |= dict.fromkeys(range(60, 63), 60) | dict.fromkeys(range(180, 183), 60)
    found = best_moments(talk, [20.0] * 30 + [400.0] * 30, HOUR_MS)
    assert [each.reason for each in found] == [MomentReason.BOTH, MomentReason.CHAT]
    assert found[0].media_time_ms == 30 * MINUTE_MS - 15_000


def test_the_arrival_at_the_beginning_is_no_moment() -> None:
    assert best_moments({}, [0.0, 80.0, 300.0, 500.0] + [520.0] * 56, HOUR_MS) == ()


def test_ten_messages_stand_out_of_silence_and_drown_in_noise() -> None:
    quiet = {100: 10}
    assert [each.messages for each in best_moments(quiet, [], HOUR_MS)] == [10]
    busy = dict.fromkeys(range(WINDOWS), 100) | {100: 110}
    assert best_moments(busy, [], HOUR_MS) == ()


def test_minutes_that_begin_before_the_broadcast_are_placed_in_it() -> None:
    means = [20.0] * 30 + [400.0] * 30
    (moment,) = best_moments({}, means, HOUR_MS - 40_000, first_minute_ms=-40_000)
    assert moment.media_time_ms == 30 * MINUTE_MS - 40_000


@given(
    st.dictionaries(st.integers(0, WINDOWS), st.integers(0, 500), max_size=60),
    st.lists(st.floats(0, 10_000), max_size=80),
    st.integers(0, 2 * HOUR_MS),
)
def test_moments_are_few_apart_and_within_the_broadcast(
    talk: dict[int, int], means: list[float], duration_ms: int
) -> None:
    found = best_moments(talk, means, duration_ms)
    assert len(found) <= MOMENTS_MAX
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    places = sorted(each.media_time_ms for each in found)
    assert all(later - earlier >= 120_000 for earlier, later in pairwise(places))
    assert all(each.media_time_ms >= 0 and each.score >= 4 for each in found)
