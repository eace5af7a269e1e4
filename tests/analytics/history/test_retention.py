"""Both curves of who stays, against going through all viewers one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.history.retention import MINUTES_MAX, Stay, retention
from analytics.history.step import MINUTE_MS

PEOPLE = st.lists(
    st.tuples(st.integers(0, 14), st.integers(0, 14)).map(sorted).map(tuple), max_size=30
)


@given(PEOPLE, st.integers(15, 20))
def test_curves_are_those_of_counting_everybody(
    people: list[tuple[int, int]], minutes: int
) -> None:
    stays = [Stay(came, left, 1) for came, left in people]
    present = {
        minute: sum(came <= minute <= left for came, left in people) for minute in range(minutes)
    }
    points = retention(stays, present, minutes * MINUTE_MS)
    assert [point.minute for point in points] == list(range(minutes))
    for point in points:
        could = [each for each in people if each[0] + point.minute < minutes]
        stayed = [each for each in could if each[1] - each[0] >= point.minute]
        assert point.stayed == (round(len(stayed) / len(could), 4) if could else None)
        expected = present[point.minute] / len(people) if people else 0.0
        assert point.present == pytest.approx(expected, abs=1e-4)
    if people:
        assert points[0].stayed == 1.0


def test_who_came_too_late_to_stay_so_long_is_not_asked() -> None:
    points = retention([Stay(0, 9, 1), Stay(9, 9, 99)], {0: 1, 9: 100}, 10 * MINUTE_MS)
    assert [point.stayed for point in points] == [1.0] * 10
    assert [points[0].present, points[9].present] == [0.01, 1.0]


def test_all_viewers_gone_at_once_is_a_cliff() -> None:
    points = retention([Stay(0, 4, 10)], dict.fromkeys(range(5), 10), 10 * MINUTE_MS)
    assert [point.stayed for point in points] == [1.0] * 5 + [0.0] * 5
    assert [point.present for point in points] == [1.0] * 5 + [0.0] * 5


@pytest.mark.parametrize("duration_ms", [0, -1], ids=["nothing", "less"])
def test_a_broadcast_that_took_no_time_has_no_curve(duration_ms: int) -> None:
    assert retention([Stay(0, 0, 1)], {0: 1}, duration_ms) == ()


def test_curves_are_bounded() -> None:
    points = retention([Stay(0, 10**6, 3)], {0: 3}, 10**6 * MINUTE_MS)
    assert len(points) == MINUTES_MAX
    assert points[-1].stayed == 1.0
