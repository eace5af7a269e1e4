"""Transactions mean the same on both databases."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import BusyError, ConflictError, Database
from accounts.storage.metadata import Id, JsonText
from tests.support.databases import opened_database

WRITERS = 50

both_lengths = pytest.mark.parametrize("is_short", [False, True])

_own = MetaData()
counters = Table("counters", _own, Column("id", Id, primary_key=True), Column("n", Integer))
marks = Table(
    "marks",
    _own,
    Column("id", Id, primary_key=True),
    Column("counter_id", Id, ForeignKey("counters.id", ondelete="CASCADE")),
    Column("note", JsonText),
)


@pytest.fixture
async def prepared(database: Database) -> Database:
    async with database.writing() as connection:
        await connection.run_sync(_own.create_all)
        await connection.execute(insert(counters).values(id="a", n=0))
    return database


async def number(database: Database, counter: str = "a") -> int:
    async with database.reading() as connection:
        found = await connection.execute(select(counters.c.n).where(counters.c.id == counter))
        return int(found.scalar_one())


async def add_one(connection: AsyncConnection) -> None:
    n = (await connection.execute(select(counters.c.n))).scalar_one()
    await asyncio.sleep(0)  # others may come in between, if anything lets them
    await connection.execute(update(counters).values(n=n + 1))


@both_lengths
async def test_no_update_of_fifty_parallel_writers_is_lost(
    prepared: Database, *, is_short: bool
) -> None:
    await asyncio.gather(*(prepared.write(add_one, is_short=is_short) for _ in range(WRITERS)))
    assert await number(prepared) == WRITERS


@both_lengths
async def test_nor_of_writers_in_several_processes(
    prepared: Database, database_url: str, *, is_short: bool
) -> None:
    async with AsyncExitStack() as stack:
        opening = (opened_database(database_url) for _ in range(3))
        others = [await stack.enter_async_context(each) for each in opening]
        await asyncio.gather(
            *(
                each.write(add_one, is_short=is_short)
                for each in (prepared, *others)
                for _ in range(WRITERS // 4)
            )
        )
    assert await number(prepared) == 4 * (WRITERS // 4)


async def test_what_is_counted_before_adding_stays_within_its_limit(prepared: Database) -> None:
    """Two who each see room for one more must not both take it (write skew)."""

    async def take_place(connection: AsyncConnection) -> bool:
        taken = (await connection.execute(select(func.count()).select_from(marks))).scalar_one()
        if taken >= 5:
            return False
        await asyncio.sleep(0)
        await connection.execute(insert(marks).values(id=f"m{next(names)}", counter_id="a"))
        return True

    names = iter(range(1000))
    taken = await asyncio.gather(*(prepared.write(take_place) for _ in range(WRITERS)))
    assert sum(taken) == 5


async def test_what_many_find_missing_is_made_once(prepared: Database) -> None:
    async def ensure(connection: AsyncConnection) -> bool:
        found = await connection.scalar(select(marks.c.id).where(marks.c.id == "m"))
        if found is not None:
            return False
        await asyncio.sleep(0)
        await connection.execute(insert(marks).values(id="m", counter_id="a"))
        return True

    for _ in range(5):
        made = await asyncio.gather(*(prepared.write(ensure) for _ in range(WRITERS)))
        assert sum(made) == 1
        async with prepared.writing() as connection:
            await connection.execute(delete(marks))


async def test_a_duplicate_that_nobody_could_see_is_looked_for_again(prepared: Database) -> None:
    if prepared.is_sqlite:
        return  # has one writer: nobody comes in between
    looks = 0

    async def ensure(connection: AsyncConnection) -> bool:
        nonlocal looks
        looks += 1
        await connection.execute(select(counters.c.n))  # what is seen from now on is settled
        if looks == 1:
            async with prepared.writing() as other:
                await other.execute(insert(marks).values(id="m", counter_id="a"))
        if await connection.scalar(select(marks.c.id).where(marks.c.id == "m")) is not None:
            return False
        await connection.execute(insert(marks).values(id="m", counter_id="a"))
        return True

    assert not await prepared.write(ensure)
    assert looks == 2


async def test_a_constraint_that_is_really_violated_is_told(prepared: Database) -> None:
    async def insert_again(connection: AsyncConnection) -> None:
        await connection.execute(insert(counters).values(id="a", n=1))

    with pytest.raises(IntegrityError):
        await prepared.write(insert_again)


async def test_readers_see_one_moment(prepared: Database) -> None:
    async with prepared.reading() as connection:
        before = (await connection.execute(select(counters.c.n))).scalar_one()
        await prepared.write(add_one)
        assert (await connection.execute(select(counters.c.n))).scalar_one() == before
    assert await number(prepared) == before + 1


async def test_readers_do_not_wait_for_writers(prepared: Database) -> None:
    async with prepared.writing() as connection:
        await connection.execute(update(counters).values(n=9))
        assert await number(prepared) == 0
    assert await number(prepared) == 9


async def test_who_reads_cannot_write(prepared: Database) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"):
        async with prepared.reading() as connection:
            await connection.execute(update(counters).values(n=1))
    assert await number(prepared) == 0


@both_lengths
async def test_a_transaction_that_fails_leaves_nothing(
    prepared: Database, *, is_short: bool
) -> None:
    async def change_and_regret(connection: AsyncConnection) -> None:
        await connection.execute(update(counters).values(n=1))
        raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await prepared.write(change_and_regret, is_short=is_short)
    assert await number(prepared) == 0


async def test_a_writer_who_is_cancelled_leaves_nothing_and_lets_others_in(
    prepared: Database,
) -> None:
    begun = asyncio.Event()

    async def write_and_wait() -> None:
        async with prepared.writing() as connection:
            await connection.execute(update(counters).values(n=1))
            begun.set()
            await asyncio.Event().wait()

    writing = asyncio.create_task(write_and_wait())
    await begun.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await prepared.write(add_one)
    assert await number(prepared) == 1


@both_lengths
async def test_cancelling_anywhere_neither_blocks_nor_loses_writers(
    prepared: Database, *, is_short: bool
) -> None:
    """Each writer is cancelled one step of the loop later than the one before."""
    finished = 0
    for steps in range(40):
        writing = asyncio.create_task(prepared.write(add_one, is_short=is_short))
        for _ in range(steps):
            await asyncio.sleep(0)
        writing.cancel()
        finished += (await asyncio.gather(writing, return_exceptions=True))[0] is None
    await prepared.write(add_one)
    assert await number(prepared) >= finished + 1


async def test_rows_that_hang_on_another_go_with_it(prepared: Database) -> None:
    async with prepared.writing() as connection:
        await connection.execute(insert(marks).values(id="m", counter_id="a"))
        await connection.execute(delete(counters))
        left = (await connection.execute(select(func.count()).select_from(marks))).scalar_one()
    assert left == 0
    with pytest.raises(IntegrityError):
        async with prepared.writing() as connection:
            await connection.execute(insert(marks).values(id="m", counter_id="gone"))


@pytest.mark.parametrize("value", [None, [], {"ä": ["\U0001f600", 1, None, True]}, "text"])
async def test_json_comes_back_as_it_was(prepared: Database, value: object) -> None:
    async with prepared.writing() as connection:
        await connection.execute(insert(marks).values(id="m", counter_id="a", note=value))
        assert (await connection.execute(select(marks.c.note))).scalar_one() == value


async def test_whoever_keeps_losing_is_told_to_wait(prepared: Database) -> None:
    tries = 0

    async def lose(_: AsyncConnection) -> None:
        nonlocal tries
        tries += 1
        raise ConflictError("another writer came first")

    with pytest.raises(BusyError):
        await prepared.write(lose)
    assert tries == 12
