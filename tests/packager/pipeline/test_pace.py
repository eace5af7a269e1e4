from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.media import Codec, Discontinuity, MediaEvent, Sample, Track, TrackStarted
from packager.pace import Pace, PaceLimits

VIDEO = Track(
    name="video", track_id=0, codec=Codec.AVC, timescale=90_000, decoder_configuration=b"\x01"
)

AUDIO = Track(
    name="audio", track_id=0, codec=Codec.AAC, timescale=48_000, decoder_configuration=b"\x11\x90"
)


def sample(at_s: float, size_bytes: int = 1000, track: Track = VIDEO) -> Sample:
    dts = round(at_s * track.timescale)
    return Sample(track.name, dts, dts, 0, is_sync=True, payload=bytes(size_bytes))


def started() -> Pace:
    pace = Pace(PaceLimits(max_lead_s=5, max_bitrate_bps=8_000_000, burst_s=2))
    pace.note([TrackStarted(VIDEO), TrackStarted(AUDIO)], 100.0)
    return pace


def test_a_publisher_in_real_time_never_rests() -> None:
    pace = started()
    for frame in range(3000):
        now = 100 + frame / 30
        pace.note([sample(frame / 30)], now)
        assert pace.rest_s(now) == 0


def test_an_encoder_whose_clock_is_a_little_fast_never_rests() -> None:
    pace = started()
    for second in range(4 * 86_400):
        now = 100 + second * (1 - 100e-6)
        pace.note([sample(second)], now)
        assert pace.rest_s(now) == 0


def test_being_on_time_for_a_day_buys_no_more_lead() -> None:
    pace = started()
    for second in range(0, 86_401, 10):
        pace.note([sample(second)], 100 + second)
    now = 100 + 86_400.0
    pace.note([sample(86_400 + 6)], now)
    assert pace.rest_s(now) == pytest.approx(1, abs=0.05)


def test_the_lead_counts_from_the_first_sample_even_of_many_at_once() -> None:
    pace = started()
    pace.note([sample(frame / 30) for frame in range(10 * 30 + 1)], 100)
    assert pace.rest_s(100) == pytest.approx(5)


def test_bytes_before_a_discontinuity_count() -> None:
    pace = started()
    pace.note([sample(0, 2_500_000), Discontinuity("timestamps jumped")], 100)
    assert pace.rest_s(100) == pytest.approx(0.5)


def test_a_file_sent_at_full_speed_is_held_to_its_lead() -> None:
    pace = started()
    now = 100.0
    for frame in range(3000):
        pace.note([sample(frame / 30)], now)
        now += pace.rest_s(now)
        assert frame / 30 <= (now - 100) * 1.001 + 5 + 1e-6
    assert now == pytest.approx(100 + 2999 / 30 - 5, abs=0.1)


def test_an_encoder_that_was_late_and_catches_up_is_not_held() -> None:
    pace = started()
    pace.note([sample(0)], 100)
    pace.note([sample(frame / 30) for frame in range(1, 900)], 130)  # 30 s at once, 30 s late
    assert pace.rest_s(130) == 0


def test_a_discontinuity_begins_a_new_lead() -> None:
    pace = started()
    pace.note([sample(0)], 100)
    events: list[MediaEvent] = [Discontinuity("timestamps jumped"), sample(50_000)]
    pace.note(events, 101)
    assert pace.rest_s(101) == 0


@pytest.mark.parametrize("offset_s", [-3600, 10, 20, 3600])
def test_tracks_that_lie_far_from_each_other_never_rest(offset_s: int) -> None:
    pace = started()
    for frame in range(900):
        now = 100 + frame / 30
        pace.note([sample(frame / 30, track=AUDIO), sample(offset_s + frame / 30)], now)
        assert pace.rest_s(now) == 0


def test_a_track_that_jumps_far_begins_a_new_lead() -> None:
    pace = started()
    pace.note([sample(0), sample(4)], 100)
    pace.note([sample(3600), sample(3605.5)], 101)
    assert pace.rest_s(101) == pytest.approx(0.5)


@pytest.mark.parametrize("jump_s", [3, 6, 9.5])
def test_a_clock_that_jumps_forward_is_no_lead(jump_s: float) -> None:
    """In both tracks at once, and again some time later; the lead from before stays."""
    pace = started()
    jumped_s = 0.0
    for frame in range(900):
        now = 100 + frame / 30
        if frame in (300, 600):
            jumped_s += jump_s
        at_s = frame / 30 + jumped_s
        pace.note([sample(at_s), sample(at_s, track=AUDIO)], now)
        assert pace.rest_s(now) == 0
    pace.note([sample(at_s + step / 30) for step in range(1, 181)], now)  # six seconds early
    assert pace.rest_s(now) == pytest.approx(1, abs=0.1)


def test_a_slide_show_sent_at_full_speed_is_held_to_its_lead() -> None:
    pace = started()
    now = 100.0
    for slide in range(60):
        pace.note([sample(slide * 4)], now)
        now += pace.rest_s(now)
    assert now == pytest.approx(100 + 59 * 4 - 5, abs=0.3)


def test_a_pause_of_one_track_lets_no_file_rush() -> None:
    """Pictures stand still for eight seconds now and then; the sound shows how far it is."""
    pace = started()
    now = 100.0
    for unit in range(3000):
        at_s = unit / 30
        events = [sample(at_s, track=AUDIO)]
        if at_s % 16 < 8:
            events.append(sample(at_s))
        pace.note(events, now)
        now += pace.rest_s(now)
    assert now == pytest.approx(100 + 2999 / 30 - 5, abs=0.2)


def test_a_track_that_is_ahead_is_held_even_if_another_is_on_time() -> None:
    pace = started()
    pace.note([sample(0), sample(0, track=AUDIO)], 100)
    pace.note([sample(8), sample(0.1, track=AUDIO)], 100)
    assert pace.rest_s(100) == pytest.approx(3)


def test_a_track_whose_timescale_changes_keeps_its_lead() -> None:
    pace = started()
    pace.note([sample(0, track=AUDIO), sample(4, track=AUDIO)], 100)
    other = replace(AUDIO, timescale=44_100)
    pace.note([TrackStarted(other), sample(7, track=other)], 100)
    assert pace.rest_s(100) == pytest.approx(2)


def test_no_rest_is_longer_than_ten_seconds_and_no_debt_outlives_one() -> None:
    pace = started()
    pace.note([sample(9 * step) for step in range(1000)], 100)
    assert pace.rest_s(100) == pytest.approx(10)
    pace.note([sample(9 * 999 + 0.1)], 110)
    assert pace.rest_s(110) == pytest.approx(0.1, abs=0.02)


def test_a_heap_of_bytes_rests_ten_seconds_at_a_time() -> None:
    pace = started()
    pace.note([sample(0, 27_000_000)], 100)  # 25 s at 1 MB/s beyond the burst
    assert pace.rest_s(100) == 10
    pace.note([sample(0.1)], 110)
    assert pace.rest_s(110) == 10
    pace.note([sample(0.2)], 120)
    assert pace.rest_s(120) == pytest.approx(5, abs=0.1)


ARRIVALS = st.tuples(
    st.floats(0, 2), st.sampled_from([VIDEO, AUDIO]), st.floats(-1e9, 1e9), st.booleans()
)


@given(st.lists(ARRIVALS, max_size=60))
@settings(deadline=None)
def test_whatever_the_times_a_rest_ends_within_ten_seconds(
    arrivals: list[tuple[float, Track, float, bool]],
) -> None:
    pace = started()
    now = 100.0
    for gap_s, track, at_s, breaks in arrivals:
        now += gap_s
        events: list[MediaEvent] = [Discontinuity("timestamps jumped")] if breaks else []
        pace.note([*events, sample(at_s, track=track)], now)
        assert 0 <= pace.rest_s(now) <= 10


def test_more_bits_than_allowed_rest_until_they_are_paid() -> None:
    pace = started()
    pace.note([sample(0, 1_000_000), sample(0.1, 1_500_000)], 100)  # 2.5 MB at 1 MB/s, 2 s burst
    assert pace.rest_s(100) == pytest.approx(0.5)
    assert pace.rest_s(100.5) == 0


@given(
    st.lists(
        st.tuples(st.floats(0, 2), st.integers(0, 3_000_000), st.floats(-1e5, 1e5)), max_size=60
    )
)
@settings(deadline=None)
def test_over_any_time_no_more_comes_than_the_rate_and_the_burst(
    arrivals: list[tuple[float, int, float]],
) -> None:
    pace = started()
    now, total = 100.0, 0
    for gap_s, size_bytes, _ in arrivals:
        now += max(gap_s, pace.rest_s(now))
        pace.note([sample(now - 100, size_bytes)], now)
        total += size_bytes
        assert total - size_bytes <= (now - 100) * 1_000_000 + 2_000_000 + 1


@pytest.mark.parametrize(
    ("make_limits", "said"),
    [
        (lambda: PaceLimits(max_lead_s=0.1), "max_lead_s: expected 1 or more, got 0.1"),
        (lambda: PaceLimits(max_bitrate_bps=5), "max_bitrate_bps: expected 100000 or more, got 5"),
        (lambda: PaceLimits(burst_s=0), "burst_s: expected 1 or more, got 0"),
    ],
)
def test_limits_that_would_stop_everybody_are_refused(
    make_limits: Callable[[], PaceLimits], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        make_limits()
