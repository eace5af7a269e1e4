"""Both databases, real ones, and the channel side's world on them."""

from tests.accounts.channels.conftest import world
from tests.accounts.conftest import (
    database,
    database_url,
    empty_url,
    model,
    postgresql,
    pytest_asyncio_loop_factories,
    sqlite_model,
)

__all__ = [
    "database",
    "database_url",
    "empty_url",
    "model",
    "postgresql",
    "pytest_asyncio_loop_factories",
    "sqlite_model",
    "world",
]
