"""Prepared statements within transactions: what they see, change and refuse on both databases."""

import pytest
from sqlalchemy import Column, MetaData, String, Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import Database, PreparedChange, PreparedRead
from accounts.storage.metadata import JsonText

rows = Table(
    "rows",
    MetaData(),
    Column("name", String(20), primary_key=True),
    Column("note", JsonText),
)
IS_THIS = rows.c.name == bindparam("called")
ADD = PreparedChange(insert(rows), "name", "note")
NOTE = PreparedChange(update(rows).where(IS_THIS).values(note=bindparam("new_note")))
REMOVE = PreparedChange(delete(rows).where(IS_THIS))
NOTE_OF = PreparedRead(select(rows.c.note).where(IS_THIS))


@pytest.fixture
async def filled(database: Database) -> Database:
    async with database.writing() as connection:
        await connection.run_sync(rows.create)
        await ADD.within(connection, name="a", note={"n": 1})
    return database


@pytest.fixture(params=[False, True], ids=["any length", "short"])
def is_short(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


async def test_a_transaction_sees_what_it_has_changed(filled: Database, is_short: bool) -> None:
    async def work(connection: AsyncConnection) -> list[object]:
        assert await NOTE.within(connection, called="a", new_note=[2]) == 1
        assert await NOTE.within(connection, called="nobody", new_note=[2]) == 0
        seen = await NOTE_OF.first_within(connection, called="a")
        assert await REMOVE.within(connection, called="a") == 1
        return [seen.note if seen else None, await NOTE_OF.first_within(connection, called="a")]

    assert await filled.write(work, is_short=is_short) == [[2], None]
    assert await filled.fetch(NOTE_OF, called="a") == []


async def test_statements_of_both_kinds_are_of_one_transaction(
    filled: Database, is_short: bool
) -> None:
    async def work(connection: AsyncConnection) -> None:
        await connection.execute(insert(rows).values(name="b", note=None))
        (found,) = await NOTE_OF.within(connection, called="b")
        assert found.note is None
        await NOTE.within(connection, called="b", new_note="x")
        assert await connection.scalar(select(rows.c.note).where(rows.c.name == "b")) == "x"
        raise LookupError

    with pytest.raises(LookupError):
        await filled.write(work, is_short=is_short)
    assert await filled.fetch(NOTE_OF, called="b") == []


async def test_a_violation_is_told_and_the_connection_is_good_for_the_next(
    filled: Database, is_short: bool
) -> None:
    async def twice(connection: AsyncConnection) -> int:
        return await ADD.within(connection, name="a", note=None)

    async def once(connection: AsyncConnection) -> int:
        return await ADD.within(connection, name="c", note=None)

    with pytest.raises(IntegrityError):
        await filled.write(twice, is_short=is_short)
    assert await filled.write(once, is_short=is_short) == 1
    assert len(await filled.fetch(NOTE_OF, called="c")) == 1
