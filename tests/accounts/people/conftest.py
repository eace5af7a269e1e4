"""The people side on a real database of each kind, as a service and behind a real server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from accounts.storage import Database
from tests.accounts.people.browser import ServedPeople, serve_people
from tests.accounts.people.world import PeopleWorld


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[PeopleWorld]:
    made = PeopleWorld(database, tmp_path)
    yield made
    made.close()


@pytest.fixture
async def served(world: PeopleWorld) -> AsyncIterator[ServedPeople]:
    async with serve_people(world) as running:
        yield running
