"""Back-off and lanes: pure rules of when and how much is sent."""

from hypothesis import given
from hypothesis import strategies as st

from accounts.outbound.backoff import JITTER, pause_s
from accounts.outbound.lanes import Lanes

CHANCE = st.floats(0, 1, exclude_max=True)


@given(st.integers(1, 10_000), CHANCE)
def test_pauses_grow_up_to_their_limit(attempts: int, chance: float) -> None:
    pause = pause_s(attempts, first_s=5, factor=4, limit_s=28_800, chance=chance)
    assert 5 * (1 - JITTER) <= pause <= 28_800 * (1 + JITTER)
    assert pause <= 5 * 4.0 ** min(attempts - 1, 100) * (1 + JITTER) * 1.001


def test_ten_attempts_take_about_a_day() -> None:
    pauses = [pause_s(n, first_s=5, factor=4, limit_s=28_800, chance=0.5) for n in range(1, 10)]
    assert 20 * 3600 < sum(pauses) < 28 * 3600


@given(st.lists(st.sampled_from("abc"), max_size=40), st.integers(1, 10), st.integers(1, 4))
def test_no_lane_takes_what_is_anothers(rows: list[str], limit: int, per_lane: int) -> None:
    lanes = Lanes(limit, per_lane)
    fitting = lanes.fitting(rows, lambda row: row)
    assert all(lanes.enter(row) for row in fitting)
    assert len(fitting) == limit - lanes.free <= limit
    assert all(fitting.count(lane) <= per_lane for lane in "abc")
    refused = [row for row in set(rows) if row not in lanes.full]
    assert lanes.free == 0 or all(rows.count(row) == fitting.count(row) for row in refused)
    for row in fitting:
        lanes.leave(row)
    assert (lanes.free, list(lanes.full)) == (limit, [])
