"""Which time is due, by how far servers have written."""

from hypothesis import given
from hypothesis import strategies as st

from analytics.history.horizon import LATE_MS, REMEMBERED_MAX, Horizon, horizon, rolled_after
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


def test_a_server_whose_mark_was_deleted_meanwhile_is_still_known() -> None:
    rolled = rolled_after({"a": NOON}, {"b": NOON - 60 * MINUTE_MS}, NOON)
    assert rolled == {"a": NOON, "b": NOON - 60 * MINUTE_MS}
    back = horizon({"a": NOON, "b": NOON + MINUTE_MS}, rolled, None)
    assert back == Horizon(NOON - 60 * MINUTE_MS - LATE_MS, NOON + MINUTE_MS)


def test_servers_that_are_gone_are_remembered_up_to_a_bound() -> None:
    gone = {f"srv{number:05}": NOON - number for number in range(REMEMBERED_MAX + 10)}
    rolled = rolled_after({"a": NOON - 10**9}, gone, NOON)
    assert len(rolled) == REMEMBERED_MAX
    assert "a" in rolled


def test_a_clock_that_was_set_back_opens_what_is_lived_again() -> None:
    back_ms = NOON - 30 * MINUTE_MS
    due = horizon({"a": back_ms}, {"a": NOON}, None)
    assert due == Horizon(back_ms - LATE_MS, back_ms)
    rolled = rolled_after({"a": back_ms}, {"a": NOON}, back_ms)
    assert rolled == {"a": back_ms}
    later = horizon({"a": back_ms + MINUTE_MS}, rolled, None)
    assert later == Horizon(back_ms - LATE_MS, back_ms + MINUTE_MS)


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
    assert all(after[server] <= marks[server] for server in marks)
    again = horizon(marks, after, None)
    if again is not None:
        assert again.from_ms >= due.until_ms - LATE_MS - MINUTE_MS
