"""One world per test, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from accounts.storage import Database
from tests.accounts.alerts.alerting import Alerting, alerting


@pytest.fixture
async def on(database: Database, tmp_path: Path) -> AsyncIterator[Alerting]:
    async with alerting(database, tmp_path) as made:
        yield made
