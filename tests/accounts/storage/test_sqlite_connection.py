"""The thread of a connection to SQLite."""

import asyncio
import sqlite3
from pathlib import Path
from threading import Event

import pytest

from accounts.storage.sqlite_connection import SqliteConnection


def connection_to(file: Path) -> SqliteConnection:
    return SqliteConnection(file, begin="BEGIN", is_writer=True, pragmas=(), busy_ms=1000)


def test_it_ends_although_the_event_loop_of_those_who_asked_is_closed(tmp_path: Path) -> None:
    """pytest takes what a thread dies of for a failure."""
    may_go_on = Event()
    made: list[SqliteConnection] = []

    async def leave() -> None:
        connection = connection_to(tmp_path / "left.db")
        await connection
        made.append(connection)
        asked = asyncio.create_task(connection.run(lambda _: may_go_on.wait(120)))
        await asyncio.sleep(0)
        asked.cancel()
        connection.stop()

    asyncio.run(leave())
    assert made[0]._thread.is_alive()
    may_go_on.set()
    made[0]._thread.join(120)
    assert not made[0]._thread.is_alive()


async def test_what_goes_wrong_is_raised_where_it_is_waited_for(tmp_path: Path) -> None:
    connection = connection_to(tmp_path / "right.db")
    async with connection:
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await connection.run(lambda opened: opened.execute("SELECT * FROM missing"))
        rows = await connection.run(lambda opened: opened.execute("SELECT 7").fetchall())
    assert rows == [(7,)]
    connection._thread.join(120)
    assert not connection._thread.is_alive()
