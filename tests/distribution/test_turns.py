"""Who is answered when many come at once."""

import asyncio

from distribution.live.turns import Turns


class Taker:
    """Notes when its turn was, and may stand in line again."""

    def __init__(self, name: str, taken: list[str], turns: Turns, *, rounds: int = 1) -> None:
        self.name = name
        self.taken = taken
        self.turns = turns
        self.rounds = rounds

    def take_turn(self) -> None:
        self.taken.append(self.name)
        self.rounds -= 1
        if self.rounds:
            self.turns.queue(self)


async def until_taken(taken: list[str], count: int) -> None:
    async with asyncio.timeout(120):
        while len(taken) < count:  # noqa: ASYNC110 - turns are taken in the loop's own time
            await asyncio.sleep(0)


async def test_whoever_comes_alone_does_not_stand_in_line() -> None:
    turns = Turns()
    for _ in range(300):
        assert turns.is_free()
        await asyncio.sleep(0)


async def test_a_crowd_stands_in_line_from_some_point_on_and_is_served_in_order() -> None:
    turns, taken = Turns(), list[str]()
    free = [turns.is_free() for _ in range(1_000)]
    assert free == sorted(free, reverse=True)
    assert 0 < free.count(True) < 200
    for number in range(500):
        turns.queue(Taker(str(number), taken, turns))
    assert not turns.is_free()
    sizes = []
    while len(taken) < 500:
        before = len(taken)
        await asyncio.sleep(0)
        sizes.append(len(taken) - before)
    assert max(sizes) < 200
    assert taken == [str(number) for number in range(500)]
    await asyncio.sleep(0)
    assert turns.is_free()


async def test_the_woken_come_before_all_who_have_not_waited() -> None:
    turns, taken = Turns(), list[str]()
    for number in range(300):
        turns.queue(Taker(f"new {number}", taken, turns))
    for number in range(600):
        turns.queue_woken(Taker(f"woken {number}", taken, turns))
    assert not turns.is_free()
    await until_taken(taken, 900)
    assert taken == [f"woken {n}" for n in range(600)] + [f"new {n}" for n in range(300)]


async def test_the_woken_are_told_in_one_go_unless_that_takes_too_long() -> None:
    clock_s = 0.0
    turns, taken = Turns(lambda: clock_s), list[str]()

    class SlowTaker(Taker):
        def take_turn(self) -> None:
            nonlocal clock_s
            clock_s += 0.000_1
            super().take_turn()

    for number in range(500):
        turns.queue_woken(Taker(str(number), taken, turns))
    await asyncio.sleep(0)
    assert len(taken) == 500
    for number in range(500):
        turns.queue_woken(SlowTaker(str(number), taken, turns))
    sizes = []
    while len(taken) < 1_000:
        before = len(taken)
        await asyncio.sleep(0)
        sizes.append(len(taken) - before)
    assert 90 < max(sizes) < 150
    assert taken == [str(number) for number in range(500)] * 2


async def test_who_has_much_to_ask_takes_turns_with_others() -> None:
    turns, taken = Turns(), list[str]()
    turns.queue(Taker("many", taken, turns, rounds=3))
    turns.queue(Taker("few", taken, turns))
    await until_taken(taken, 4)
    assert taken == ["many", "few", "many", "many"]


async def test_at_the_end_everybody_has_his_turn_at_once() -> None:
    turns, taken = Turns(), list[str]()
    turns.queue(Taker("new", taken, turns, rounds=2))
    turns.queue_woken(Taker("woken", taken, turns))
    turns.finish()
    assert taken == ["woken", "new", "new"]
