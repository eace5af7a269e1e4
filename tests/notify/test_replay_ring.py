"""The ring: who was away for a moment gets all of it, or is told that some of it is gone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from notify.bus import Bus
from notify.event_id import EventId
from notify.replay_ring import ReplayRing
from notify.topic import Key
from tests.notify.telling import bus, tell, title_of

A = Key("a")


def test_who_comes_back_gets_what_was_told_since() -> None:
    on = bus()
    tell(on, "before", "a")
    since = on.here
    tell(on, "one", "a")
    tell(on, "other", "b")
    tell(on, "two", "a")
    assert [title_of(each) for each in on.missed(since, [A]) or ()] == ["one", "two"]


def test_who_missed_nothing_gets_nothing() -> None:
    on = bus()
    tell(on, "before", "a")
    assert on.missed(on.here, [A]) == []


def test_who_was_away_for_too_long_is_told_so() -> None:
    on = bus(capacity=2)
    since = on.here
    for title in "abc":
        tell(on, title, "a")
    assert on.missed(since, [A]) is None


def test_another_run_knows_nothing_of_this_one() -> None:
    on, other = bus(), bus(run="run2")
    tell(on, "one", "a")
    assert other.missed(on.here, [A]) is None


def test_an_id_from_the_future_is_not_believed() -> None:
    assert bus().missed(EventId("run1", 99, 0), [A]) is None


def test_the_ring_holds_no_more_bytes_than_it_may() -> None:
    ring = ReplayRing(1000, 10_000)
    on = Bus("run1", ring)
    for _ in range(100):
        tell(on, "x" * 1000, "a")
    assert 0 < ring.held_bytes <= 10_000
    assert len(ring) < 10


@given(
    st.lists(st.frozensets(st.sampled_from("abc"), min_size=1), max_size=50),
    st.integers(1, 60),
    st.integers(0, 50),
    st.frozensets(st.sampled_from("abc"), min_size=1),
)
@settings(deadline=None)
def test_what_is_replayed_has_no_gap_and_no_repetition(
    events: list[frozenset[str]], capacity: int, since: int, wanted: frozenset[str]
) -> None:
    on = bus(capacity=capacity)
    for number, keys in enumerate(events, 1):
        tell(on, str(number), *keys)
    missed = on.missed(EventId("run1", since, 0), frozenset(map(Key, wanted)))
    if since > len(events) or since < len(events) - capacity:
        assert missed is None
    else:
        expected = [
            str(number) for number, keys in enumerate(events, 1) if number > since and keys & wanted
        ]
        assert [title_of(each) for each in missed or ()] == expected
