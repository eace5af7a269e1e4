"""The bus: everybody hears what they subscribed to, once, in order; nobody waits for anybody."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify.bus import Bus
from notify.subscriber import Subscriber, WhenFull
from notify.topic import Key
from tests.notify.telling import bus, changed, tell, title_of, told

A, B = Key("a"), Key("b")


def nothing() -> None:
    """Be ready without doing anything."""


def subscriber(on: Bus, *keys: Key, capacity: int = 10, when_full: WhenFull = WhenFull.CLOSE,
               ready: Callable[[], None] = nothing) -> Subscriber:  # fmt: skip
    made = on.subscribe(capacity, when_full, ready)
    on.listen(made, keys)
    return made


def taken(by: Subscriber) -> list[str]:
    found = []
    while (notice := by.take()) is not None:
        found.append(title_of(notice))
    return found


def test_an_event_comes_once_to_who_hears_it_by_two_keys() -> None:
    on = bus()
    both = subscriber(on, A, B)
    tell(on, "one", "a", "b")
    assert taken(both) == ["one"]


def test_who_does_not_listen_hears_nothing() -> None:
    on = bus()
    a, b = subscriber(on, A), subscriber(on, B)
    tell(on, "one", "a")
    assert (taken(a), taken(b)) == (["one"], [])


def test_ten_thousand_subscribers_share_one_text() -> None:
    on = bus()
    many = [subscriber(on, A) for _ in range(10_000)]
    tell(on, "one", "a")
    assert len({id(each.take()) for each in many}) == 1
    assert on.delivered_count == 10_000


def test_an_event_says_what_it_is_and_where_it_stands() -> None:
    notice = bus().publish(changed("one"), topics=["channel:studio"], keys=[A], fact=7)
    assert told(notice) == {
        "type": "channel.changed",
        "version": 1,
        "id": "run1-1-7",
        "topics": ["channel:studio"],
        "at": "1970-01-01T00:00:00.000Z",
        "channel": "studio",
        "changed": ["title"],
        "title": "one",
        "category": None,
    }
    assert notice.frame == b"id: run1-1-7\ndata: " + notice.text + b"\n\n"


@pytest.mark.parametrize("title", ["two\nlines", "two\r\nlines", "two\u2028lines"])
def test_line_ends_in_texts_do_not_break_server_sent_events(title: str) -> None:
    frame = tell(bus(), title, "a").frame
    assert len(frame.replace(b"\r", b"\n").split(b"\n")) == 4


def test_a_full_queue_drops_the_oldest_where_that_was_wanted() -> None:
    on = bus()
    slow = subscriber(on, A, capacity=2, when_full=WhenFull.DROP_OLDEST)
    for title in "abc":
        tell(on, title, "a")
    assert (taken(slow), slow.dropped_count, on.dropped_count) == (["b", "c"], 1, 1)


def test_a_full_queue_drops_the_newest_where_that_was_wanted() -> None:
    on = bus()
    slow = subscriber(on, A, capacity=2, when_full=WhenFull.DROP_NEWEST)
    for title in "abc":
        tell(on, title, "a")
    assert (taken(slow), slow.dropped_count, on.dropped_count) == (["a", "b"], 1, 1)


def test_a_full_queue_ends_a_subscriber_that_must_not_miss_anything() -> None:
    on = bus()
    slow = subscriber(on, A, capacity=2)
    for title in "abcd":
        tell(on, title, "a")
    assert slow.closed_for_overflow
    assert (taken(slow), slow.dropped_count) == ([], 4)


def test_a_slow_subscriber_costs_the_others_nothing() -> None:
    on = bus()
    subscriber(on, A, capacity=1)
    quick = subscriber(on, A)
    for title in "abc":
        tell(on, title, "a")
    assert taken(quick) == ["a", "b", "c"]


def test_it_is_said_once_that_there_is_something_to_take() -> None:
    on = bus()
    calls: list[str] = []
    one = subscriber(on, A, ready=lambda: calls.append("ready"))
    tell(on, "a", "a")
    tell(on, "b", "a")
    assert calls == ["ready"]
    taken(one)
    tell(on, "c", "a")
    assert calls == ["ready", "ready"]


def test_nothing_is_left_of_ten_thousand_who_came_and_went() -> None:
    on = bus()
    for number in range(10_000):
        gone = subscriber(on, A, Key(f"own-{number}"))
        tell(on, "one", "a")
        on.unsubscribe(gone)
    assert (len(on), on.key_count) == (0, 0)


def test_nobody_listens_who_has_gone() -> None:
    on = bus()
    gone = subscriber(on, A)
    on.unsubscribe(gone)
    with pytest.raises(ValueError, match="expected a subscriber of this bus"):
        on.listen(gone, [A])


def test_a_queue_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="capacity: expected 1 or more, got 0"):
        bus().subscribe(0, WhenFull.CLOSE, nothing)


Step = tuple[str, int, frozenset[Key]]
KEYS = st.frozensets(st.sampled_from([A, B, Key("c")]), min_size=1)
STEPS = st.lists(
    st.tuples(st.sampled_from(["listen", "stop", "publish", "take"]), st.integers(0, 2), KEYS),
    max_size=60,
)


@given(STEPS, st.integers(1, 5), st.sampled_from([WhenFull.DROP_OLDEST, WhenFull.DROP_NEWEST]))
@settings(deadline=None)
def test_whatever_happens_each_hears_what_a_plain_model_says(
    steps: list[Step], capacity: int, when_full: WhenFull
) -> None:
    on = bus()
    subscribers = [subscriber(on, capacity=capacity, when_full=when_full) for _ in range(3)]
    queues: list[list[str]] = [[], [], []]
    listening: list[set[Key]] = [set(), set(), set()]
    dropped = 0
    for number, (what, who, keys) in enumerate(steps):
        match what:
            case "listen":
                on.listen(subscribers[who], keys)
                listening[who] |= keys
            case "stop":
                on.stop_listening(subscribers[who], keys)
                listening[who] -= keys
            case "publish":
                tell(on, str(number), *keys)
                for queue, heard in zip(queues, listening, strict=True):
                    if heard & keys:
                        queue.append(str(number))
                        if len(queue) > capacity:
                            dropped += 1
                            queue.pop(0 if when_full is WhenFull.DROP_OLDEST else -1)
            case "take":
                assert taken(subscribers[who]) == queues[who]
                queues[who] = []
    assert on.dropped_count == dropped
    assert [taken(each) for each in subscribers] == queues
    assert on.key_count == len(set().union(*listening))
