"""Answers for everybody: made once, never of who asks, and never older than they may be."""

import asyncio

import pytest

from accounts.api.load import LATE_LIMIT_S, RUNNING_LIMIT, Load
from accounts.api.operation import ANYBODY, USER, Access, Call, operation
from accounts.api.problem import ProblemError
from accounts.api.rendering import Rendered
from accounts.api.resources.directory import DirectoryResource
from accounts.api.resources.sessions import RefreshBody
from accounts.api.shared_answers import CAPACITY, QUERY_LENGTH_LIMIT, SharedAnswers

KEY = ("listLive", "limit=3")


class Kitchen:
    """Makes answers that are told apart by their number; `go` lets the slow ones be ready."""

    def __init__(self, keep_s: float = 1.0) -> None:
        self.now_s = 100.0
        self.made = 0
        self.go = asyncio.Event()
        self.go.set()
        self.shared = SharedAnswers(keep_s, lambda: self.now_s)

    async def make(self) -> Rendered:
        self.made += 1
        number = self.made
        await self.go.wait()
        return Rendered(200, str(number).encode())

    async def ask(self, key: tuple[str, str] = KEY) -> str:
        return (await self.shared.get(key, self.make)).content.decode()


async def test_who_asks_soon_after_is_given_the_same() -> None:
    kitchen = Kitchen()
    assert [await kitchen.ask() for _ in range(3)] == ["1", "1", "1"]
    kitchen.now_s += 0.999
    assert await kitchen.ask() == "1"
    kitchen.now_s += 0.001
    assert await kitchen.ask() == "2"


async def test_all_who_ask_at_once_wait_for_one_answer() -> None:
    kitchen = Kitchen()
    kitchen.go.clear()
    asking = [asyncio.create_task(kitchen.ask()) for _ in range(5)]
    await asyncio.sleep(0)
    asking[0].cancel()  # who leaves takes nothing from the others
    kitchen.go.set()
    assert await asyncio.gather(*asking[1:]) == ["1"] * 4
    assert kitchen.made == 1


async def test_what_was_begun_before_a_change_is_given_to_nobody_after_it() -> None:
    kitchen = Kitchen()
    kitchen.go.clear()
    before = asyncio.create_task(kitchen.ask())
    await asyncio.sleep(0)
    kitchen.shared.forget()
    after = asyncio.create_task(kitchen.ask())
    await asyncio.sleep(0)
    kitchen.go.set()
    assert (await before, await after) == ("1", "2")
    assert await kitchen.ask() == "2"


async def test_other_questions_have_other_answers() -> None:
    kitchen = Kitchen()
    keys = [KEY, ("listLive", "limit=4"), ("listRecent", "limit=3")]
    assert [await kitchen.ask(key) for key in keys] == ["1", "2", "3"]
    assert await kitchen.ask(keys[1]) == "2"


async def test_a_failure_is_told_and_not_kept() -> None:
    kitchen = Kitchen()

    async def fail() -> Rendered:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await kitchen.shared.get(KEY, fail)
    assert await kitchen.ask() == "1"


async def test_only_so_many_are_kept() -> None:
    kitchen = Kitchen()
    for number in range(CAPACITY + 1):
        await kitchen.ask(("search", f"q={number}"))
    assert await kitchen.ask(("search", f"q={CAPACITY}")) == str(CAPACITY + 1)
    assert await kitchen.ask(("search", "q=0")) == str(CAPACITY + 2)
    long = ("search", "q=" + "x" * QUERY_LENGTH_LIMIT)
    assert await kitchen.ask(long) != await kitchen.ask(long)


async def test_nothing_is_kept_where_that_is_switched_off() -> None:
    kitchen = Kitchen(keep_s=0)
    assert [await kitchen.ask(), await kitchen.ask()] == ["1", "2"]


@pytest.mark.parametrize("access", [ANYBODY, USER])
def test_an_operation_that_knows_who_asks_cannot_be_shared(access: Access) -> None:
    with pytest.raises(TypeError, match="knows nobody"):

        @operation("GET", "/feed", tag="feed", access=access, shared=True)
        async def read_feed(self: object, call: Call) -> RefreshBody:
            """Read."""
            raise NotImplementedError


def test_an_operation_on_something_named_cannot_be_shared() -> None:
    with pytest.raises(TypeError, match="knows nobody"):

        @operation("GET", "/feeds/{feed}", tag="feed", access=ANYBODY, shared=True)
        async def read_feed(self: object, feed: str) -> RefreshBody:
            """Read."""
            raise NotImplementedError


def test_nothing_of_the_directory_is_told_who_asks() -> None:
    declared = [
        vars(function)["__api_operation__"]
        for function in vars(DirectoryResource).values()
        if hasattr(function, "__api_operation__")
    ]
    assert len(declared) == 6
    assert all(each["shared"] and not each["takes_call"] for each in declared)


async def test_too_many_at_once_are_refused_at_once() -> None:
    load = Load()
    entered = [load.one_more() for _ in range(RUNNING_LIMIT)]
    for each in entered:
        each.__enter__()
    with pytest.raises(ProblemError) as refused, load.one_more():
        pass
    assert refused.value.headers["Retry-After"] == "1"
    entered[0].__exit__(None, None, None)
    with load.one_more():
        pass
    load.close()


async def test_a_loop_that_is_late_is_given_nothing_more() -> None:
    load = Load()
    load.note_late(LATE_LIMIT_S * 1.01)
    with load.one_more():  # a moment's halt
        pass
    load.note_late(LATE_LIMIT_S * 1.01)
    with pytest.raises(ProblemError), load.one_more():
        pass
    load.note_late(0.001)
    with load.one_more():
        pass
    load.close()
