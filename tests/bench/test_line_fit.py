import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.line_fit import fit_line

SIZES = [10, 20, 50, 100]


@settings(deadline=None)
@given(
    slope=st.floats(0.001, 1000),
    sizes=st.lists(st.integers(1, 10_000), min_size=2, max_size=8, unique=True),
)
def test_a_line_through_zero_is_found_exactly(slope: float, sizes: list[int]) -> None:
    fit = fit_line(sizes, [slope * size for size in sizes])
    assert fit.slope == pytest.approx(slope)
    assert fit.exponent == pytest.approx(1)
    assert fit.is_straight_or_better


def test_a_fixed_cost_that_is_shared_is_better_than_straight() -> None:
    fit = fit_line(SIZES, [5 + 0.1 * size for size in SIZES])
    assert fit.base == pytest.approx(5)
    assert fit.exponent < 1
    assert fit.is_straight_or_better


def test_a_cost_that_grows_with_the_square_is_not_straight() -> None:
    fit = fit_line(SIZES, [0.01 * size**2 for size in SIZES])
    assert fit.exponent == pytest.approx(2)
    assert not fit.is_straight_or_better
