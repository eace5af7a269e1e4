"""Quiet hours: what a clock on the wall shows, through midnight and changed clocks."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.notifications.quiet_hours import DAY_MIN, QuietHours

MINUTES = st.integers(0, DAY_MIN - 1)


def ms(text: str, zone: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "is_quiet"),
    [
        ("2026-06-01T21:59", False),
        ("2026-06-01T22:00", True),
        ("2026-06-02T00:00", True),
        ("2026-06-02T06:59", True),
        ("2026-06-02T07:00", False),
        ("2026-03-29T01:59", True),  # clocks go forward in the next minute
        ("2026-03-29T03:00", True),
        ("2026-10-25T02:30", True),  # comes twice
    ],
)
def test_a_night_is_quiet(moment: str, is_quiet: bool) -> None:
    night = QuietHours(22 * 60, 7 * 60, "Europe/Berlin")
    assert night.cover(ms(moment, "Europe/Berlin")) is is_quiet


@given(MINUTES, MINUTES, MINUTES)
def test_every_minute_is_quiet_in_one_direction_and_not_in_the_other(
    from_min: int, to_min: int, at_min: int
) -> None:
    if from_min == to_min:
        return
    here, there = QuietHours(from_min, to_min, "UTC"), QuietHours(to_min, from_min, "UTC")
    assert here.cover(at_min * 60_000) is not there.cover(at_min * 60_000)


@pytest.mark.parametrize(
    ("from_min", "to_min", "zone"),
    [(0, 0, "UTC"), (-1, 5, "UTC"), (0, 1440, "UTC"), (0, 5, "Mars/Olympus"), (0, 5, "../etc")],
)
def test_what_is_no_time_of_day_or_no_zone_is_refused(
    from_min: int, to_min: int, zone: str
) -> None:
    with pytest.raises(ValueError, match="expected"):
        QuietHours(from_min, to_min, zone)
