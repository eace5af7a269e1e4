"""PART-TARGET and TARGETDURATION, for what encoders send."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.segmenter.cadence_choice import (
    choose_part_target_ms,
    choose_target_duration_s,
    part_limit_s,
)

AAC_48K = Fraction(1024, 48_000)
AAC_44K = Fraction(1024, 44_100)
HE_AAC = Fraction(2048, 44_100)
OPUS = Fraction(20, 1000)


@pytest.mark.parametrize(
    ("wish_ms", "fps", "units", "expected_ms"),
    [
        (200, Fraction(30), [], 202),  # protocol facts C7
        (200, Fraction(24), [], 169),
        (200, Fraction(30), [AAC_48K], 216),
        (334, Fraction(30), [AAC_48K], 344),
        (334, Fraction(60), [AAC_48K], 344),
        (334, Fraction(25), [AAC_48K], 322),
        (334, Fraction(30), [OPUS], 342),
        (334, Fraction(1), [AAC_48K], 1005),
    ],
)
def test_part_targets(wish_ms: int, fps: Fraction, units: list[Fraction], expected_ms: int) -> None:
    assert choose_part_target_ms(wish_ms, 1 / fps, units, is_exact=True) == expected_ms


frame_lengths = st.sampled_from(
    [1 / Fraction(fps) for fps in (10, 15, 20, 24, 25, 30, 48, 50, 60, 120)]
    + [Fraction(1001, 24_000), Fraction(1001, 30_000), Fraction(1001, 60_000)]
)
unit_sets = st.lists(st.sampled_from([AAC_48K, AAC_44K, HE_AAC, OPUS]), max_size=3)


@settings(deadline=None)
@given(st.sampled_from([200, 334, 1000]), frame_lengths, unit_sets, st.booleans())
def test_no_tracks_part_is_too_long_or_too_short(
    wish_ms: int, frame_s: Fraction, units: list[Fraction], is_exact: bool
) -> None:
    target_ms = choose_part_target_ms(wish_ms, frame_s, units, is_exact=is_exact)
    limit_s = part_limit_s(target_ms, frame_s, units)
    part_s = limit_s // frame_s * frame_s
    assert part_s > 0
    for length_s in [
        part_s,
        *(part_s // unit * unit for unit in units),
        *(-(-part_s // unit) * unit for unit in units),
    ]:
        assert 850 * length_s >= target_ms * Fraction(85, 100) * Fraction(85, 100)
        assert 1000 * length_s >= target_ms * Fraction(85, 100)
        assert 1000 * length_s <= target_ms


@settings(deadline=None)
@given(st.integers(100, 1100), frame_lengths, unit_sets)
def test_parts_of_another_encoder_fit_into_a_target_that_was_chosen_before(
    target_ms: int, frame_s: Fraction, units: list[Fraction]
) -> None:
    limit_s = part_limit_s(target_ms, frame_s, units)
    assert 0 < limit_s * 1000 <= target_ms
    for unit in units:
        assert -(-limit_s // unit) * unit * 1000 <= target_ms


@pytest.mark.parametrize(
    ("first_segment_ms", "expected_s"),
    [(2000, 2), (2002, 2), (2240, 2), (2400, 3), (2500, 3), (3000, 3), (3800, 4), (None, 10)],
)
def test_target_durations(first_segment_ms: int | None, expected_s: int) -> None:
    assert choose_target_duration_s(first_segment_ms, 2000, 344) == expected_s


def test_the_target_duration_holds_a_part() -> None:
    assert choose_target_duration_s(2000, 2000, 3100) == 4
