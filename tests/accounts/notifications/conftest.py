"""Channels, followers and what tells them, on a real database."""

import pytest

from accounts.storage import Database
from tests.accounts.notifications.told_followers import ToldFollowers


@pytest.fixture
async def told(database: Database) -> ToldFollowers:
    """A channel `studio`, nobody follows it yet."""
    made = ToldFollowers(database)
    await made.world.populate()
    await made.world.channel(title="First")
    return made
