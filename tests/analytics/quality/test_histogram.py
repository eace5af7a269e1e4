"""Histograms: percentiles within the documented error, and sums that do not depend on order."""

from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from analytics.quality.histogram import MAX_BUCKETS, MAX_VALUE, RELATIVE_ERROR, Histogram

VALUES = st.lists(st.integers(0, MAX_VALUE), min_size=1, max_size=60)


def histogram_of(values: list[int]) -> Histogram:
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    return histogram


@given(VALUES, st.sampled_from([0.0, 0.5, 0.75, 0.95, 1.0]))
def test_percentiles_are_within_the_error(values: list[int], fraction: float) -> None:
    true = sorted(values)[max(1, ceil(fraction * len(values))) - 1]
    found = histogram_of(values).percentile(fraction)
    assert found is not None
    assert abs(found - true) <= RELATIVE_ERROR * max(true, 1) + 1


@given(VALUES, VALUES)
def test_a_sum_is_what_all_values_would_make(some: list[int], others: list[int]) -> None:
    merged = histogram_of(some)
    merged.merge(histogram_of(others))
    assert merged == histogram_of(others + some)
    assert merged.count == len(some) + len(others)


def test_any_number_of_values_takes_bounded_room() -> None:
    histogram = Histogram()
    for value in [0, 1, -5, 10**30, *(int(1.07**power) for power in range(300))]:
        histogram.add(value)
    assert len(histogram.counts) <= MAX_BUCKETS < 175
    top = histogram.percentile(1.0)
    assert top is not None
    assert top <= MAX_VALUE * (1 + RELATIVE_ERROR)


def test_nothing_has_no_percentile() -> None:
    assert Histogram().percentile(0.5) is None
    assert Histogram().percentiles(0.5, 0.95) == []
    assert not Histogram()
