import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.percentile import percentile

VALUES = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1)


def test_the_99th_of_a_hundred_values_is_the_second_largest() -> None:
    assert percentile(range(1, 101), 99) == 99


def test_the_99th_of_few_values_is_the_largest() -> None:
    assert percentile([3.0, 1.0, 2.0], 99) == 3.0


@settings(deadline=None)
@given(values=VALUES, percent=st.floats(0, 100))
def test_a_percentile_is_a_measured_value_that_so_many_do_not_exceed(
    values: list[float], percent: float
) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values) * (1 - 1e-12)


def test_no_values_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)
