"""Short transactions of SQLite, which are done on the event loop itself."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.storage import Database
from tests.support.databases import opened_database

LARGE = "x" * 20_000


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with opened_database(f"sqlite:///{tmp_path / 'prompt.db'}") as opened:
        async with opened.writing() as connection:
            await connection.execute(text("CREATE TABLE notes (note TEXT)"))
        yield opened


async def note(connection: AsyncConnection) -> None:
    await connection.execute(text("INSERT INTO notes VALUES (:note)"), {"note": LARGE})


async def count(database: Database) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM notes"))).scalar_one())


async def test_they_are_done_in_a_few_turns_of_the_loop(database: Database) -> None:
    await database.write(note, is_short=True)
    writing = asyncio.create_task(database.write(note, is_short=True))
    turns = 0
    while not writing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns <= 5  # SQLAlchemy gives the connection back in a task of its own


@pytest.mark.parametrize("before", [0, 1])
async def test_they_leave_the_loop_alone_while_another_process_has_the_lock(
    database: Database, tmp_path: Path, before: int
) -> None:
    """The first of all finds it already when it connects."""
    for _ in range(before):
        await database.write(note, is_short=True)
    other = sqlite3.connect(tmp_path / "prompt.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE").close()
    writing = asyncio.create_task(database.write(note, is_short=True))
    for _ in range(20):
        assert await count(database) == before
    assert not writing.done()
    other.execute("COMMIT").close()
    other.close()
    await writing
    assert await count(database) == before + 1


async def test_the_log_beside_the_file_does_not_grow_for_ever(
    database: Database, tmp_path: Path
) -> None:
    """Nobody writes otherwise: some of them go the long way, and copy the log into the file."""
    for _ in range(610):
        await database.write(note, is_short=True)
    log_bytes = (tmp_path / "prompt.db-wal").stat().st_size
    assert log_bytes < 300 * len(LARGE)
    assert await count(database) == 610


async def test_what_work_raises_is_raised_at_once_and_undone(database: Database) -> None:
    tries = 0

    async def fail(connection: AsyncConnection) -> None:
        nonlocal tries
        tries += 1
        await note(connection)
        raise sqlite3.IntegrityError("no")

    with pytest.raises(sqlite3.IntegrityError):
        await database.write(fail, is_short=True)
    assert tries == 1
    await database.write(note, is_short=True)
    assert await count(database) == 1
