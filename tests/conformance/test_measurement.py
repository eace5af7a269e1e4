"""Distributions, the playhead and the server's clock, fed with times by hand."""

from email.utils import formatdate

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.measurement import SAMPLES_KEPT, Distribution, Playhead, ServerClock


def test_distribution_gives_mean_and_percentiles() -> None:
    values = Distribution()
    assert values.mean is None
    assert values.percentile(95) is None
    for value in range(1, 101):
        values.add(float(value))
    assert values.mean == 50.5
    assert values.percentile(95) == 95
    assert values.percentile(0) == 1
    assert values.percentile(100) == 100
    assert values.last == 100


def test_distribution_forgets_what_is_old() -> None:
    values = Distribution()
    for _ in range(SAMPLES_KEPT):
        values.add(1.0)
    for _ in range(SAMPLES_KEPT):
        values.add(3.0)
    assert values.mean == 3.0


def test_playhead_stalls_only_when_it_has_played_all_it_had() -> None:
    playhead = Playhead(hold_back_s=1.0)
    for number in range(10):
        playhead.receive(number * 0.5, 0.5)
    assert playhead.stalls == 0
    playhead.receive(4.5 + 0.9, 0.5)  # 0.4 s late, and 0.5 s were left to be late
    assert playhead.stalls == 0
    playhead.receive(4.5 + 1.9, 0.5)
    assert playhead.stalls == 1
    assert abs(playhead.stalled_s - 0.4) < 1e-9
    playhead.receive(4.5 + 2.3, 0.5)
    assert playhead.stalls == 1


def test_clocks_that_may_agree_count_as_equal() -> None:
    clock = ServerClock()
    clock.observe(formatdate(1000, usegmt=True), 1000.2, 1000.4)
    assert clock.offset_s == 0.0
    clock.observe(None, 0, 0)
    clock.observe("yesterday", 0, 0)
    assert clock.offset_s == 0.0


@settings(deadline=None, max_examples=50)
@given(st.floats(-5000, 5000), st.integers(30, 60))
def test_dates_in_whole_seconds_bound_the_offset_closely(offset_s: float, answers: int) -> None:
    clock = ServerClock()
    for number in range(answers):
        ours_s = 1_800_000_000 + number * 0.237
        date = formatdate(int(ours_s + offset_s), usegmt=True)
        clock.observe(date, ours_s - 0.002, ours_s + 0.002)
    assert abs(clock.offset_s - offset_s) < 0.1


def test_clock_that_is_set_is_learnt_anew() -> None:
    clock = ServerClock()
    clock.observe(formatdate(1000, usegmt=True), 1000.0, 1000.1)
    clock.observe(formatdate(5000, usegmt=True), 1001.0, 1001.1)
    assert 3998 < clock.offset_s < 4001


def test_fixed_offset_stays() -> None:
    clock = ServerClock(1.5)
    clock.observe(formatdate(1000, usegmt=True), 1000.0, 1000.1)
    assert clock.offset_s == 1.5
