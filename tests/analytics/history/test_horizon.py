"""Which time is due, by how far servers have written."""

from hypothesis import given
from hypothesis import strategies as st

from analytics.history.horizon import LATE_MS, Horizon, horizon, rolled_after
from analytics.history.step import MINUTE_MS

NOON = 20_000 * MINUTE_MS


def test_nothing_is_due_before_anybody_wrote() -> None:
    assert horizon({}, {}, None) is None
    assert horizon({"a": NOON}, {}, None) is None  # nobody has watched yet
    assert horizon({"a": NOON}, {"a": NOON}, 0) is None


def test_a_first_time_begins_with_the_oldest_spell() -> None:
    due = horizon({"a": NOON + 5_000}, {}, NOON - 90 * MINUTE_MS)
    assert due == Horizon(NOON - 90 * MINUTE_MS - LATE_MS, NOON)


def test_each_minute_makes_the_last_ones_anew() -> None:
    due = horizon({"a": NOON + MINUTE_MS + 3_000}, {"a": NOON}, None)
    assert due == Horizon(NOON - LATE_MS, NOON + MINUTE_MS)


def test_a_server_that_was_cut_off_opens_its_time_again() -> None:
    rolled = {"a": NOON, "b": NOON - 60 * MINUTE_MS}
    assert horizon({"a": NOON + MINUTE_MS, "b": rolled["b"]}, rolled, None) == Horizon(
        NOON - LATE_MS, NOON + MINUTE_MS
    )
    back = horizon({"a": NOON + MINUTE_MS, "b": NOON + MINUTE_MS}, rolled, None)
    assert back == Horizon(NOON - 60 * MINUTE_MS - LATE_MS, NOON + MINUTE_MS)


def test_a_new_server_opens_no_more_than_the_last_minutes() -> None:
    due = horizon({"a": NOON, "b": NOON + MINUTE_MS}, {"a": NOON}, NOON - 10**9)
    assert due == Horizon(NOON - LATE_MS, NOON + MINUTE_MS)


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(NOON, NOON + 10**7), min_size=1),
    st.dictionaries(st.sampled_from("abc"), st.integers(NOON - 10**7, NOON + 10**7)),
)
def test_what_was_rolled_up_is_not_due_again_but_for_its_last_minutes(
    marks: dict[str, int], rolled: dict[str, int]
) -> None:
    due = horizon(marks, rolled, NOON - 10**7)
    if due is None:
        return
    assert due.from_ms % MINUTE_MS == due.until_ms % MINUTE_MS == 0
    assert due.from_ms < due.until_ms <= max(marks.values())
    after = rolled_after(marks, rolled, due.until_ms)
    assert all(after[server] >= rolled.get(server, 0) for server in marks)
    again = horizon(marks, after, None)
    if again is not None and all(at_ms <= due.until_ms for at_ms in rolled.values()):
        assert again.from_ms >= due.until_ms - LATE_MS - MINUTE_MS
