"""Reading facts, on both databases: what is not wanted is passed over without a word."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from accounts.facts import Fact, FactKind, write_fact
from accounts.facts.reader import FactReader
from accounts.facts.sequence import is_of, place_facts, reader_position
from accounts.storage import Database


async def write(database: Database, *kinds: FactKind) -> None:
    async def work(connection: AsyncConnection) -> None:
        for number, kind in enumerate(kinds):
            await write_fact(
                connection, kind, channel_id="chn_1", channel="studio", at_ms=number, details={}
            )
        await place_facts(connection, len(kinds))

    await database.write(work)


class Reading:
    """A reader of ended broadcasts, and what it read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.positions: list[int] = []
        self.reader = FactReader(
            database, "test", is_of(FactKind.BROADCAST_ENDED), self._take, lambda: None
        )

    async def stored_position(self) -> int:
        async with self._database.reading() as connection:
            return await reader_position(connection, "test")

    async def _take(self, _: AsyncConnection, found: Sequence[Fact]) -> int:
        self.positions.extend(fact.position for fact in found)
        return len(found)


OTHER, WANTED = FactKind.FOLLOWER_GAINED, FactKind.BROADCAST_ENDED


async def test_only_what_is_wanted_is_read_and_once(database: Database) -> None:
    await write(database, OTHER, WANTED, OTHER, WANTED, OTHER)
    reading = Reading(database)
    assert await reading.reader.step()
    assert not await reading.reader.step()
    assert reading.positions == [2, 4]
    assert await reading.stored_position() == 4
    await write(database, OTHER, WANTED)
    again = Reading(database)
    assert await again.reader.step()
    assert again.positions == [7]
    assert not await reading.reader.step()


async def test_what_is_passed_over_is_written_down_once_in_a_while(database: Database) -> None:
    """Else what is read could never be deleted."""
    reading = Reading(database)
    await write(database, *[OTHER] * 999)
    assert not await reading.reader.step()
    assert await reading.stored_position() == 0
    await write(database, OTHER)
    assert not await reading.reader.step()
    assert await reading.stored_position() == 1000


async def test_passing_over_never_takes_a_reader_back(database: Database) -> None:
    await write(database, *[OTHER] * 1000)
    slow, quick = Reading(database), Reading(database)
    slow.reader._lookout._passed = 500
    await write(database, WANTED)
    assert await quick.reader.step()
    await database.write(slow.reader._lookout._note)
    assert await slow.stored_position() == 1001
