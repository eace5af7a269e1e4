"""Transactions on both databases."""

import asyncio

import pytest
from sqlalchemy import Column, Integer, Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import Database
from accounts.storage.metadata import Id, metadata

WRITERS = 50


@pytest.fixture
async def counters(database: Database) -> Table:
    table = Table(
        "counters", type(metadata)(), Column("id", Id, primary_key=True), Column("n", Integer)
    )
    async with database.writing() as connection:
        await connection.run_sync(table.create)
        await connection.execute(insert(table).values(id="a", n=0))
    return table


async def test_no_update_of_fifty_parallel_writers_is_lost(
    database: Database, counters: Table
) -> None:
    async def add_one(connection: AsyncConnection) -> None:
        n = (await connection.execute(select(counters.c.n))).scalar_one()
        await asyncio.sleep(0)
        await connection.execute(update(counters).values(n=n + 1))

    await asyncio.gather(*(database.write(add_one) for _ in range(WRITERS)))
    async with database.reading() as connection:
        assert (await connection.execute(select(counters.c.n))).scalar_one() == WRITERS
