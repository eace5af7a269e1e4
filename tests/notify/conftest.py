"""Both databases, as the tests of accounts have them, and a server on one of them."""

from tests.accounts.conftest import (
    database,
    database_url,
    model,
    postgresql,
    pytest_asyncio_loop_factories,
    sqlite_model,
)

__all__ = [
    "database",
    "database_url",
    "model",
    "postgresql",
    "pytest_asyncio_loop_factories",
    "sqlite_model",
]
