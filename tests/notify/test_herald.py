"""Telling later, in turns: everybody hears the same, and the loop is held by nobody."""

import asyncio
import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from notify.bus import Bus
from notify.frame import text_frame
from notify.herald import GATHER_S, Herald, turn_length_s
from notify.subscriber import Subscriber, WhenFull
from notify.topic import Key
from tests.notify.telling import bus, tell, title_of

KEYS = [Key("a"), Key("b"), Key("c")]
CAPACITY = 10_000


class Ear:
    """Writes down what it is given in each of its turns."""

    def __init__(self, on: Bus, herald: Herald, *keys: Key) -> None:
        self.turns: list[list[str]] = []
        self._heard = asyncio.Event()
        self._subscriber = on.subscribe(
            CAPACITY, WhenFull.CLOSE, lambda: herald.add(self._take_turn)
        )
        on.listen(self._subscriber, keys)

    async def hear(self, turns: int) -> list[list[str]]:
        """Wait for so many turns."""
        while len(self.turns) < turns:
            self._heard.clear()
            await self._heard.wait()
        return self.turns

    def _take_turn(self) -> None:
        batch = self._subscriber.take_batch()
        assert batch is not None
        self.turns.append([title_of(notice) for notice in batch.notices])
        self._heard.set()


async def test_what_is_published_within_a_moment_comes_together() -> None:
    on = bus()
    herald = Herald(on)
    ear = Ear(on, herald, KEYS[0], KEYS[1])
    tell(on, "one", "a")
    tell(on, "two", "b")
    assert await ear.hear(1) == [["one", "two"]]
    for title in ("three", "four"):
        tell(on, title, "a")
    assert await ear.hear(2) == [["one", "two"], ["three", "four"]]
    herald.stop()


async def test_others_have_their_turn_while_many_are_told() -> None:
    on = bus()
    herald = Herald(on)
    ears = [Ear(on, herald, KEYS[0]) for _ in range(2000)]
    told_between: list[int] = []

    def look() -> None:
        told = sum(len(ear.turns) for ear in ears)
        told_between.append(told)
        if told < len(ears):
            asyncio.get_running_loop().call_soon(look)

    tell(on, "one", "a")
    look()
    await ears[-1].hear(1)
    steps = [later - earlier for earlier, later in pairwise(told_between)]
    assert max(steps) <= 100
    herald.stop()


@pytest.mark.parametrize(
    ("others_ms", "turn_ms"), [(0, 1), (2, 1), (6, 2), (9, 3), (12, 4), (1000, 4)]
)
def test_a_turn_lasts_a_third_of_what_others_had_within_limits(
    others_ms: int, turn_ms: int
) -> None:
    assert turn_length_s(others_ms / 1000) == pytest.approx(turn_ms / 1000)


async def test_behind_others_who_are_busy_a_turn_is_longer_and_ends_all_the_same() -> None:
    now_s = 100.0
    on = bus()
    herald = Herald(on, lambda: now_s)
    ears = [Ear(on, herald, KEYS[0]) for _ in range(2000)]
    steps: list[int] = []

    def work() -> None:
        nonlocal now_s
        now_s += 0.009
        steps.append(sum(len(ear.turns) for ear in ears))
        if steps[-1] < len(ears):
            asyncio.get_running_loop().call_soon(work)

    tell(on, "one", "a")
    work()
    await ears[-1].hear(1)
    assert max(later - earlier for earlier, later in pairwise(steps)) == 300
    herald.stop()


async def test_it_tells_less_often_while_telling_takes_long() -> None:
    now_s, cost_s = 100.0, 0.0
    on = bus()
    herald = Herald(on, lambda: now_s)
    heard: list[int] = []

    class SlowEar:
        def __init__(self) -> None:
            self._subscriber = on.subscribe(
                CAPACITY, WhenFull.CLOSE, lambda: herald.add(self._take_turn)
            )
            on.listen(self._subscriber, [KEYS[0]])

        def _take_turn(self) -> None:
            nonlocal now_s
            batch = self._subscriber.take_batch()
            assert batch is not None
            now_s += cost_s
            heard.append(batch.count)

    ears = [SlowEar() for _ in range(4)]
    for each_s, gather_s in ((0.1, 0.5), (0.0, GATHER_S), (3.0, 1.0)):
        cost_s = each_s
        heard.clear()
        now_s += 60
        tell(on, "one", "a")
        while len(heard) < len(ears):  # noqa: ASYNC110 - turns of the loop, not time
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert herald.gather_s == pytest.approx(gather_s)
    herald.stop()


async def test_nothing_is_brought_once_it_has_stopped() -> None:
    on = bus()
    herald = Herald(on)
    ear = Ear(on, herald, KEYS[0])
    tell(on, "one", "a")
    herald.stop()
    tell(on, "two", "a")
    await asyncio.sleep(0)
    assert ear.turns == []


Step = tuple[str, int, frozenset[Key]]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["listen", "stop", "publish", "tell"]),
        st.integers(0, 2),
        st.frozensets(st.sampled_from(KEYS), min_size=1),
    ),
    max_size=60,
)


@given(STEPS)
@settings(deadline=None)
def test_whenever_it_is_told_each_hears_what_was_published_while_they_listened(
    steps: list[Step],
) -> None:
    on = bus()
    on.when_published(lambda: None)
    subscribers = [on.subscribe(CAPACITY, WhenFull.CLOSE, lambda: None) for _ in range(3)]
    expected: list[list[str]] = [[], [], []]
    for number, (what, who, keys) in enumerate(steps):
        match what:
            case "listen":
                on.listen(subscribers[who], keys)
            case "stop":
                finish_telling(on)  # what was published before is heard, or not, by who has gone
                on.stop_listening(subscribers[who], keys)
            case "publish":
                tell(on, str(number), *keys)
                for each, titles in zip(subscribers, expected, strict=True):
                    if each.keys & keys:
                        titles.append(str(number))
            case "tell":
                finish_telling(on)
    finish_telling(on)
    assert [taken(each) for each in subscribers] == expected


def test_no_step_looks_at_more_than_some_dozens_of_those_who_are_alerted() -> None:
    """Nor at more keys: an alert has one for each of a thousand people."""
    on = bus()
    on.when_published(lambda: None)
    woken: list[Subscriber] = []

    def listener(key: str) -> Subscriber:
        made = on.subscribe(CAPACITY, WhenFull.CLOSE, lambda: woken.append(made))
        on.listen(made, [Key(key)])
        return made

    ears = [listener(f"own-{number}") for number in range(500)]
    for first in range(0, 1000, 250):  # half of those who are told of are not here
        tell(on, "one", *(f"own-{number}" for number in range(first, first + 250)))
    steps, told_before = 0, 0
    for _ in on.tell():
        steps += 1
        assert len(woken) - told_before <= 64
        told_before = len(woken)
    assert steps == 1000 // 64 + 500 // 64 + 500 // 64
    assert set(woken) == set(ears)


def test_who_leaves_while_keys_are_looked_up_hears_nothing_and_harms_nobody() -> None:
    on = bus()
    on.when_published(lambda: None)
    own = [on.subscribe(CAPACITY, WhenFull.CLOSE, lambda: None) for _ in range(100)]
    for number, each in enumerate(own):
        on.listen(each, [Key(f"own-{number}")])
    for gone in range(100):
        tell(on, "one", *(f"own-{number}" for number in range(100)))
        telling = on.tell()
        next(telling)
        on.stop_listening(own[gone], [Key(f"own-{gone}")])
        for _ in telling:
            pass
    assert [len(each) for each in own] == list(range(100))


def test_who_comes_while_others_are_told_hears_what_is_published_from_then_on() -> None:
    on = bus()
    on.when_published(lambda: None)
    crowd = [on.subscribe(CAPACITY, WhenFull.CLOSE, lambda: None) for _ in range(600)]
    for each in crowd:
        on.listen(each, [KEYS[0]])
    tell(on, "one", "a")
    telling = on.tell()
    next(telling)
    late, gone = on.subscribe(CAPACITY, WhenFull.CLOSE, lambda: None), crowd[-1]
    on.listen(late, [KEYS[0]])
    on.unsubscribe(gone)
    tell(on, "two", "a")
    for _ in telling:
        pass
    finish_telling(on)
    assert (taken(late), taken(gone), taken(crowd[0])) == (["two"], [], ["one", "two"])


def finish_telling(on: Bus) -> None:
    """Tell all that is pending."""
    for _ in on.tell():
        pass


def taken(by: Subscriber) -> list[str]:
    """Take all that waits."""
    found = []
    while (notice := by.take()) is not None:
        found.append(title_of(notice))
    return found


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536])
def test_a_frame_is_what_others_read(length: int) -> None:
    text = json.dumps("x" * length).encode()[1:-1]
    reader = StreamReader()
    reader.feed_data(text_frame(text))
    parsing = Frame.parse(reader.read_exact, mask=False, max_size=None)
    with pytest.raises(StopIteration) as parsed:
        next(parsing)
    frame: Frame = parsed.value.value
    assert (frame.opcode, frame.fin, frame.data) == (Opcode.TEXT, True, text)
