"""Single statements that read: what they return, and what happens when they cannot be made."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    select,
)
from sqlalchemy import insert as insert_into

from accounts.storage import BusyError, Cursor, Database, PreparedList, PreparedRead
from accounts.storage.metadata import JsonText
from accounts.storage.sqlite_reader import SqliteReader
from tests.support.databases import opened_database
from tests.support.postgresql import postgresql_server

rows = Table(
    "rows",
    MetaData(),
    Column("n", Integer, primary_key=True),
    Column("is_odd", Boolean),
    Column("digest", LargeBinary),
    Column("links", JsonText),
    Column("name", Text),
)
BY_NUMBER = PreparedRead(select(rows).where(rows.c.n == bindparam("number"), rows.c.name == "x"))
DOWNWARDS = PreparedList(select(rows.c.n), rows.c.n)
UPWARDS = PreparedList(select(rows.c.n), rows.c.n, ascends=True)


async def fill(database: Database) -> None:
    async with database.writing() as connection:
        await connection.run_sync(rows.create)
        for number in range(5):
            made = {"n": number, "is_odd": number % 2 == 1, "digest": bytes([number]), "name": "x"}
            await connection.execute(insert_into(rows).values(links=[number], **made))


async def test_rows_have_the_types_of_their_columns(database: Database) -> None:
    await fill(database)
    (row,) = await database.fetch(BY_NUMBER, number=3)
    assert (row.n, row.is_odd, bytes(row.digest), row.links) == (3, True, b"\x03", [3])
    assert await database.fetch(BY_NUMBER, number=9) == []


async def test_a_value_that_is_missing_is_an_error(database: Database) -> None:
    with pytest.raises(KeyError, match="number"):
        await database.fetch(BY_NUMBER)


async def test_what_was_committed_is_read_at_once(database: Database) -> None:
    await fill(database)
    async with database.writing() as connection:
        await connection.execute(rows.update().values(links=None))
        (before,) = await database.fetch(BY_NUMBER, number=1)
    (after,) = await database.fetch(BY_NUMBER, number=1)
    assert (before.links, after.links) == ([1], None)


@pytest.mark.parametrize(
    ("wanted", "pages"),
    [(DOWNWARDS, [[4, 3, 2], [2, 1, 0], [0]]), (UPWARDS, [[0, 1, 2], [2, 3, 4], [4]])],
)
async def test_lists_go_on_behind_a_row(
    database: Database, wanted: PreparedList, pages: list[list[int]]
) -> None:
    await fill(database)
    cursor = None
    for page in pages:
        found = [row.n for row in await wanted.fetch(database, cursor, 2)]
        assert found == page
        cursor = Cursor((page[min(1, len(page) - 1)],))


def test_lists_of_values_are_refused_for_they_change_a_statement() -> None:
    statement = PreparedRead(select(rows).where(rows.c.n.in_([1, 2])))
    with pytest.raises(TypeError, match="lists of values"):
        statement.compiled(Database.at("sqlite:///nowhere").engine.dialect)


async def test_a_long_read_is_handed_to_a_thread(tmp_path: Path) -> None:
    file = tmp_path / "rows.db"
    sqlite3.connect(file).close()
    asked: list[Sequence[Any]] = []

    async def in_thread(text: str, arguments: Sequence[Any]) -> list[tuple[int]]:  # noqa: ARG001 - ReadInThread's signature
        asked.append(arguments)
        return [(7,)]

    reader = SqliteReader(file, ["PRAGMA query_only = ON"], in_thread)
    counting = (
        "WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM c WHERE x < ?) "
        "SELECT max(x) FROM c"
    )
    assert await reader.fetch(counting, (10,)) == [(10,)]
    assert asked == []
    assert await reader.fetch(counting, (1_000_000,)) == [(7,)]
    assert asked == [(1_000_000,)]
    assert await reader.fetch(counting, (10,)) == [(10,)]
    await reader.close()


async def test_single_reads_are_made_again_when_postgresql_is_back() -> None:
    with postgresql_server() as server:
        async with opened_database(server.url("postgres")) as database:
            await fill(database)
            assert len(await database.fetch(BY_NUMBER, number=1)) == 1
            server.stop()
            with pytest.raises(BusyError, match="cannot be"):
                await database.fetch(BY_NUMBER, number=1)
            server.start()
            assert len(await database.fetch(BY_NUMBER, number=1)) == 1
