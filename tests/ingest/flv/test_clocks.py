"""Wire milliseconds to media times."""

from fractions import Fraction
from itertools import pairwise
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.flv.clock import AudioClock, Continuity, Verdict, VideoClock, WireClock, common_rate
from ingest.flv.clock.audio_clock import MAX_DRIFT_MS

RATES = [
    Fraction(24_000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30_000, 1001),
    Fraction(30),
    Fraction(50),
    Fraction(60_000, 1001),
    Fraction(60),
]


def unwrap_all(times: list[int]) -> list[int]:
    clock = WireClock()
    return [clock.unwrap(time_ms) for time_ms in times]


def place_all(times: list[int], *claims: Fraction) -> list[int]:
    clock = VideoClock(list(claims))
    return [clock.place(time_ms, 0, 0)[0] for time_ms in times]


@settings(deadline=None, max_examples=200)
@given(
    bits=st.sampled_from([31, 32]),
    start=st.integers(0, 2**40),
    steps=st.lists(st.integers(0, 2**20), max_size=40),
)
def test_rising_times_survive_the_wrap(bits: int, start: int, steps: list[int]) -> None:
    times = [start]
    for step in steps:
        times.append(times[-1] + step)
    unwrapped = unwrap_all([time_ms % 2**bits for time_ms in times])
    assert [time_ms - unwrapped[0] for time_ms in unwrapped] == [t - start for t in times]


def test_small_steps_back_across_a_wrap_stay_small() -> None:
    assert unwrap_all([5, 2**32 - 3, 8]) == [5, -3, 8]
    assert unwrap_all([5, 2**31 - 3, 8]) == [5, -3, 8]


def test_the_negative_first_time_of_obs_is_followed_by_zero() -> None:
    assert unwrap_all([0x7FFFFFEB, 0, 12]) == [2**31 - 21, 2**31, 2**31 + 12]


def test_a_real_jump_of_hours_is_no_wrap() -> None:
    assert unwrap_all([1000, 10_000_000]) == [1000, 10_000_000]


def test_48_hours_pass_a_31_bit_wrap_without_a_break() -> None:
    start = 2**31 - 24 * 3_600_000
    times = [(start + index * 977) % 2**31 for index in range(48 * 3_600_000 // 977)]
    unwrapped = unwrap_all(times)
    assert unwrapped[-1] - unwrapped[0] == 977 * (len(times) - 1)


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("rounding", ["nearest", "down"])
@pytest.mark.parametrize("is_claimed", [True, False])
def test_a_constant_rate_gives_exact_durations(
    rate: Fraction, rounding: str, *, is_claimed: bool
) -> None:
    half = Fraction(1, 2) if rounding == "nearest" else Fraction(0)
    times = [int(index * 1000 / rate + half) for index in range(2000)]
    placed = place_all(times, *([rate] if is_claimed else []))
    period = 90_000 / rate
    durations = {after - before for before, after in pairwise(placed)}
    steady = placed[200:]
    steady_durations = {after - before for before, after in pairwise(steady)}
    assert steady_durations <= {int(period), ceil(period)}
    if is_claimed:
        assert durations <= {int(period), ceil(period)}
    assert all(abs(dts - ms * 90) <= 135 for dts, ms in zip(placed, times, strict=True))


@pytest.mark.parametrize(
    ("claimed", "real"),
    [(Fraction(30), Fraction(30_000, 1001)), (Fraction(30), Fraction(25)), (25, Fraction(60))],
)
def test_a_wrong_claim_is_found_out(claimed: Fraction, real: Fraction) -> None:
    times = [int(index * 1000 / real) for index in range(600)]
    placed = place_all(times, Fraction(claimed))
    period = 90_000 / real
    late = placed[300:]
    durations = {after - before for before, after in pairwise(late)}
    assert durations <= {int(period), ceil(period)}


def test_a_dropped_picture_leaves_the_grid_as_it_was() -> None:
    times = [int(index * 1001 / 30) for index in range(200) if index % 50]
    placed = place_all(times, Fraction(30_000, 1001))
    assert {dts % 3003 for dts in placed} == {placed[0] % 3003}


def test_a_half_second_stall_and_a_burst_keep_to_the_wire() -> None:
    times = [index * 100 // 3 for index in range(60)]
    times += [times[-1] + 500 + index * 2 for index in range(20)]
    placed = place_all(times, Fraction(30))
    assert placed == sorted(set(placed))
    assert all(abs(dts - ms * 90) <= 135 for dts, ms in zip(placed, times, strict=True))


def test_a_variable_rate_stays_on_the_wire_and_is_told() -> None:
    clock = VideoClock([Fraction(30)])
    time_ms, seed = 0, 1
    for _ in range(400):
        seed = seed * 1103515245 + 12345 & 0x7FFFFFFF
        time_ms += 20 + (seed >> 16) % 60
        dts, _, _ = clock.place(time_ms, 0, 0)
        assert abs(dts - time_ms * 90) <= 135
    assert clock.frame_rate_varies


@settings(deadline=None, max_examples=200)
@given(
    times=st.lists(st.integers(-(2**40), 2**40), max_size=60),
    claim=st.one_of(st.none(), st.sampled_from(RATES)),
)
def test_decode_times_rise_strictly_whatever_the_wire_says(
    times: list[int], claim: Fraction | None
) -> None:
    placed = place_all(times, *([claim] if claim else []))
    assert all(after > before for before, after in pairwise(placed))


@settings(deadline=None, max_examples=200)
@given(steps=st.lists(st.integers(3, 200), min_size=1, max_size=300), claim=st.sampled_from(RATES))
def test_video_never_leaves_rising_wire_times_by_more_than_2_ms(
    steps: list[int], claim: Fraction
) -> None:
    time_ms, clock = 0, VideoClock([claim])
    for step_ms in steps:
        time_ms += step_ms
        dts, pts, is_repaired = clock.place(time_ms, 40, 0)
        assert abs(dts - time_ms * 90) <= 180
        assert abs(pts - (time_ms + 40) * 90) <= 180
        assert not is_repaired


def test_composition_times_are_put_on_the_grid_too() -> None:
    clock = VideoClock([Fraction(30_000, 1001)])
    assert clock.place(0, 67, 0)[:2] == (0, 6006)
    assert clock.place(33, 134, 0)[:2] == (3003, 15015)
    assert clock.place(67, -34, 0)[:2] == (6006, 3003)


def test_nanoseconds_sharpen_a_presentation_time_off_the_grid() -> None:
    clock = VideoClock([])
    assert clock.place(10, 0, 500_000)[:2] == (900, 945)


def test_equal_and_falling_times_are_moved_by_a_tick() -> None:
    clock = VideoClock([])
    assert [clock.place(time_ms, 0, 0) for time_ms in (10, 10, 5)] == [
        (900, 900, False),
        (901, 900, True),
        (902, 450, True),
    ]


@pytest.mark.parametrize(
    ("rate_hz", "duration"), [(48_000, 1024), (44_100, 1024), (44_100, 2048), (48_000, 1536)]
)
def test_audio_times_are_sample_counts(rate_hz: int, duration: int) -> None:
    clock = AudioClock(rate_hz)
    for index in range(5000):
        time_ms = index * duration * 1000 // rate_hz
        assert clock.place(time_ms, duration) == (index * duration, False)


def test_an_audio_hole_begins_a_new_run() -> None:
    clock = AudioClock(48_000)
    assert clock.place(0, 1024)[0] == 0
    assert clock.place(21, 1024)[0] == 1024
    assert clock.place(300, 1024)[0] == 14_400
    assert clock.place(321, 1024)[0] == 15_424


@settings(deadline=None, max_examples=200)
@given(
    steps=st.lists(st.integers(-900, 3000), max_size=200),
    rate_hz=st.sampled_from([8000, 22_050, 44_100, 48_000, 96_000]),
)
def test_audio_rises_strictly_and_never_falls_behind_the_wire(
    steps: list[int], rate_hz: int
) -> None:
    clock = AudioClock(rate_hz)
    time_ms, last = 0, None
    for step_ms in steps:
        time_ms += step_ms
        dts, is_repaired = clock.place(time_ms, 1024)
        assert last is None or dts > last
        drift = dts - time_ms * rate_hz / 1000
        assert drift >= -MAX_DRIFT_MS * rate_hz / 1000 - 1
        if not is_repaired:
            assert drift <= MAX_DRIFT_MS * rate_hz / 1000 + 1
        last = dts


def judge_all(*units: tuple[str, int]) -> list[Verdict]:
    continuity = Continuity()
    return [continuity.judge(track, time_ms)[0] for track, time_ms in units]


CONTINUES, BREAKS = Verdict.CONTINUES, Verdict.BREAKS
STALE, ALIGNED = Verdict.STALE, Verdict.ALIGNED


def test_a_pause_of_up_to_ten_seconds_continues() -> None:
    assert judge_all(("video", 0), ("video", 10_000), ("video", 9_000)) == [CONTINUES] * 3


def test_a_longer_step_of_all_tracks_breaks_once() -> None:
    verdicts = judge_all(
        ("video", 0), ("audio", 5), ("video", 20_000), ("audio", 20_010), ("video", 20_033)
    )
    assert verdicts == [CONTINUES, CONTINUES, BREAKS, CONTINUES, CONTINUES]


def test_a_step_back_of_more_than_a_second_breaks() -> None:
    assert judge_all(("video", 5000), ("video", 3999)) == [CONTINUES, BREAKS]
    assert judge_all(("video", 5000), ("video", 4001)) == [CONTINUES, CONTINUES]


def test_a_silent_track_may_come_back_beside_another() -> None:
    units = [("audio", 0), *(("video", index * 5000) for index in range(10)), ("audio", 45_100)]
    assert judge_all(*units) == [CONTINUES] * len(units)


def test_what_is_left_over_from_before_a_break_is_stale() -> None:
    verdicts = judge_all(
        ("video", 100_000), ("audio", 99_990), ("video", 0), ("audio", 100_010), ("audio", 7)
    )
    assert verdicts == [CONTINUES, CONTINUES, BREAKS, STALE, CONTINUES]


def test_a_single_odd_time_does_not_make_the_rest_stale() -> None:
    units = [("video", 0), ("video", 10**7), *(("video", 33 * index) for index in range(1, 5))]
    assert judge_all(*units) == [CONTINUES, BREAKS, BREAKS, CONTINUES, CONTINUES, CONTINUES]


def test_a_track_that_begins_far_from_the_others_is_aligned_to_their_newest_unit() -> None:
    continuity = Continuity()
    hour_ms = 3_600_000
    assert continuity.judge("audio", 0) == (CONTINUES, 0)
    assert continuity.judge("audio", 21) == (CONTINUES, 21)
    assert continuity.judge("video", hour_ms) == (ALIGNED, 21)
    assert continuity.judge("video", hour_ms + 33) == (CONTINUES, 54)
    assert continuity.judge("audio", 43) == (CONTINUES, 43)


def test_aligned_tracks_of_one_clock_stay_in_step_with_each_other() -> None:
    continuity = Continuity()
    for time_ms in (0, 5000):
        continuity.judge("audio", time_ms)
    assert continuity.judge("video", 40_000) == (ALIGNED, 5000)
    assert continuity.judge("video-1", 40_007) == (ALIGNED, 5007)


def test_a_track_that_begins_a_while_after_or_before_the_others_is_not_aligned() -> None:
    assert judge_all(("audio", 20_000), ("video", 10_000)) == [CONTINUES] * 2
    assert judge_all(("audio", 0), ("video", 10_000)) == [CONTINUES] * 2
    assert judge_all(("audio", 20_000), ("video", 9_999)) == [CONTINUES, ALIGNED]


def test_a_break_forgets_what_was_aligned() -> None:
    units = [("audio", 0), ("video", 40_000), ("audio", 90_000), ("video", 90_010)]
    assert judge_all(*units) == [CONTINUES, ALIGNED, BREAKS, CONTINUES]


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(-(2**40), 2**40)), max_size=60)
)
def test_between_breaks_all_tracks_begin_near_each_other(units: list[tuple[str, int]]) -> None:
    continuity = Continuity()
    last_ms: dict[str, int] = {}
    for track, time_ms in units:
        verdict, place_ms = continuity.judge(track, time_ms)
        if verdict is STALE:
            continue
        if verdict is BREAKS:
            last_ms.clear()
        elif track not in last_ms and last_ms:
            assert min(abs(place_ms - other_ms) for other_ms in last_ms.values()) <= 10_000
        last_ms[track] = place_ms


def test_decimal_claims_mean_the_common_rate() -> None:
    assert common_rate(Fraction(29.97).limit_denominator(100_000)) == Fraction(30_000, 1001)
    assert common_rate(Fraction(2398, 100)) == Fraction(24_000, 1001)
    assert common_rate(Fraction(27)) == 27
