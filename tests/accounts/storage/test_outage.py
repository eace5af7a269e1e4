"""What callers see when the database cannot be had, and that it passes."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import BusyError, Database, SchemaError
from tests.support.postgresql import postgresql_server

rows = Table("rows", MetaData(), Column("n", Integer))


async def count(database: Database) -> int:
    async with database.reading() as connection:
        return (await connection.execute(select(func.count()).select_from(rows))).scalar_one()


async def test_a_server_that_comes_back_is_used_again() -> None:
    with postgresql_server() as server:
        database = await Database.open(server.url("postgres"), connections=3)
        async with database.writing() as connection:
            await connection.run_sync(rows.create)
        server.stop()
        for _ in range(3):
            with pytest.raises(BusyError, match="cannot be"):
                await count(database)
        server.start()
        assert await count(database) == 0
        async with database.writing() as connection:
            await connection.execute(insert(rows).values(n=1))
        assert await count(database) == 1
        await database.close()


async def test_a_server_that_dies_in_the_middle_of_a_transaction_undoes_it() -> None:
    with postgresql_server() as server:
        database = await Database.open(server.url("postgres"))
        async with database.writing() as connection:
            await connection.run_sync(rows.create)

        async def write_until_it_dies() -> None:
            async with database.writing() as connection:
                await connection.execute(insert(rows).values(n=1))
                server.stop()
                await connection.execute(insert(rows).values(n=2))

        with pytest.raises(BusyError):
            await write_until_it_dies()
        server.start()
        assert await count(database) == 0
        await database.close()


async def test_a_database_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(BusyError) as raised:
        await Database.open("postgresql://ann:hunter2@127.0.0.1:1/rillcast")
    assert "cannot be reached" in str(raised.value)
    assert "hunter2" not in str(raised.value)


async def test_a_full_disk_is_said_and_keeps_nothing(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'full.db'}")
    async with database.writing() as connection:
        await connection.run_sync(rows.create)
        await connection.execute(text("PRAGMA max_page_count = 8"))

    async def fill(connection: AsyncConnection) -> None:
        await connection.execute(insert(rows), [{"n": n} for n in range(10_000)])

    with pytest.raises(BusyError, match="cannot be written: database or disk is full"):
        await database.write(fill)
    assert await count(database) == 0
    await database.close()


@pytest.mark.parametrize("url", ["mysql://ann:hunter2@host/x", "hunter2"])
def test_a_url_of_something_else_is_refused(url: str) -> None:
    with pytest.raises(SchemaError) as raised:
        Database.at(url)
    assert "hunter2" not in str(raised.value)


async def test_who_waits_too_long_for_a_turn_is_told_so(database_url: str) -> None:
    database = await Database.open(database_url, connections=1, wait_s=0.2)
    async with database.reading() as held:
        await held.execute(select(1))
        with pytest.raises(BusyError, match="no connection"):
            await count(database)
    async with database.writing() as held:
        await held.execute(select(1))
        with pytest.raises(BusyError):
            async with asyncio.timeout(20), database.writing():
                pass
    async with database.writing() as connection:
        await connection.execute(select(1))
    await database.close()


async def test_another_process_that_writes_to_sqlite_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "accounts.db"
    database = await Database.open(f"sqlite:///{file}")
    async with database.writing() as connection:
        await connection.run_sync(rows.create)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO rows VALUES (1)")

    async def write() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(rows).values(n=2))

    writing = asyncio.create_task(write())
    assert await count(database) == 0  # who reads does not wait
    other.execute("COMMIT")
    other.close()
    await writing
    assert await count(database) == 2
    await database.close()


async def test_values_stay_out_of_errors(database: Database) -> None:
    with pytest.raises(Exception, match="no_such_table") as raised:
        async with database.writing() as connection:
            await connection.execute(
                text("INSERT INTO no_such_table VALUES (:password)"), {"password": "hunter2"}
            )
    assert "hunter2" not in str(raised.value)
