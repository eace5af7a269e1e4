"""The channel side on a real database, with a clock that stands and a world that remembers."""

import pytest

from accounts.storage import Database
from tests.accounts.channels.world import World


@pytest.fixture
async def world(database: Database) -> World:
    """All services, two people and their channels' owner."""
    made = World(database)
    await made.populate()
    return made
